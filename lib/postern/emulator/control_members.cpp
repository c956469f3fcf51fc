#include "postern/emulator/control.hpp"
#include "postern/emulator/shapes.hpp"

#include <algorithm>
#include <iterator>

namespace postern::emulator {
namespace {

constexpr std::int64_t most_made = 5000; // people, or rooms, by one call

} // namespace

granted<const room*> control_desk::room_in(std::string_view key) const
{
    const auto text = text_in(body_, key);
    const auto* found = text ? c_.world_.room_titled(*text) : nullptr;
    if (const auto ref = read_reference(text ? *text : std::string(), "ROOM"); !found && ref)
        found = c_.world_.find_room(ref->native);
    if (!found)
        return refusal{404, "'" + std::string(key) + "' must be the title of a group room, or a room's id"};
    return found;
}

// Who does it: `by`, or otherwise whoever is named here.
granted<const person*> control_desk::actor_in(std::string_view otherwise) const
{
    if (body_.contains("by"))
        return person_in("by");
    const auto* who = c_.world_.find_person(otherwise);
    if (!who)
        return refusal{400, "'by' must say who does it"};
    return who;
}

granted<std::vector<const person*>> control_desk::people_in(std::string_view key) const
{
    std::vector<const person*> all;
    const auto* given = body_.if_contains(key);
    if (!given)
        return all;
    const refusal no{400, "'" + std::string(key) + "' must be an array of people who are there, none twice"};
    const auto* names = given->if_array();
    if (!names)
        return no;
    for (const auto& name : *names)
    {
        const auto* text = name.if_string();
        const auto* who = text ? known_as(c_.world_, *text) : nullptr;
        if (!who || std::find(all.begin(), all.end(), who) != all.end())
            return no;
        all.push_back(who);
    }
    return all;
}

// One number or several.
granted<std::vector<std::int64_t>> control_desk::places_in(std::int64_t least, std::int64_t most) const
{
    std::vector<std::int64_t> all;
    const auto* given = body_.if_contains("at");
    if (!given)
        return all;
    const auto takes = [&](const json::value& v) {
        const auto* number = v.if_int64();
        if (number && *number >= least && *number <= most)
            all.push_back(*number);
        return number && *number >= least && *number <= most;
    };
    const auto* several = given->if_array();
    if (several ? std::all_of(several->begin(), several->end(), takes) : takes(*given))
        return all;
    return refusal{400, "'at' must be a number from " + std::to_string(least) + " to " +
                            std::to_string(most) + ", or an array of such"};
}

control_desk::reply control_desk::add_member()
{
    if (auto no = strange(body_, {"room", "person", "by", "moderator", "says", "mention"}))
        return *no;
    const auto where = room_in("room");
    const auto who = person_in("person");
    const auto moderator = flag_in(body_, "moderator");
    const auto says = text_in(body_, "says");
    if (!where || !who)
        return where ? who.error() : where.error();
    if (!moderator || !says)
        return refusal{400, "moderator is true or false, says is a text"};
    const auto by = actor_in((*where)->creator);
    if (!by)
        return by.error();
    const person* mention = nullptr;
    if (body_.contains("mention"))
    {
        const auto whom = person_in("mention");
        if (!whom)
            return whom.error();
        mention = *whom;
    }

    auto done = c_.world_.add_member(**by, id_of(**where), **who, moderator->value_or(false));
    if (!done)
        return done.error();
    activities_ = std::move(done->activities);
    json::object shown{{"membership", show(done->value, c_.world_)}};
    if (says->empty())
        return shown;
    auto d = said_by_app(*says, mention);
    d.room = (*where)->uuid;
    auto posted = c_.world_.post(**who, std::move(d));
    if (!posted)
        return posted.error();
    shown["message"] = show(posted->value, c_.world_, origin_ + "/v1");
    std::move(posted->activities.begin(), posted->activities.end(), std::back_inserter(activities_));
    return shown;
}

granted<const membership*> control_desk::membership_in() const
{
    const auto where = room_in("room");
    const auto who = person_in("person");
    if (!where || !who)
        return where ? who.error() : where.error();
    const auto* found = c_.world_.find_membership((*where)->uuid, (*who)->uuid);
    if (!found)
        return refusal{404, "User is not a participant of the room."};
    return found;
}

control_desk::reply control_desk::remove_member()
{
    if (auto no = strange(body_, {"room", "person", "by"}))
        return *no;
    const auto found = membership_in();
    if (!found)
        return found.error();
    const auto by = actor_in((*found)->person);
    if (!by)
        return by.error();
    auto done = c_.world_.remove_member(**by, id_of(**found));
    if (!done)
        return done.error();
    activities_ = std::move(*done);
    return json::object{{"removed", true}};
}

control_desk::reply control_desk::set_moderator()
{
    if (auto no = strange(body_, {"room", "person", "by", "on"}))
        return *no;
    const auto found = membership_in();
    const auto on = on_or_off();
    if (!found || !on)
        return found ? on.error() : found.error();
    const auto by = actor_in(c_.world_.find_room((*found)->room)->creator);
    if (!by)
        return by.error();
    auto done = c_.world_.update_membership(**by, id_of(**found), *on, std::nullopt);
    if (!done)
        return done.error();
    activities_ = std::move(done->activities);
    return show(done->value, c_.world_);
}

// A group room, made so that nobody is told.
granted<const room*> control_desk::found_quietly(const std::string& title,
                                                 const std::vector<const person*>& members,
                                                 const std::vector<const person*>& moderators)
{
    room_wish wish;
    wish.title = title;
    wish.locked = !moderators.empty();
    const auto made = c_.world_.create_room(*members.at(0), wish);
    if (!made)
        return made.error();
    const auto* where = c_.world_.find_room(made->value.uuid);
    for (std::size_t i = 1; i < members.size(); ++i)
        if (const auto in = c_.world_.settle_in(*where, *members[i],
                                                std::find(moderators.begin(), moderators.end(), members[i]) !=
                                                    moderators.end());
            !in)
            return in.error();
    return where;
}

// Everything is read and checked before anything is made.
control_desk::reply control_desk::add_crowd()
{
    if (auto no =
            strange(body_, {"members", "room", "title", "with", "organisation", "domain", "outsider", "at"}))
        return *no;
    auto& w = c_.world_;
    const auto title = text_in(body_, "title");
    const auto organisation_name = text_in(body_, "organisation");
    const auto domain = text_in(body_, "domain");
    const auto with = people_in("with");
    if (!title || !organisation_name || !domain)
        return refusal{400, "title, organisation and domain are texts"};
    if (!with)
        return with.error();
    const auto org = organisation_of(*organisation_name);
    if (!org)
        return org.error();
    const person* outsider = nullptr;
    if (body_.contains("outsider"))
    {
        const auto named = person_in("outsider");
        if (!named)
            return named.error();
        outsider = *named;
    }
    const room* where = nullptr;
    if (body_.contains("room"))
    {
        const auto named = room_in("room");
        if (!named)
            return named.error();
        where = *named;
    }
    if (where ? !with->empty() || where->type == room_type::direct : with->empty())
        return refusal{400, "either 'room', a group room, or 'with', of whom the first makes a new one"};
    const bool is_in = outsider && (where ? w.find_membership(where->uuid, outsider->uuid) != nullptr
                                          : std::find(with->begin(), with->end(), outsider) != with->end());
    if (is_in)
        return refusal{409, "The outsider is in the room already."};
    const auto there = static_cast<std::int64_t>(where ? w.members(where->uuid).size() : with->size());
    const auto wanted = number(body_, "members", 0, most_made);
    if (!wanted)
        return wanted.error();
    if (*wanted < there + (outsider ? 1 : 0))
        return refusal{400,
                       "'members' must be how many the room has in the end, those who are named included"};
    const auto place = places_in(there, *wanted - 1);
    if (!place || place->size() > 1)
        return place ? refusal{400, "'at' is one number here"} : place.error();

    if (!where)
    {
        const auto made = found_quietly(title->empty() ? "Crowd" : *title, *with, {});
        if (!made)
            return made.error();
        where = *made;
    }
    const auto of_outsider = !outsider ? -1 : place->empty() ? *wanted - 1 : place->front();
    for (auto i = there; i < *wanted; ++i)
    {
        const auto* who = outsider;
        if (i != of_outsider)
        {
            const auto made = w.add(one_of_many(*org, domain->empty() ? "example.com" : *domain));
            if (!made)
                return made.error();
            who = *made;
        }
        if (const auto in = w.settle_in(*where, *who); !in)
            return in.error();
    }
    return json::object{{"roomId", id_of(*where)}, {"members", *wanted}};
}

person control_desk::one_of_many(std::string org, const std::string& domain) const
{
    const auto n = std::to_string(c_.world_.people().size());
    person p;
    p.name = "crowd-" + n;
    p.email = p.name + '@' + domain;
    p.display_name = "Crowd " + n;
    p.nick_name = "Crowd";
    p.org = std::move(org);
    return p;
}

control_desk::reply control_desk::add_rooms()
{
    if (auto no = strange(body_, {"count", "title", "members", "moderators", "outsider", "at"}))
        return *no;
    const auto count = number(body_, "count", 0, most_made);
    const auto title = text_in(body_, "title");
    const auto members = people_in("members");
    const auto moderators = people_in("moderators");
    if (!count || !title)
        return title ? count.error() : refusal{400, "'title' is a text"};
    if (!members || !moderators)
        return members ? moderators.error() : members.error();
    if (*count == 0 || members->empty())
        return refusal{400, "'count' says how many, 'members' who is in them; the first makes them"};
    for (const auto* m : *moderators)
        if (std::find(members->begin(), members->end(), m) == members->end())
            return refusal{400, "'moderators' must be among the members"};
    const auto bad = places_in(0, *count - 1);
    if (!bad)
        return bad.error();
    const person* outsider = nullptr;
    if (body_.contains("outsider"))
    {
        const auto named = person_in("outsider");
        if (!named)
            return named.error();
        outsider = *named;
    }
    if (outsider ? bad->empty() || std::find(members->begin(), members->end(), outsider) != members->end()
                 : !bad->empty())
        return refusal{400, "'outsider', who is no member, and 'at' go together"};

    json::array ids;
    for (std::int64_t i = 0; i < *count; ++i)
    {
        const auto made = found_quietly((title->empty() ? "Room" : *title) + ' ' + std::to_string(i),
                                        *members, *moderators);
        if (!made)
            return made.error();
        ids.emplace_back(id_of(**made));
        if (std::find(bad->begin(), bad->end(), i) != bad->end())
            if (const auto in = c_.world_.settle_in(**made, *outsider); !in)
                return in.error();
    }
    return json::object{{"items", std::move(ids)}};
}

} // namespace postern::emulator
