#include "postern/emulator/routes.hpp"
#include "postern/emulator/shapes.hpp"

namespace postern::emulator {

granted<transport::response> create_action(call& c)
{
    const auto body = body_of(c);
    if (!body)
        return body.error();
    const auto type = text_in(*body, "type");
    const auto id = text_in(*body, "messageId");
    if (!type || !id || *type != "submit" || id->empty())
        return refused::malformed();
    const auto* member = body->if_contains("inputs");
    const auto* inputs = member ? member->if_object() : nullptr;
    if (member && !member->is_null() && !inputs)
        return refused::malformed();
    auto done = c.state.submit(c.who, *id, inputs ? *inputs : json::object());
    if (!done)
        return done.error();
    c.activities = std::move(done->activities);
    return json_response(show(done->value), c.odd.actions_answer_202 ? 202 : 200);
}

granted<transport::response> get_action(call& c)
{
    const auto found = c.state.action_of(c.who, c.captured[0]);
    if (!found)
        return found.error();
    return json_response(show(**found));
}

} // namespace postern::emulator
