#include "postern/emulator/control.hpp"
#include "postern/emulator/shapes.hpp"

namespace postern::emulator {

// What is not named is as at the start, like the other modes.
control_desk::reply control_desk::set_mercury()
{
    constexpr std::int64_t ten_minutes = 600'000;
    constexpr std::int64_t a_day = 86'400'000;
    constexpr std::int64_t most_kept = 4000; // twice that still fits into a socket's outbox
    mercury_mode wanted;
    json::object shown;
    const std::initializer_list<std::pair<std::string_view, bool*>> switches{
        {"duplicate", &wanted.duplicate}, {"reorder", &wanted.reorder},
        {"binary", &wanted.binary},       {"omitIds", &wanted.omit_ids},
        {"silent", &wanted.silent},       {"noPong", &wanted.no_pong},
        {"deaf", &wanted.deaf},           {"wrongPong", &wanted.wrong_pong},
        {"scans", &wanted.scans},         {"sequenceGap", &wanted.sequence_gap}};
    for (const auto& [key, on] : switches)
    {
        const auto flag = flag_in(body_, key);
        if (!flag)
            return refusal{400, "'" + std::string(key) + "' is true or false"};
        shown[key] = *on = flag->value_or(false);
    }
    std::int64_t delay = 0, ready_delay = 0, buffer = 0, buffer_for = 0, limit = 100;
    const std::initializer_list<std::tuple<std::string_view, std::int64_t*, std::int64_t>> numbers{
        {"delayMs", &delay, ten_minutes},
        {"readyDelayMs", &ready_delay, ten_minutes},
        {"buffer", &buffer, most_kept},
        {"bufferMs", &buffer_for, a_day},
        {"limit", &limit, 10'000}};
    for (const auto& [key, value, most] : numbers)
    {
        const auto given = number(body_, key, *value, most);
        if (!given)
            return given.error();
        shown[key] = *value = *given;
    }
    for (const auto& [key, value] : body_)
        if (!shown.contains(key))
            return refusal{400, "'" + printable(key, 60) + "' is not known here"};
    using std::chrono::milliseconds;
    wanted.delay = milliseconds(delay);
    wanted.ready_delay = milliseconds(ready_delay);
    wanted.buffer = static_cast<std::size_t>(buffer);
    wanted.buffer_for = milliseconds(buffer_for);
    c_.switchboard_.mode = wanted;
    c_.devices_.limit(static_cast<std::size_t>(limit));
    return shown;
}

control_desk::reply control_desk::expire_devices()
{
    if (auto no = strange(body_, {"person"}))
        return *no;
    std::vector<std::string> owners;
    if (body_.contains("person"))
    {
        const auto who = person_in("person");
        if (!who)
            return who.error();
        owners.push_back((*who)->uuid);
    }
    else
        for (const auto* d : c_.devices_.all())
            owners.push_back(d->person);
    const auto before = c_.devices_.all().size();
    for (const auto& owner : owners)
        c_.devices_.forget(owner);
    c_.end_unregistered();
    return json::object{{"expired", before - c_.devices_.all().size()}};
}

control_desk::reply control_desk::see_message()
{
    const auto who = person_in("person");
    const auto id = text_in(body_, "messageId");
    if (!who)
        return who.error();
    if (!id)
        return refusal{400, "messageId is a text"};
    auto seen = c_.world_.see(**who, *id);
    if (!seen)
        return seen.error();
    activities_.push_back(std::move(*seen));
    return json::object{{"seen", *id}};
}

control_desk::reply control_desk::set_outage()
{
    const auto on = on_or_off();
    if (!on)
        return on.error();
    c_.outage_ = *on;
    if (*on)
        for (const auto id : c_.switchboard_.sockets())
            c_.switchboard_.end(id, {1006, {}, true});
    return json::object{{"outage", *on}};
}

} // namespace postern::emulator
