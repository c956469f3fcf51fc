#pragma once

#include "postern/base/time.hpp"
#include "postern/emulator/cloud.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace postern::emulator::test {

struct answered
{
    unsigned status = 0;
    json::value body;
    transport::header_fields headers;
    std::string bytes;
    std::vector<cloud::dispatch> deliveries;
    std::vector<observed> seen;

    std::string text(std::string_view key) const { return text_or(body.as_object(), key); }
    const json::array& items() const& { return body.as_object().at("items").as_array(); }
    json::array items() && { return std::move(body.as_object().at("items").as_array()); }
    std::string header(std::string_view name) const { return std::string(headers.get(name)); }
    json::object event(std::size_t i) const { return json::parse(deliveries.at(i).what.body).as_object(); }
};

inline std::string keys_of(const json::object& o)
{
    std::string all;
    for (const auto& [key, value] : o)
        all += (all.empty() ? "" : ",") + std::string(key);
    return all;
}

// The cloud of the default seed, asked without sockets, at a time that only moves when told.
struct cloud_fixture
{
    wall_time now = *parse_time("2026-02-11T09:14:27.318Z");
    cloud c{complete(parse_seed(default_seed(), "seed").value(), now), {}, [this] { return now; }};

    transport::request request(std::string_view as, std::string method, std::string target,
                               std::string body = {}, std::string type = "application/json") const
    {
        transport::request r;
        r.method = std::move(method);
        r.target = std::move(target);
        r.body = std::move(body);
        r.headers = {{"Host", "cloud.test:8080"}, {"Content-Type", std::move(type)}};
        if (!as.empty())
            r.headers.add("Authorization", "Bearer " + c.token_of(as));
        return r;
    }
    answered send(const transport::request& r)
    {
        auto done = cloud::controls(r.path()) ? c.control(r) : c.answer(r);
        answered a;
        a.status = done.response.status;
        a.headers = done.response.headers;
        a.bytes = done.response.body;
        a.deliveries = std::move(done.deliveries);
        a.seen = std::move(done.seen);
        if (!a.bytes.empty() && a.header("Content-Type").starts_with("application/json"))
            a.body = json::parse(a.bytes);
        return a;
    }
    answered get(std::string_view as, std::string path) { return send(request(as, "GET", "/v1" + path)); }
    answered del(std::string_view as, std::string path) { return send(request(as, "DELETE", "/v1" + path)); }
    answered post(std::string_view as, std::string path, const json::value& body)
    {
        return send(request(as, "POST", "/v1" + path, json::serialize(body)));
    }
    answered put(std::string_view as, std::string path, const json::value& body)
    {
        return send(request(as, "PUT", "/v1" + path, json::serialize(body)));
    }
    answered control(std::string method, std::string path, const json::value& body = json::object())
    {
        return send(request("", std::move(method), "/_emulator" + path, json::serialize(body)));
    }

    std::string id(std::string_view name) const { return c.person_id_of(name); }
    std::string room(std::string_view as, std::string_view title)
    {
        for (const auto& r : get(as, "/rooms").items())
            if (text_or(r.as_object(), "title") == title)
                return text_or(r.as_object(), "id");
        return {};
    }
    std::string night_shift() { return room("alice", "Night shift"); }
    // Alice, in the group room, to the bot.
    answered mention(std::string_view words = "status")
    {
        return post("alice", "/messages",
                    {{"roomId", night_shift()},
                     {"markdown", "<@personEmail:postern@webex.bot|Postern> " + std::string(words)}});
    }
    answered hook(std::string_view as, std::string_view resource, std::string_view event,
                  std::string_view filter = {})
    {
        json::object o{{"name", "hook"},
                       {"targetUrl", "http://127.0.0.1:9/x"},
                       {"resource", resource},
                       {"event", event}};
        if (!filter.empty())
            o["filter"] = filter;
        return post(as, "/webhooks", o);
    }
};

} // namespace postern::emulator::test
