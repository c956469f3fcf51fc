#include "demo_server.hpp"

#include "page_assets.hpp"

#include "postern/base/time.hpp"

#include <boost/json.hpp>

#include <optional>

namespace postern::app {
namespace {

constexpr std::string_view switch_path = "/demo/mode";

transport::response refusal(unsigned status, std::string_view why)
{
    const json::object body{{"message", why}};
    return transport::make_response(status, json::serialize(body), "application/json");
}

json::object hop_label(std::string_view key, std::string_view label)
{
    return {{"key", key}, {"label", label}};
}

json::array hops_of(mode m)
{
    json::array hops{hop_label("posted", "posted")};
    if (m == mode::websocket)
        hops.push_back(hop_label("delivered", "frame received")); // nothing to verify: we opened the socket
    else
    {
        hops.push_back(hop_label("delivered", "webhook delivered"));
        hops.push_back(hop_label("verified", "verified"));
    }
    hops.push_back(hop_label("handled", "handled"));
    hops.push_back(hop_label("replied", "replied"));
    return hops;
}

// {"mode":"webhook"}
std::optional<mode> wanted_mode(const transport::request& asked)
{
    // A foreign page can't send this type without asking first, and it is not answered then.
    if (transport::media_type(asked.headers.get("Content-Type")) != "application/json")
        return std::nullopt;
    const auto body = parse_json(asked.body, "the wanted mode");
    if (body.has_error() || !body->is_object())
        return std::nullopt;
    return parse_mode(text_or(body->get_object(), "mode"));
}

void publish_hop(demo_feed& feed, std::string_view message, std::string_view hop, wall_time at,
                 std::string_view note)
{
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
    const json::object data{
        {"messageId", message}, {"hop", hop}, {"at", format_time(at)}, {"micros", micros}, {"note", note}};
    feed.publish("hop", json::serialize(data));
}

const demo::asset* find_asset(std::string_view path)
{
    for (const auto& a : demo::page_assets())
        if (a.path == path || (path == "/" && a.path == "/index.html"))
            return &a;
    return nullptr;
}

} // namespace

void demo_server::introduce(const emulator::emulator& cloud, const std::vector<emulator::seed_person>& cast)
{
    json::array people;
    json::object bot;
    for (const auto& [who, organisation, token] : cast)
    {
        json::object one{{"key", who.name},
                         {"name", who.display_name},
                         {"email", who.email},
                         {"organisation", organisation},
                         {"id", cloud.person_id(who.name)}};
        if (who.type == emulator::person_type::person)
        {
            one["token"] = cloud.token(who.name); // the page posts as that person, through the public API
            people.push_back(std::move(one));
        }
        else if (who.name == "bot")
            bot = std::move(one);
    }
    cast_ = json::object{{"bot", bot}, {"people", people}};
}

void demo_server::show(const demo_way& way)
{
    json::object info{{"mode", to_string(way.now)},
                      {"through", way.through},
                      {"switching", way.switching},
                      {"offers", {to_string(mode::websocket), to_string(mode::webhook)}},
                      {"hops", hops_of(way.now)}};
    for (const auto& [key, value] : cast_)
        info[key] = value;
    {
        const std::lock_guard lock(mutex_);
        info_ = json::serialize(info);
    }
    const json::object said{{"mode", to_string(way.now)}, {"switching", way.switching}};
    feed_->publish("mode", json::serialize(said));
}

bool demo_server::serves(std::string_view path) { return path == "/" || path.starts_with("/demo/"); }

transport::http_handler::admission demo_server::admit(const transport::request& head)
{
    const bool switches = head.path() == switch_path;
    if (switches ? head.method == "POST" : head.method == "GET" || head.method == "HEAD")
        return {{}, 1024, {}};
    auto refused = transport::make_response(405, "Method Not Allowed\n", "text/plain");
    refused.headers.add("Allow", switches ? "POST" : "GET, HEAD");
    return {std::move(refused), {}, {}};
}

transport::response demo_server::switch_mode(const transport::request& asked) const
{
    const auto wanted = wanted_mode(asked);
    if (!wanted)
        return refusal(400,
                       "Expected {\"mode\": \"websocket\"} or {\"mode\": \"webhook\"} as application/json");
    if (!ask_(*wanted))
        return refusal(409, "The demo is switching already");
    return transport::make_response(202, "{}", "application/json");
}

// GET /demo/why?id=ID: {"stories": ["event 7: ..."], "over": true}
transport::response demo_server::tell_why(const transport::request& asked) const
{
    std::string id;
    for (const auto& [name, value] : transport::parse_query(asked.query()))
        if (name == "id")
            id = value;
    if (id.empty())
        return refusal(400, "Expected the id of a message: /demo/why?id=...");
    const auto found = known_(id);
    if (found.has_error())
        return refusal(503, describe(found.error()));
    if (found->empty())
        return refusal(404, "The journal knows nothing of it: it has not come in");
    json::array stories;
    bool over = true;
    for (const auto& one : *found)
    {
        stories.push_back(json::string(journal::tell(one)));
        for (const auto& d : one.deliveries)
            over = over && d.how_far != journal::progress::waiting;
    }
    const json::object body{{"stories", std::move(stories)}, {"over", over}};
    auto answer = transport::make_response(200, json::serialize(body), "application/json");
    answer.headers.add("Cache-Control", "no-store");
    return answer;
}

awaitable<transport::response> demo_server::answer(transport::request asked)
{
    const std::string path(asked.path());
    if (path == "/demo/stream")
        co_return feed_->open();
    if (path == switch_path)
        co_return switch_mode(asked);
    if (path == "/demo/why")
        co_return tell_why(asked);
    if (path == "/demo/info")
    {
        const std::lock_guard lock(mutex_);
        co_return transport::make_response(200, info_, "application/json");
    }
    const auto* found = find_asset(path.starts_with("/demo/") ? path.substr(5) : path);
    if (!found)
        co_return transport::make_response(404, "Not Found\n", "text/plain");
    auto answer = transport::make_response(200, std::string(found->body), std::string(found->content_type));
    answer.headers.add("Cache-Control", "no-cache");
    answer.headers.add("X-Content-Type-Options", "nosniff");
    answer.headers.add("Content-Security-Policy",
                       "default-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'self'");
    co_return answer;
}

void publish(demo_feed& feed, const emulator::observed& seen)
{
    const bool submitted = seen.resource == "attachmentActions" && seen.event == "created";
    if (seen.what == "posted" || (seen.what == "activity" && submitted))
        publish_hop(feed, seen.data_id, "posted", seen.at, seen.note);
    if (seen.what == "activity")
    {
        const json::object data{{"resource", seen.resource},
                                {"event", seen.event},
                                {"roomId", seen.room_id},
                                {"id", seen.data_id}};
        feed.publish("activity", json::serialize(data));
    }
}

void publish(demo_feed& feed, const hop_record& h)
{
    publish_hop(feed, h.data_id, to_string(h.what), h.at, h.note);
}

} // namespace postern::app
