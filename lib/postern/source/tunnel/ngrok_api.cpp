#include "postern/source/tunnel/ngrok_api.hpp"

#include "postern/base/json.hpp"
#include "postern/source/tunnel/ngrok_log.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace postern::source {
namespace {

constexpr std::size_t most_endpoints = 1'000;

using endpoints = std::vector<ngrok_endpoint>;
using read_one = ngrok_endpoint (*)(const json::object&);

ngrok_endpoint read_endpoint(const json::object& from)
{
    const auto* upstream = get_object(from, "upstream");
    return {text_or(from, "url"), upstream ? text_or(*upstream, "url") : std::string()};
}

ngrok_endpoint read_tunnel(const json::object& from)
{
    const auto* config = get_object(from, "config");
    return {text_or(from, "public_url"), config ? text_or(*config, "addr") : std::string()};
}

result<endpoints> read_list(std::string_view body, std::string_view name, read_one read)
{
    const std::string what = "reading ngrok's /api/" + std::string(name);
    const auto parsed = parse_json(body, what);
    if (parsed.has_error())
        return parsed.error();
    const auto* object = parsed->if_object();
    const auto* list = object ? get_array(*object, name) : nullptr;
    if (!list)
        return error(errc::bad_response, what).because("there is no list in it");
    endpoints all;
    for (const auto& item : *list)
    {
        const auto* one = item.if_object();
        auto e = one ? read(*one) : ngrok_endpoint();
        if (!e.url.empty() && all.size() < most_endpoints)
            all.push_back(std::move(e));
    }
    return all;
}

error unusual(const transport::response& answer)
{
    error e(errc::bad_response, "asking ngrok's local API");
    e.status = answer.status;
    return e;
}

} // namespace

result<endpoints> read_ngrok_endpoints(std::string_view body)
{
    return read_list(body, "endpoints", &read_endpoint);
}

result<endpoints> read_ngrok_tunnels(std::string_view body)
{
    return read_list(body, "tunnels", &read_tunnel);
}

std::optional<bool> read_ngrok_status(std::string_view body)
{
    const auto parsed = parse_json(body, "reading ngrok's /api/status");
    const auto* object = parsed ? parsed->if_object() : nullptr;
    const auto status = object ? get_text(*object, "status") : std::nullopt;
    return status ? std::optional<bool>(*status == "online") : std::nullopt;
}

std::string our_ngrok_url(const endpoints& all, std::string_view target, std::string_view scheme)
{
    std::string found;
    for (const auto& e : all)
    {
        const auto parsed = transport::parse_url(e.url);
        if (!parsed || parsed->target != "/" || !same_upstream(e.upstream, target))
            continue;
        const bool preferred = parsed->scheme == scheme;
        if (preferred || found.empty())
            found = e.url.ends_with('/') ? e.url.substr(0, e.url.size() - 1) : e.url;
        if (preferred)
            break;
    }
    return found;
}

ngrok_api::ngrok_api(local_api api, std::string target, std::string preferred_scheme)
    : api_(std::move(api)), target_(std::move(target)), scheme_(std::move(preferred_scheme))
{
}

awaitable<result<tunnel_view>> ngrok_api::look(deadline limit)
{
    const auto all = co_await list(limit);
    if (all.has_error())
        co_return all.error();
    const auto status = co_await api_.get("/api/status", limit);
    if (status.has_error())
        co_return status.error();
    tunnel_view seen;
    if (status->status == 200) // agents before 3.9 don't have it
        seen.connected = read_ngrok_status(status->body);
    seen.url = our_ngrok_url(*all, target_, scheme_);
    co_return seen;
}

awaitable<result<endpoints>> ngrok_api::list(deadline limit)
{
    const auto first = co_await api_.get("/api/endpoints", limit);
    if (first.has_error())
        co_return first.error();
    if (first->status == 200)
        co_return read_ngrok_endpoints(first->body);
    if (first->status != 404)
        co_return unusual(*first);
    const auto second = co_await api_.get("/api/tunnels", limit);
    if (second.has_error())
        co_return second.error();
    if (second->status == 200)
        co_return read_ngrok_tunnels(second->body);
    co_return unusual(*second);
}

} // namespace postern::source
