#include "postern/emulator/control.hpp"
#include "postern/emulator/shapes.hpp"

namespace postern::emulator {
namespace {

json::object described(const room& r, const world& w)
{
    json::object o;
    o["id"] = id_of(r);
    o["title"] = r.title;
    o["type"] = r.type == room_type::direct ? "direct" : "group";
    o["isLocked"] = r.locked;
    json::array members, moderators;
    for (const auto* m : w.members(r.uuid))
        if (const auto* who = w.find_person(m->person))
        {
            members.emplace_back(who->name.empty() ? who->email : who->name);
            if (m->moderator)
                moderators.push_back(members.back());
        }
    o["members"] = std::move(members);
    o["moderators"] = std::move(moderators);
    o["messages"] = w.timeline(r.uuid).size();
    return o;
}

json::object described(const person& p)
{
    json::object o;
    o["name"] = p.name;
    o["id"] = person_id(p.uuid);
    o["email"] = p.email;
    o["type"] = to_string(p.type);
    o["orgId"] = organisation_id(p.org);
    if (p.monitor)
        o["isMonitor"] = true;
    return o;
}

} // namespace

control_desk::reply control_desk::requests()
{
    json::array items;
    for (const auto& n : c_.requests_)
        items.push_back(json::object{{"at", format_time(n.at)},
                                     {"who", n.who},
                                     {"method", n.method},
                                     {"path", n.target},
                                     {"status", n.status}});
    return json::object{{"items", std::move(items)}};
}

control_desk::reply control_desk::deliveries()
{
    json::array items;
    for (const auto& n : c_.deliveries_)
    {
        json::object o;
        o["at"] = format_time(n.about.at);
        o["webhookId"] = n.webhook;
        o["name"] = n.about.note;
        o["resource"] = n.about.resource;
        o["event"] = n.about.event;
        o["dataId"] = n.about.data_id;
        o["ended"] = n.ended;
        if (n.ended)
        {
            o["status"] = n.about.status;
            o["tookMs"] = n.took.count();
        }
        if (!n.problem.empty())
            o["problem"] = n.problem;
        items.push_back(std::move(o));
    }
    return json::object{{"items", std::move(items)}};
}

control_desk::reply control_desk::counters() { return c_.counters_.dump(); }

control_desk::reply control_desk::clear_counters()
{
    c_.counters_.clear();
    return c_.counters_.dump();
}

json::array control_desk::devices_shown() const
{
    json::array shown;
    for (const auto* d : c_.devices_.all())
    {
        const auto* owner = c_.world_.find_person(d->person);
        json::object o;
        o["id"] = d->id;
        o["registration"] = d->registration;
        o["person"] = owner ? owner->name : std::string();
        o["name"] = text_or(d->given, "name");
        o["deviceType"] = text_or(d->given, "deviceType");
        o["created"] = format_time(d->created);
        o["modified"] = format_time(d->modified);
        o["hears"] = !d->elsewhere && !c_.switchboard_.deaf(d->registration);
        shown.push_back(std::move(o));
    }
    return shown;
}

control_desk::reply control_desk::state()
{
    const auto& w = c_.world_;
    json::object o;
    o["now"] = format_time(w.now());
    o["aheadMs"] = w.ahead().count();
    json::array organisations, people, rooms, webhooks;
    for (const auto& [uuid, org] : w.organisations())
        organisations.push_back(
            json::object{{"name", org.name}, {"id", organisation_id(uuid)}, {"cluster", org.cluster}});
    for (const auto& [uuid, p] : w.people())
        people.push_back(described(p));
    for (const auto* r : w.rooms())
        rooms.push_back(described(*r, w));
    for (const auto* hook : w.webhooks())
    {
        auto shown = show(*hook, w);
        shown.erase("secret");
        webhooks.push_back(std::move(shown));
    }
    o["organisations"] = std::move(organisations);
    o["people"] = std::move(people);
    o["rooms"] = std::move(rooms);
    o["webhooks"] = std::move(webhooks);
    o["devices"] = devices_shown();
    o["sockets"] = sockets_shown();
    o["faults"] = c_.faults.dump();
    o["deliveries"] = deliveries()->at("items");
    o["requests"] = requests()->at("items");
    return o;
}

} // namespace postern::emulator
