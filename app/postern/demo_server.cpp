#include "demo_server.hpp"

#include "page_assets.hpp"

#include "postern/base/time.hpp"

#include <boost/json.hpp>

namespace postern::app {
namespace {

namespace json = boost::json;

json::object hop_label(std::string_view key, std::string_view label)
{
    return {{"key", key}, {"label", label}};
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
    json::array hops{hop_label("posted", "posted")};
    if (mode_ == "websocket")
        hops.push_back(hop_label("delivered", "frame received")); // nothing to verify: we opened the socket
    else
    {
        hops.push_back(hop_label("delivered", "webhook delivered"));
        hops.push_back(hop_label("verified", "verified"));
    }
    hops.push_back(hop_label("handled", "handled"));
    hops.push_back(hop_label("replied", "replied"));
    info_ = json::serialize(json::object{{"mode", mode_}, {"bot", bot}, {"people", people}, {"hops", hops}});
}

bool demo_server::serves(std::string_view path) { return path == "/" || path.starts_with("/demo/"); }

transport::http_handler::admission demo_server::admit(const transport::request& head)
{
    if (head.method == "GET" || head.method == "HEAD")
        return {};
    auto refused = transport::make_response(405, "Method Not Allowed\n", "text/plain");
    refused.headers.add("Allow", "GET, HEAD");
    return {std::move(refused), {}, {}};
}

awaitable<transport::response> demo_server::answer(transport::request asked)
{
    const std::string path(asked.path());
    if (path == "/demo/stream")
        co_return feed_->open();
    if (path == "/demo/info")
        co_return transport::make_response(200, info_, "application/json");
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
    if (seen.what == "posted")
        publish_hop(feed, seen.data_id, "posted", seen.at, seen.note);
    else if (seen.what == "activity")
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
