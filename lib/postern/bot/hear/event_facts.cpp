#include "postern/bot/hear/event_facts.hpp"

#include "postern/base/json.hpp"
#include "postern/webex/read_types.hpp"

namespace postern::matching {

void tell_facts(conversation& c)
{
    const event& what = c.asked.what;
    c.sender_id = what.actor;
    const auto body = parse_json(what.body, "reading an envelope");
    const auto* root = body ? body->if_object() : nullptr;
    const auto* data = root ? get_object(*root, "data") : nullptr;
    if (!data)
        return;
    c.message.room_type = text_or(*data, "roomType");
    const std::string person = text_or(*data, "personId");
    const std::string email = text_or(*data, "personEmail");
    if (person == what.actor)
        c.sender_email = email;
    if (what.resource == "memberships")
        webex::read(*data, c.asked.member);
    if (what.resource == "messages")
    {
        c.message.id = what.data_id;
        c.message.person_id = person;
        c.message.person_email = email;
        c.message.parent_id = text_or(*data, "parentId");
    }
}

} // namespace postern::matching
