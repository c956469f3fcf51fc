#pragma once

#include "cloud_fixture.hpp"

#include <boost/json/parse.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator::test {

// The cloud with devices and websockets, without any socket: what a session would be told to do.
struct mercury_fixture : cloud_fixture
{
    json::object enrol(std::string_view as, std::string name = "postern")
    {
        const json::object body{{"name", name}, {"deviceType", "DESKTOP"}};
        return send(request(as, "POST", "/wdm/api/v1/devices", json::serialize(body))).body.as_object();
    }
    // "http://cloud.test:8080/a/b" -> "/a/b"
    static std::string path_of(std::string_view url)
    {
        return std::string(url.substr(url.find('/', url.find("://") + 3)));
    }
    transport::request upgrade(const json::object& device, std::string query = {},
                               std::string_view as = {}) const
    {
        auto r = request(as, "GET", path_of(text_or(device, "webSocketUrl")) + query);
        r.headers.add("Connection", "Upgrade");
        r.headers.add("Upgrade", "websocket");
        r.headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        r.headers.add("Sec-WebSocket-Version", "13");
        return r;
    }
    socket_id open(const json::object& device, std::string query = {}, std::string_view as = {})
    {
        const auto a = c.knock(upgrade(device, std::move(query), as));
        BOOST_TEST_REQUIRE(!a.refused.has_value());
        return c.open_socket(a, {}, std::chrono::seconds(30));
    }
    socket_id ready(const json::object& device, std::string_view as)
    {
        const auto id = open(device, {}, as);
        hear(id);
        return id;
    }
    void authorise(socket_id id, const std::string& token)
    {
        c.heard(id, json::serialize(
                        json::object{{"id", "x"}, {"type", "authorization"}, {"data", {{"token", token}}}}));
    }
    json::object hear(socket_id id)
    {
        const auto step = c.next_step(id);
        BOOST_TEST_REQUIRE((step.what == mercury_step::action::send), "nothing is sent");
        return json::parse(step.frame.payload).as_object();
    }
    bool quiet(socket_id id) { return c.next_step(id).what == mercury_step::action::wait; }
    std::uint16_t code_of(socket_id id)
    {
        const auto step = c.next_step(id);
        return step.what == mercury_step::action::end ? step.end.code : std::uint16_t{0};
    }
    // Sends the request and, as the server does after the answer, tells the sockets. What was told.
    std::vector<observed> happen(const transport::request& r)
    {
        auto done = cloud::controls(r.path()) ? c.control(r) : c.answer(r);
        BOOST_TEST(done.response.status < 300u, done.response.body);
        std::vector<observed> told;
        for (const auto& telling : done.tellings)
            if (c.tell(telling))
                told.push_back(telling.about);
        return told;
    }
    std::vector<observed> say_to_bot(std::string text = "hello")
    {
        const json::object words{{"toPersonEmail", "postern@webex.bot"}, {"text", std::move(text)}};
        return happen(request("alice", "POST", "/v1/messages", json::serialize(words)));
    }
    std::string heard_text(socket_id id)
    {
        const auto data = hear(id).at("data").as_object();
        return text_or(data.at("activity").at("object").as_object(), "displayName");
    }
};

} // namespace postern::emulator::test
