#include "standin/api_shapes.hpp"

#include "postern/base/crypto.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace postern::standin {
namespace {

constexpr auto others_url = "https://somebody-else.ngrok-free.test";
constexpr auto others_upstream = "http://localhost:8080";

// As Go's url.QueryEscape: a blank is "+".
std::string escaped(std::string_view name)
{
    std::string out;
    for (const char c : name)
        out += c == ' ' ? std::string("+") : transport::percent_encode(std::string_view(&c, 1));
    return out;
}

std::string base64(std::string_view bytes)
{
    auto text = base64url(bytes);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

json::object meter(std::uint64_t count, bool gauge)
{
    json::object m{{"count", count}};
    if (gauge)
        m["gauge"] = 0;
    for (const char* key : {"rate1", "rate5", "rate15", "p50", "p90", "p95", "p99"})
        m[key] = 0;
    return m;
}

json::object metrics(const tunnel& t)
{
    return {{"conns", meter(t.connections, true)}, {"http", meter(t.requests, false)}};
}

std::string upstream_shown(const world& w, const tunnel& t)
{
    return w.foreign_upstream.empty() ? t.upstream : w.foreign_upstream;
}

tunnel somebody_elses()
{
    tunnel t;
    t.name = "another";
    t.id = std::string(32, 'a');
    t.url = others_url;
    t.proto = "https";
    t.upstream = others_upstream;
    return t;
}

// In the order of the API: 2.3 shows the https tunnel before the http one, unless a fault wants it otherwise.
template <class F>
void in_order(const world& w, F each)
{
    const auto& all = w.tunnels.all();
    if (w.version().major >= 3 || w.http_first)
    {
        std::for_each(all.begin(), all.end(), each);
        return;
    }
    std::for_each(all.rbegin(), all.rend(), each);
}

json::value headers_json(const transport::header_fields& headers)
{
    json::object out;
    for (const auto& [name, value] : headers)
    {
        auto& values = out[name];
        if (!values.is_array())
            values = json::array();
        values.as_array().emplace_back(value);
    }
    return out;
}

std::string raw_head(const transport::header_fields& headers)
{
    std::string out;
    for (const auto& [name, value] : headers)
        ((out += name) += ": ").append(value) += "\r\n";
    return out += "\r\n";
}

} // namespace

json::object tunnel_json(const world& w, const tunnel& t)
{
    json::object out{{"name", t.name}};
    if (w.version().major >= 3)
        out["ID"] = t.id;
    out["uri"] = "/api/tunnels/" + escaped(t.name);
    out["public_url"] = t.url;
    out["proto"] = t.proto;
    out["config"] = {{"addr", t.url == others_url ? t.upstream : upstream_shown(w, t)},
                     {"inspect", t.inspect}};
    out["metrics"] = metrics(t);
    return out;
}

json::object tunnels_json(const world& w)
{
    json::array list;
    if (w.second_first)
        list.push_back(tunnel_json(w, somebody_elses()));
    in_order(w, [&](const tunnel& t) { list.push_back(tunnel_json(w, t)); });
    return {{"tunnels", std::move(list)}, {"uri", "/api/tunnels"}};
}

json::object endpoint_json(const world& w, const tunnel& t, bool with_metrics)
{
    json::object out{
        {"name", t.name},
        {"uri", "/api/endpoints/" + escaped(t.name)},
        {"url", t.url},
        {"upstream",
         {{"url", t.url == others_url ? t.upstream : upstream_shown(w, t)}, {"protocol", "http1"}}},
        {"inspect", t.inspect},
        {"traffic_policy", t.traffic_policy},
        {"pooling_enabled", t.pooling}};
    if (with_metrics)
        out["metrics"] = metrics(t);
    return out;
}

json::object endpoints_json(const world& w)
{
    json::array list;
    if (w.second_first)
        list.push_back(endpoint_json(w, somebody_elses(), false));
    in_order(w, [&](const tunnel& t) { list.push_back(endpoint_json(w, t, false)); });
    return {{"endpoints", std::move(list)}};
}

json::object status_json(const world& w)
{
    json::array legs;
    if (w.connected)
        legs.push_back({{"region", "eu"}, {"latency", "26ms"}});
    return {{"status", w.connected ? "online" : "reconnecting"},
            {"agent_version", w.version().text()},
            {"session", {{"legs", std::move(legs)}}},
            {"uri", "/api/status"}};
}

json::object capture_json(const capture& c)
{
    const auto& asked = c.asked;
    json::object out{{"uri", "/api/requests/http/" + c.id},
                     {"id", c.id},
                     {"tunnel_name", c.tunnel_name},
                     {"remote_addr", c.remote},
                     {"start", format_time(c.start)},
                     {"duration", c.duration.count()},
                     {"request",
                      {{"method", asked.method},
                       {"proto", "HTTP/1.1"},
                       {"headers", headers_json(asked.headers)},
                       {"uri", asked.target},
                       {"raw", base64(asked.method + ' ' + asked.target + " HTTP/1.1\r\n" +
                                      raw_head(asked.headers) + asked.body)}}},
                     {"response", nullptr}};
    if (c.answer)
    {
        const auto status =
            std::to_string(c.answer->status) + ' ' + std::string(transport::reason_phrase(c.answer->status));
        out["response"] = {
            {"status", status},
            {"status_code", c.answer->status},
            {"proto", "HTTP/1.1"},
            {"headers", headers_json(c.answer->headers)},
            {"raw", base64("HTTP/1.1 " + status + "\r\n" + raw_head(c.answer->headers) + c.answer->body)}};
    }
    return out;
}

json::object captures_json(const captures& all, std::size_t limit, std::string_view tunnel_name)
{
    json::array list;
    for (const auto& c : all.all())
        if (list.size() < limit && (tunnel_name.empty() || c.tunnel_name == tunnel_name))
            list.push_back(capture_json(c));
    return {{"uri", "/api/requests/http"}, {"requests", std::move(list)}};
}

transport::response json_response(unsigned status, const json::value& body)
{
    return transport::make_response(status, json::serialize(body) + '\n', "application/json");
}

transport::response error_response(const api_error& e)
{
    const json::object body{
        {"error_code", e.code}, {"status_code", e.status}, {"msg", e.msg}, {"details", e.details}};
    return json_response(e.status, body);
}

} // namespace postern::standin
