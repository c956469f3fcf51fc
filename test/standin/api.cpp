#include "standin/api.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/within.hpp"
#include "standin/api_definition.hpp"
#include "standin/opening.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace postern::standin {
namespace {

using transport::request;
using transport::response;

response no_content()
{
    response r;
    r.status = 204;
    return r;
}

response not_found(std::string msg, json::object details = {})
{
    return error_response({404, 100, std::move(msg), std::move(details)});
}

response wrong_method(const request& asked)
{
    return error_response({405, 100, "method " + asked.method + " is not allowed here", {}});
}

response invalid(const std::string& why)
{
    return error_response({400, 102, "invalid tunnel configuration", {{"err", why}}});
}

std::string microseconds(std::chrono::nanoseconds took)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3f\xc2\xb5s", static_cast<double>(took.count()) / 1000);
    return text.data();
}

std::string decoded(std::string_view segment)
{
    std::string text(segment);
    std::replace(text.begin(), text.end(), '+', ' ');
    return transport::percent_decode(text);
}

} // namespace

bool api_handler::host_allowed(std::string_view host_header) const
{
    const auto host = host_of(host_header);
    const auto& allowed = world_.web_allow_hosts;
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]" ||
           std::find(allowed.begin(), allowed.end(), host) != allowed.end();
}

awaitable<response> api_handler::answer(request asked)
{
    // The fault that only a deadline of the caller's helps against.
    while (world_.api == api_mode::silent)
    {
        const bool whole = co_await pause_for(std::chrono::milliseconds(20));
        if (!whole)
            co_return response{};
    }
    const auto id = random_hex(8);
    const std::string page(asked.path());
    const auto began = deadline::clock::now();
    world_.out.info("start", {{"pg", page}, {"id", id}});
    response reply;
    if (host_allowed(asked.headers.get("Host")))
        reply = co_await route(std::move(asked));
    else
        reply = error_response({403, 100, "this Host is not allowed", {}});
    world_.out.info("end", {{"pg", page},
                            {"id", id},
                            {"status", reply.status},
                            {"dur", microseconds(deadline::clock::now() - began)}});
    co_return reply;
}

awaitable<response> api_handler::route(request asked)
{
    const std::string path(asked.path());
    constexpr std::string_view tunnel_prefix = "/api/tunnels/";
    constexpr std::string_view endpoint_prefix = "/api/endpoints/";
    constexpr std::string_view request_prefix = "/api/requests/http/";
    if (path == "/api" || path == "/api/")
        co_return json_response(200, json::object{{"uri", "/api"},
                                                  {"tunnels_uri", "/api/tunnels"},
                                                  {"requests_uri", "/api/requests/http"}});
    if (path == "/api/status" && world_.version().has_status())
        co_return json_response(200, status_json(world_));
    if (path == "/api/tunnels")
        co_return tunnels(asked);
    if (path.starts_with(tunnel_prefix))
        co_return one_tunnel(asked, decoded(std::string_view(path).substr(tunnel_prefix.size())));
    if (path == "/api/endpoints" && world_.version().has_endpoints())
        co_return endpoints(asked);
    if (path.starts_with(endpoint_prefix) && world_.version().has_endpoints())
        co_return one_endpoint(asked, decoded(std::string_view(path).substr(endpoint_prefix.size())));
    if (path.starts_with(request_prefix))
        co_return one_request(path.substr(request_prefix.size()));
    if (path == "/api/requests/http")
    {
        auto reply = co_await requests(std::move(asked));
        co_return reply;
    }
    co_return not_found("not found");
}

response api_handler::tunnels(const request& asked)
{
    if (asked.method == "GET")
        return json_response(200, tunnels_json(world_));
    return asked.method == "POST" ? open(asked, false, {}) : wrong_method(asked);
}

response api_handler::one_tunnel(const request& asked, const std::string& name)
{
    const auto* t = world_.tunnels.find(name);
    if (t == nullptr)
        return not_found("tunnel not found", {{"tunnel_name", name}});
    if (asked.method == "GET")
        return json_response(200, tunnel_json(world_, *t));
    if (asked.method != "DELETE")
        return wrong_method(asked);
    close_tunnel(world_, name);
    return no_content();
}

response api_handler::endpoints(const request& asked)
{
    if (asked.method == "GET")
        return json_response(200, endpoints_json(world_));
    return asked.method == "POST" ? open(asked, true, {}) : wrong_method(asked);
}

response api_handler::one_endpoint(const request& asked, const std::string& name)
{
    const auto* t = world_.tunnels.find(name);
    if (asked.method == "PUT")
    {
        const bool there = t != nullptr;
        auto reply = open(asked, true, name);
        if (there && reply.status == 201)
            reply.status = 200;
        return reply;
    }
    if (t == nullptr)
        return not_found("endpoint not found", {{"endpoint_name", name}});
    if (asked.method == "GET")
        return json_response(200, endpoint_json(world_, *t, true));
    if (asked.method != "DELETE")
        return wrong_method(asked);
    close_tunnel(world_, name);
    return no_content();
}

response api_handler::open(const request& asked, bool as_endpoint, const std::string& name_in_path)
{
    if (transport::media_type(asked.headers.get("Content-Type")) != "application/json")
        return error_response({415, 100, "the content type must be application/json", {}});
    auto read = as_endpoint ? read_endpoint_definition(asked.body)
                            : read_tunnel_definition(asked.body, world_.version());
    if (const auto* wrong = std::get_if<std::string>(&read))
        return invalid(*wrong);
    auto spec = std::get<endpoint_spec>(std::move(read));
    if (!name_in_path.empty())
    {
        spec.name = name_in_path;
        close_tunnel(world_, spec.name);
    }
    if (!world_.connected)
    {
        const bool never = world_.tunnels.empty();
        return error_response(
            {never ? 503U : 502U,
             never ? 104 : 103,
             never ? "ngrok is not yet ready to start tunnels" : "failed to start tunnel",
             {{"err", never ? "a successful ngrok tunnel session has not yet been established"
                            : "tunnel session not ready yet"}}});
    }
    if (world_.tunnels.find(spec.name) != nullptr)
        return invalid("tunnel \"" + spec.name + "\" already exists");
    const auto done = open_tunnels(world_, spec);
    if (done.refused)
        return error_response({502, 103, "failed to start tunnel", {{"err", done.refused->err()}}});
    const auto& t = *world_.tunnels.find(done.names.back());
    return json_response(201, as_endpoint ? endpoint_json(world_, t, false) : tunnel_json(world_, t));
}

response api_handler::one_request(const std::string& id)
{
    const auto* c = world_.captured.find(id);
    return c ? json_response(200, capture_json(*c)) : not_found("request not found", {{"id", id}});
}

awaitable<response> api_handler::requests(request asked)
{
    if (asked.method == "DELETE")
    {
        world_.captured.clear();
        co_return no_content();
    }
    if (asked.method == "GET")
    {
        std::size_t limit = 50;
        std::string tunnel_name;
        for (const auto& [key, value] : transport::parse_query(asked.query()))
        {
            if (key == "limit")
                std::from_chars(value.data(), value.data() + value.size(), limit);
            if (key == "tunnel_name")
                tunnel_name = value;
        }
        co_return json_response(200, captures_json(world_.captured, limit, tunnel_name));
    }
    if (asked.method != "POST")
        co_return wrong_method(asked);

    const auto body = parse_json(asked.body, "the body");
    const auto* fields = body ? body->if_object() : nullptr;
    const auto id = fields ? text_or(*fields, "id") : std::string();
    const auto* c = world_.captured.find(id);
    if (c == nullptr)
        co_return not_found("request not found", {{"id", id}});
    auto tunnel_name = text_or(*fields, "tunnel_name", c->tunnel_name);
    auto again = c->asked;
    co_await behind_->forward(std::move(tunnel_name), std::move(again));
    co_return no_content();
}

} // namespace postern::standin
