#pragma once

#include "postern/base/ids.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "postern/source/device/device_source.hpp"
#include "support/captured_log.hpp"
#include "support/mercury.hpp"
#include "support/run.hpp"
#include "support/scripted_http_client.hpp"

#include <algorithm>
#include <functional>
#include <list>

namespace postern::test::source_play {

using namespace postern::source;
using namespace std::chrono_literals;

inline const std::string my_id = format_id({"us", "PEOPLE", "f5b36187-c8dd-4727-8b2f-f9c447f29046"});

inline device_options quick()
{
    device_options o;
    o.name = "postern-test";
    o.again = {1ms, 2ms};
    o.goodbye_timeout = 50ms;
    o.clock_jump = 1min;
    o.list_again = 1ms;
    return o;
}

inline std::string catalogue(const std::string& region)
{
    return R"({"serviceLinks":{"wdm":"https://wdm-)" + region +
           R"(.wbx2.com/wdm/api/v1"},"hostCatalog":{"conv-a.wbx2.com":[{"host":"conv-a.wbx2.com","ttl":-1,)"
           R"("priority":10,"id":"urn:TEAM:us-east-2_a:identityLookup"}]}})";
}

inline std::string device_text(const std::string& id)
{
    return R"({"url":"https://wdm-a.wbx2.com/wdm/api/v1/devices/)" + id +
           R"(","webSocketUrl":"wss://mercury-a.wbx2.com/v1/apps/wx2/registrations/)" + id +
           R"(-r/messages","name":"postern-test","deviceType":"DESKTOP"})";
}

using words = std::vector<std::string>;

// A way in with a scripted cloud.
struct scene
{
    scene(net::io_context& io, device_options o) : options(std::move(o)), strand(io.get_executor()) {}

    device_options options;
    net::any_io_executor strand;
    std::shared_ptr<test::scripted_http_client> client = std::make_shared<test::scripted_http_client>();
    std::shared_ptr<test::scripted_intake> journal = std::make_shared<test::scripted_intake>();
    test::captured_log log;
    std::vector<channel_state> shown;
    unsigned token_doubts = 0;
    std::list<test::mercury_peer> peers;
    std::unique_ptr<device_source> source;
    task_scope tasks{[](std::exception_ptr) { BOOST_ERROR("the way in threw"); }};

    // --- the script ---
    scene& finds_home(const std::string& region = "a")
    {
        client->answer(200, catalogue(region));
        return *this;
    }
    scene& registers(const std::string& id = "d1") // finds none, and makes one
    {
        client->answer(404).answer(200, device_text(id));
        return *this;
    }
    scene& refreshes(const std::string& id = "d1")
    {
        client->answer(200, device_text(id));
        return *this;
    }
    scene& deletes()
    {
        client->answer(204);
        return *this;
    }
    scene& refuses(unsigned status)
    {
        client->answer(status);
        return *this;
    }
    test::mercury_peer& opens()
    {
        auto& peer = peers.emplace_back();
        client->answer_websocket(peer.wire);
        return peer;
    }

    // --- the play ---
    void start()
    {
        device_source::setup s;
        s.options = options;
        s.client = client;
        s.token = secret("t0ken");
        s.me = {my_id, {}, true};
        s.intake = journal;
        s.on_token_rejected = [this] { ++token_doubts; };
        s.watch = [this](const channel_state& now) { shown.push_back(now); };
        auto made = device_source::make(std::move(s), log.writer);
        BOOST_TEST_REQUIRE(made.has_value());
        source = std::move(*made);
        tasks.spawn(strand, [this] { return source->run(); });
    }
    awaitable<void> stop()
    {
        tasks.stop(net::cancellation_type::total);
        const bool empty = co_await tasks.drained(deadline::after(2s));
        BOOST_TEST(empty, "the way in hangs after its cancellation");
        if (!empty)
        {
            tasks.stop(net::cancellation_type::terminal);
            co_await tasks.drained(deadline::after(2s));
        }
    }
    awaitable<bool> until(std::function<bool()> holds)
    {
        const auto limit = deadline::after(2s);
        while (!holds() && !limit.passed())
            co_await pause_for(1ms);
        co_return holds();
    }
    awaitable<bool> ready(std::uint64_t times = 1)
    {
        auto holds = [this, times] {
            return source->state().phase == channel_phase::ready && source->state().connections == times;
        };
        const bool held = co_await until(holds);
        co_return held;
    }
    awaitable<bool> asked_for(std::size_t count)
    {
        auto holds = [this, count] { return client->requests().size() >= count; };
        const bool held = co_await until(holds);
        co_return held;
    }
    // "GET catalog", "POST devices", "PUT d1", "WEBSOCKET d1-r"
    words asked(std::size_t from = 0) const
    {
        words all;
        for (const auto& r : client->requests())
        {
            auto path = r.url.substr(0, r.url.find('?'));
            if (path.ends_with("/messages") && r.method == "WEBSOCKET")
                path.resize(path.size() - 9);
            all.push_back(r.method + ' ' + path.substr(path.rfind('/') + 1));
        }
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(from, all.size())));
        return all;
    }
};

inline void play(const std::function<awaitable<void>(scene&)>& script,
                 const device_options& options = quick())
{
    test::run([&](net::io_context& io) -> awaitable<void> {
        scene s(io, options);
        std::exception_ptr thrown;
        try
        {
            co_await script(s);
        }
        catch (...)
        {
            thrown = std::current_exception();
        }
        co_await s.stop();
        if (thrown)
            std::rethrow_exception(thrown);
    });
}

// From nothing to a channel that is ready.
inline awaitable<void> come_up(scene& s, test::mercury_peer& cloud)
{
    s.start();
    const auto authorised = co_await cloud.let_in();
    const bool ready = co_await s.ready();
    BOOST_TEST_REQUIRE((!authorised.empty() && ready));
}

} // namespace postern::test::source_play
