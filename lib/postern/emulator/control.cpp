#include "postern/emulator/control.hpp"

#include "postern/emulator/routes.hpp"

#include <algorithm>

namespace postern::emulator {

std::optional<refusal> control_desk::strange(const json::object& body,
                                             std::initializer_list<std::string_view> known)
{
    for (const auto& [key, value] : body)
        if (std::find(known.begin(), known.end(), std::string_view(key)) == known.end())
            return refusal{400, "'" + printable(key, 60) + "' is not known here"};
    return std::nullopt;
}

granted<std::int64_t> control_desk::number(const json::object& body, std::string_view key,
                                           std::int64_t otherwise, std::int64_t most)
{
    if (!body.contains(key))
        return otherwise;
    const auto value = get_int(body, key);
    if (!value || *value < 0 || *value > most)
        return refusal{400, "'" + std::string(key) + "' must be a number from 0 to " + std::to_string(most)};
    return *value;
}

const std::vector<control_desk::entry>& control_desk::entries()
{
    using d = control_desk;
    static const std::vector<entry> all{
        {"GET", "", &d::index, "this list"},
        {"GET", "/state", &d::state,
         "everything that is there: people, rooms, webhooks with their status, the logs"},
        {"GET", "/requests", &d::requests,
         "the newest 1000 requests to the API: method, path, status, whose token"},
        {"GET", "/deliveries", &d::deliveries,
         "the newest 1000 deliveries to webhooks and what became of them"},
        {"POST", "/reset", &d::reset, "back to the seed: same people, rooms and tokens, nothing else"},
        {"GET", "/faults", &d::list_faults, "the faults in force"},
        {"POST", "/faults", &d::add_fault,
         "a fault: {method, path, query, remaining, skip, every, status, body, contentType, headers, "
         "delayMs, drop, "
         "truncateAfter, afterEffect}"},
        {"DELETE", "/faults", &d::clear_faults, "no faults any more"},
        {"DELETE", "/faults/{id}", &d::remove_fault, "one fault less"},
        {"POST", "/clock", &d::advance_clock, "{advanceMs}: the cloud's time moves on"},
        {"POST", "/deliveries", &d::set_deliveries,
         "how webhooks are sent: {duplicate, reorder, delayMs, dropNext, modernSignature}"},
        {"POST", "/rate", &d::set_rate,
         "{requestsPerSecond, burst, path, retryAfter, html}: 429 beyond, for each person; with path only "
         "for what begins so; 0 for no limit"},
        {"POST", "/quirks", &d::set_quirks,
         "{linksDropMentionedPeople, linksSayMaxNull, emptyPageFirst, actionsAnswer202, "
         "bareUuidsEverywhere, membershipsWithoutOrganisation: true or people}"},
        {"GET", "/counters", &d::counters,
         "every request since the start: who, method, path, how many, how many walks through a list, "
         "statuses; "
         "tooMany: those the rate limit refused"},
        {"DELETE", "/counters", &d::clear_counters, "counts anew"},
        {"POST", "/organisations", &d::add_organisation, "{name, cluster}: one more organisation"},
        {"POST", "/people", &d::add_human,
         "{name, email, displayName, nickName, organisation, admin, monitor, type}: answers a token; a guest "
         "is of the organisation \"consumer\", monitor is a compliance account, type may be appuser"},
        {"POST", "/bots", &d::add_bot, "the same for a bot"},
        {"POST", "/members", &d::add_member,
         "{room, person, by, moderator, says, mention}: by, else the room's creator, adds the person, who "
         "may "
         "say something in the same instant"},
        {"DELETE", "/members", &d::remove_member,
         "{room, person, by}: by removes the person; without by he leaves"},
        {"POST", "/moderators", &d::set_moderator,
         "{room, person, by, on}: makes a moderator, or unmakes one"},
        {"POST", "/crowd", &d::add_crowd,
         "{members, room or title, with, organisation, domain, outsider, at}: so many new people in a room "
         "(of that title; or in a new one, made by the first of with), the outsider at that place in its "
         "list "
         "of members, as if it had always been so: nobody is told"},
        {"POST", "/rooms", &d::add_rooms,
         "{count, title, members, moderators, outsider, at}: so many group rooms, titled \"title 0\" and on, "
         "the outsider in those of these numbers; nobody is told"},
        {"POST", "/tokens", &d::add_token,
         "{person, scopes}: one more token; without scopes it may do everything"},
        {"POST", "/tokens/expire", &d::expire_tokens,
         "{person}: none of the person's tokens is valid any more"},
        {"POST", "/messages", &d::say,
         "{person, room or to, text, mention, parentId}: posts as an app does; text may mention in the API's "
         "syntax"},
        {"POST", "/press", &d::press_card, "{person, messageId, action, inputs}: presses a button of a card"},
        {"POST", "/contents", &d::scan_next,
         "{state, answers, then, retryAfter}: the scan of files yet to come"},
        {"POST", "/contents/{id}", &d::scan_content,
         "the same for one file: clean, scanning, infected, unscannable"},
        {"POST", "/seen", &d::see_message, "{person, messageId}: the person has read up to that message"},
        {"GET", "/sockets", &d::list_sockets,
         "the open websockets: person, device, since, authorised, frames sent, what was acknowledged"},
        {"POST", "/sockets/close", &d::close_sockets,
         "{person, code, reason, next}: ends them with a close frame; with next so many that come do not "
         "become ready but end so; without person all"},
        {"POST", "/sockets/cut", &d::cut_sockets, "{person}: the connection is gone, without a close frame"},
        {"POST", "/sockets/stall", &d::stall_sockets,
         "{person, on}: open ones neither read nor write any more (half-open), or do again"},
        {"POST", "/frames", &d::send_frame,
         "{person, text or base64 or size, binary}: a frame just so, whether it makes sense or not"},
        {"POST", "/shutdown-notice", &d::announce_shutdown,
         "{person, withinMs}: a shutdown frame, then 4001 once a newer socket is ready, or after that time"},
        {"POST", "/mercury", &d::set_mercury,
         "how frames are sent: {duplicate, reorder, delayMs, readyDelayMs, binary, omitIds, silent, noPong, "
         "wrongPong, sequenceGap, scans}; what is kept without a socket: {buffer, bufferMs}; registrations: "
         "{limit, deaf}"},
        {"POST", "/devices/expire", &d::expire_devices,
         "{person}: the registrations are gone, their sockets end with 4404"},
        {"POST", "/outage", &d::set_outage,
         "{on}: every request but those to this API is dropped without a byte, all sockets are cut, until "
         "{on: false}"},
    };
    return all;
}

cloud::settled control_desk::answer(const transport::request& r)
{
    constexpr std::string_view prefix = "/_emulator";
    const auto host = r.headers.get("Host");
    origin_ = "http://" + std::string(host.empty() ? "localhost" : host);
    refusal no{404, "There is no such thing; GET /_emulator/ lists what there is."};
    cloud::settled s;
    for (const auto& e : entries())
    {
        auto captured = match_path(std::string(prefix) + std::string(e.path), r.path());
        if (!captured)
            continue;
        no = {405, "Not with that method; GET /_emulator/ lists what there is."};
        if (e.method != r.method)
            continue;
        captured_ = std::move(*captured);
        auto parsed = r.body.empty() ? result<json::value>(json::value(json::object()))
                                     : parse_json(r.body, "the body");
        auto* body = parsed ? parsed->if_object() : nullptr;
        auto done = body ? (body_ = std::move(*body), (this->*e.handle)())
                         : reply(refusal{400, "The body must be a JSON object."});
        s.response = done ? json_response(*done) : error_response(done.error());
        finish(s.response);
        c_.settle(activities_, s);
        return s;
    }
    s.response = error_response(no);
    finish(s.response);
    return s;
}

control_desk::reply control_desk::index()
{
    json::object words;
    for (const auto& e : entries())
        words[std::string(e.method) + " /_emulator" + std::string(e.path.empty() ? "/" : e.path)] = e.words;
    json::object all;
    all["what"] =
        "The control API of postern's emulator of the Webex cloud. The cloud's own API is under /v1/.";
    all["endpoints"] = std::move(words);
    return all;
}

control_desk::reply control_desk::reset()
{
    c_.rebuild();
    return json::object{{"reset", true}};
}

control_desk::reply control_desk::list_faults() { return json::object{{"items", c_.faults.dump()}}; }

control_desk::reply control_desk::add_fault()
{
    const auto id = c_.faults.add(body_);
    if (!id)
        return refusal{400, id.error().ours.empty() ? describe(id.error()) : id.error().ours};
    return json::object{{"id", *id}};
}

control_desk::reply control_desk::clear_faults()
{
    c_.faults.clear();
    return json::object{{"items", json::array()}};
}

control_desk::reply control_desk::remove_fault()
{
    if (!c_.faults.remove(captured_[0]))
        return refusal{404, "There is no fault of that id."};
    return json::object{{"items", c_.faults.dump()}};
}

control_desk::reply control_desk::advance_clock()
{
    constexpr std::int64_t ten_years = 315'360'000'000;
    if (auto no = strange(body_, {"advanceMs"}))
        return *no;
    const auto by = number(body_, "advanceMs", 0, ten_years);
    if (!by)
        return by.error();
    if (c_.world_.ahead() > std::chrono::milliseconds(ten_years))
        return refusal{400, "The clock has gone far enough; reset."};
    c_.world_.advance(std::chrono::milliseconds(*by));
    return json::object{{"now", format_time(c_.world_.now())}};
}

control_desk::reply control_desk::set_deliveries()
{
    constexpr std::int64_t ten_minutes = 600'000;
    if (auto no = strange(body_, {"duplicate", "reorder", "delayMs", "dropNext", "modernSignature"}))
        return *no;
    const auto duplicate = flag_in(body_, "duplicate");
    const auto reorder = flag_in(body_, "reorder");
    const auto modern = flag_in(body_, "modernSignature");
    const auto delay = number(body_, "delayMs", 0, ten_minutes);
    const auto drop = number(body_, "dropNext", 0, 1'000'000);
    if (!duplicate || !reorder || !modern)
        return refusal{400, "duplicate, reorder and modernSignature are true or false"};
    if (!delay || !drop)
        return !delay ? delay.error() : drop.error();
    c_.mode_ = {duplicate->value_or(false), reorder->value_or(false), std::chrono::milliseconds(*delay),
                static_cast<unsigned>(*drop)};
    c_.modern_signature_ = modern->value_or(false);
    if (c_.set_mode_)
        c_.set_mode_(c_.mode_);
    return json::object{{"duplicate", c_.mode_.duplicate},
                        {"reorder", c_.mode_.reorder},
                        {"delayMs", *delay},
                        {"dropNext", *drop},
                        {"modernSignature", c_.modern_signature_}};
}

control_desk::reply control_desk::set_rate()
{
    if (auto no = strange(body_, {"requestsPerSecond", "burst", "path", "retryAfter", "html"}))
        return *no;
    const auto decimal = [&](std::string_view key, double otherwise) -> std::optional<double> {
        const auto* member = body_.if_contains(key);
        if (!member)
            return otherwise;
        boost::system::error_code not_a_number;
        const auto value = member->to_number<double>(not_a_number);
        return not_a_number || value < 0 || value > 1e9 ? std::nullopt : std::optional<double>(value);
    };
    const auto rate = decimal("requestsPerSecond", 0);
    const auto burst = decimal("burst", rate.value_or(1));
    const auto path = text_in(body_, "path");
    const auto retry = text_in(body_, "retryAfter");
    const auto html = flag_in(body_, "html");
    if (!rate || !burst || !path || !retry || !html)
        return refusal{400, "requestsPerSecond and burst are numbers, path and retryAfter are texts, html is "
                            "true or false"};
    if (retry->find_first_of("\r\n") != std::string::npos)
        return refusal{400, "retryAfter must fit into a header"};
    c_.rate_.set({*rate, *burst, *retry, *path, html->value_or(false)});
    return json::object{{"requestsPerSecond", *rate}, {"burst", *burst}, {"path", *path}};
}

// true or false, or one person, or an array of people.
granted<untold_organisations> control_desk::people_without_organisation(std::string_view key) const
{
    untold_organisations whose;
    const auto* given = body_.if_contains(key);
    if (!given || given->is_bool())
    {
        whose.of_all = given && given->get_bool();
        return whose;
    }
    if (given->is_string())
    {
        const auto one = person_in(key);
        if (!one)
            return one.error();
        whose.people.insert((*one)->uuid);
        return whose;
    }
    const auto several = people_in(key);
    if (!several)
        return several.error();
    for (const auto* who : *several)
        whose.people.insert(who->uuid);
    return whose;
}

control_desk::reply control_desk::set_quirks()
{
    quirks wanted;
    json::object shown;
    const std::initializer_list<std::pair<std::string_view, bool*>> switches{
        {"linksDropMentionedPeople", &wanted.links_drop_mentioned_people},
        {"linksSayMaxNull", &wanted.links_say_max_null},
        {"emptyPageFirst", &wanted.empty_page_first},
        {"actionsAnswer202", &wanted.actions_answer_202},
        {"bareUuidsEverywhere", &wanted.bare_uuids_everywhere}};
    for (const auto& [key, on] : switches)
    {
        const auto flag = flag_in(body_, key);
        if (!flag)
            return refusal{400, "'" + std::string(key) + "' is true or false"};
        shown[key] = *on = flag->value_or(false);
    }
    constexpr std::string_view untold = "membershipsWithoutOrganisation";
    auto whose = people_without_organisation(untold);
    if (!whose)
        return whose.error();
    if (const auto* given = body_.if_contains(untold))
        shown[untold] = *given;
    for (const auto& [key, value] : body_)
        if (!shown.contains(key))
            return refusal{400, "'" + printable(key, 60) + "' is not known here"};
    c_.rest_.odd = wanted;
    c_.world_.tell_no_organisation(std::move(*whose));
    return shown;
}

} // namespace postern::emulator
