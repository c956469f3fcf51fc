#include "postern/emulator/world.hpp"

#include <charconv>

namespace postern::emulator {
namespace {

struct content_place
{
    std::string message; // UUID
    std::size_t index = 0;
};

std::optional<content_place> place_of(const reference& ref)
{
    const auto slash = ref.native.find('/');
    if (slash == std::string::npos)
        return std::nullopt;
    content_place place{ref.native.substr(0, slash), 0};
    const char* end = ref.native.data() + ref.native.size();
    const auto read = std::from_chars(ref.native.data() + slash + 1, end, place.index);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return place;
}

} // namespace

content* world::find_content(std::string_view id)
{
    const auto ref = read_reference(id, "CONTENT");
    const auto place = ref ? place_of(*ref) : std::nullopt;
    const auto found = place ? messages_.find(place->message) : messages_.end();
    if (found == messages_.end() || !names(*ref, found->second.cluster))
        return nullptr;
    auto& files = found->second.files;
    return place->index < files.size() ? &files[place->index] : nullptr;
}

granted<const content*> world::open_content(const person& who, std::string_view id, bool allow_unscannable)
{
    auto* file = find_content(id);
    if (!file || !can_see(who, *find_message(place_of(*read_reference(id, "CONTENT"))->message)))
        return refused::not_found();

    auto& s = file->scanned;
    switch (s.state)
    {
    case scan_state::clean: return file;
    case scan_state::infected: return refusal{410, "The file was found to be infected."};
    case scan_state::unscannable:
        if (allow_unscannable)
            return file;
        return refusal{428, "The file cannot be scanned for malware."};
    case scan_state::scanning: break;
    }
    refusal wait{423, "The file is being scanned for malware."};
    if (s.answers > 0 && --s.answers == 0)
        s.state = s.then;
    return wait;
}

granted<change<attachment_action>> world::submit(const person& actor, std::string_view message_id,
                                                 json::object inputs)
{
    const auto found = message_of(actor, message_id);
    if (!found)
        return found.error();
    const auto& m = **found;
    if (m.attachments.empty())
        return refusal{
            400, "Unable to post attachment action: \"MessageId should point to an activity with cards\""};
    if (m.author == actor.uuid)
        return refusal{
            400,
            "Unable to post attachment action: \"Author of a card cannot submit a cardAction on that card\""};

    auto& r = *mutable_room(m.room);
    attachment_action a{uuids_.next(now()), m.cluster,         m.uuid,  m.room,
                        actor.uuid,         std::move(inputs), stamp(r)};
    auto told = happened("attachmentActions", "created", actor, r);
    told.audience = {m.author}; // submissions on cards it posted (protocol/webex-rest.md 5.4)
    told.subject = a;
    change<attachment_action> done{actions_.emplace(a.uuid, a).first->second, {}};
    done.activities.push_back(std::move(told));
    return done;
}

const attachment_action* world::find_action(std::string_view uuid) const
{
    const auto found = actions_.find(uuid);
    return found == actions_.end() ? nullptr : &found->second;
}

granted<const attachment_action*> world::action_of(const person& who, std::string_view id) const
{
    const refusal none{404, "Unable to get attachment action."};
    const auto ref = read_reference(id, "ATTACHMENT_ACTION");
    if (!ref)
        return ref.error().status == 404 ? none : ref.error();
    const auto* found = find_action(ref->native);
    if (!found || !names(*ref, found->cluster))
        return none;
    const auto* card = find_message(found->message);
    if (found->person != who.uuid && !(card && can_see(who, *card)))
        return none;
    return found;
}

} // namespace postern::emulator
