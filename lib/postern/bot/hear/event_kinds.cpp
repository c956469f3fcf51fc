#include "postern/base/error.hpp"
#include "postern/bot/commands/registry.hpp"
#include "postern/bot/hear/letters.hpp"

#include <stdexcept>

namespace postern::matching {
namespace {

struct resource
{
    std::string_view name;
    std::string_view events; // each between blanks
};

// protocol/webex-rest.md 5.3. messages:updated is in no table, but comes in websocket mode.
constexpr resource resources[]{{"messages", " created updated deleted "},
                               {"memberships", " created updated deleted "},
                               {"rooms", " created updated deleted migrated "},
                               {"attachmentActions", " created "},
                               {"meetings", " created updated deleted started ended "},
                               {"meetingParticipants", " joined left "},
                               {"meetingTranscripts", " created "},
                               {"recordings", " created updated deleted "},
                               {"convergedRecordings", " created updated deleted "},
                               {"telephony_calls", " created updated deleted "},
                               {"telephony_conference", " created updated deleted "},
                               {"telephony_mwi", " updated "},
                               {"serviceApp", " authorized deauthorized "},
                               {"dataSources", " created updated deleted "},
                               {"adminBatchJobs", " statuschanged "},
                               {"uc_counter", " updated "},
                               {"uc_counters", " updated "}};

[[noreturn]] void refuse(std::string_view kind)
{
    throw std::invalid_argument("postern::bot: Webex has no event \"" + printable(kind, 80) +
                                "\"; one is called \"messages:deleted\", say");
}

} // namespace

std::string kind_name(std::string_view kind) { return folded(kind); }

std::string checked_kind(std::string_view kind)
{
    std::string name = kind_name(trimmed(kind));
    const auto colon = name.find(':');
    if (colon == name.npos || name.find(' ') != name.npos)
        refuse(kind);
    for (const resource& r : resources)
        if (folded(r.name) == name.substr(0, colon) &&
            r.events.find(' ' + name.substr(colon + 1) + ' ') != r.events.npos)
            return name;
    refuse(kind);
}

std::set<std::string> registry::wanted_events() const
{
    std::set<std::string> out{"messages:created", "memberships:created", "attachmentActions:created"};
    const auto want = [&out](const shared_handler& for_it, std::initializer_list<const char*> kinds) {
        if (for_it)
            out.insert(kinds.begin(), kinds.end());
    };
    want(on_removed, {"memberships:deleted"});
    want(on_member_left, {"memberships:deleted"});
    want(on_room, {"rooms:created", "rooms:updated"});
    want(on_edit, {"messages:updated"});
    want(on_delete, {"messages:deleted"});
    for (const auto& [kind, handler] : on_event)
        for (const resource& r : resources)
            if (kind.starts_with(folded(r.name) + ':'))
            {
                const auto event = kind.substr(r.name.size() + 1);
                out.insert(std::string(r.name) + ':' + (event == "statuschanged" ? "statusChanged" : event));
            }
    return out;
}

} // namespace postern::matching
