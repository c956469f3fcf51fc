#include "postern/emulator/routes.hpp"
#include "postern/emulator/shapes.hpp"

// The lookups that turn an activity's UUID into a public id without knowing its cluster
// (protocol/mercury.md 7.4), and where SDKs leave their metrics.

namespace postern::emulator {

granted<transport::response> look_up_message(call& c)
{
    const auto* m = c.state.find_message(c.captured[0]);
    if (!m || !c.state.can_see(c.who, *m))
        return refused::not_found();
    return json_response(show(*m, c.state, c.api()));
}

granted<transport::response> look_up_action(call& c)
{
    const auto* a = c.state.find_action(c.captured[0]);
    const auto visible = a ? c.state.action_of(c.who, id_of(*a)) : refused::not_found();
    if (!visible)
        return visible.error();
    return json_response(show(**visible));
}

granted<transport::response> take_metrics(call&) { return no_content(); }

} // namespace postern::emulator
