#include "standin/edge.hpp"

#include "postern/base/crypto.hpp"
#include "standin/api_shapes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <unistd.h>

namespace postern::standin {
namespace {

using transport::request;
using transport::response;

constexpr std::string_view control_prefix = "/_fake/";

bool looks_like_browser(const request& asked)
{
    return asked.headers.get("User-Agent").starts_with("Mozilla/") &&
           !asked.headers.has("ngrok-skip-browser-warning");
}

bool signature_fits(const request& asked, const std::string& key)
{
    const auto expected = hmac_sha1_hex(secret(key), asked.body);
    return equal_in_constant_time(asked.headers.get("X-Spark-Signature"), expected);
}

} // namespace

awaitable<response> edge_handler::answer(request asked)
{
    if (asked.path().starts_with(control_prefix))
        co_return control(asked);
    auto* t = world_.tunnels.at_host(asked.headers.get("Host"));
    auto refused = refusal(asked, t);
    if (refused)
        co_return std::move(*refused);
    auto name = t->name;
    if (transport::wants_websocket(asked))
    {
        auto upgraded = co_await behind_->upgrade(std::move(name), std::move(asked));
        co_return upgraded;
    }
    auto reply = co_await behind_->forward(std::move(name), std::move(asked));
    co_return reply;
}

std::optional<response> edge_handler::refusal(const request& asked, const tunnel* t) const
{
    if (t == nullptr || !world_.connected || world_.edge == edge_mode::offline)
        return edge_answer(404, 3200, "The endpoint is offline.");
    if (world_.edge == edge_mode::rate_limited)
        return edge_answer(429, 734, "You have exceeded your limit of 4000 requests per minute.");
    if (world_.env.free_plan && looks_like_browser(asked))
        return edge_answer(200, 6024, "You are about to visit " + host_of(t->url) + '.');
    for (const auto& key : {t->webhook_secret, world_.webhook_secret})
        if (!key.empty() && !signature_fits(asked, key))
            return edge_answer(403, 3204, "Request failed webhook verification");
    return std::nullopt;
}

response edge_handler::control(const request& asked)
{
    if (asked.method == "GET")
    {
        json::array faults;
        for (const auto& f : known_faults())
            faults.push_back(json::object{{"name", f.name}, {"what", f.words}});
        return json_response(200, json::object{{"pid", ::getpid()},
                                               {"version", world_.version().text()},
                                               {"connected", world_.connected},
                                               {"api", world_.api_address},
                                               {"tunnels", tunnels_json(world_).at("tunnels")},
                                               {"faults", std::move(faults)}});
    }
    if (asked.method != "POST")
        return error_response({405, 0, "GET /_fake/ or POST /_fake/NAME?key=value", {}});
    auto made = make_fault(std::string(asked.path().substr(control_prefix.size())), asked.query());
    if (made.has_error())
        return error_response({404, 0, describe(made.error()), {}});
    strike_(std::move(*made));
    return json_response(200, json::object{{"ok", true}});
}

} // namespace postern::standin
