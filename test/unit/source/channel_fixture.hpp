#pragma once

#include "postern/base/ids.hpp"
#include "postern/base/within.hpp"
#include "postern/source/device/channel.hpp"
#include "support/captured_log.hpp"
#include "support/mercury.hpp"
#include "support/run.hpp"
#include "support/scripted_http_client.hpp"

#include <functional>

namespace postern::test::channel_play {

using namespace postern::source;
using namespace std::chrono_literals;

inline const std::string my_uuid = "f5b36187-c8dd-4727-8b2f-f9c447f29046";
inline const std::string my_id = format_id({"us", "PEOPLE", my_uuid});
inline const std::string socket_url = "wss://mercury-a.wbx2.com/v1/apps/wx2/registrations/r1/messages";

inline device_options quick()
{
    device_options o;
    o.again = {1ms, 2ms};
    o.goodbye_timeout = 50ms;
    o.clock_jump = 1min; // a slow machine is not asleep
    return o;
}

struct heard_of final : channel_listener
{
    unsigned opened = 0, ready = 0, frames = 0, pongs = 0, catalogue = 0;
    std::uint64_t missing = 0;
    bool in_sync = false;

    void channel_open() override { ++opened; }
    void channel_ready(bool synced) override { ++ready, in_sync = synced; }
    void frame_seen() override { ++frames; }
    void pong_seen() override { ++pongs; }
    void frames_missing(std::uint64_t n) override { missing += n; }
    void catalogue_changed() override { ++catalogue; }
};

// One channel with everything around it; the test is the cloud.
struct scene
{
    explicit scene(net::io_context& io, device_options o) : options(std::move(o)), strand(io.get_executor())
    {
        client->answer_websocket(cloud.wire);
    }

    device_options options;
    net::any_io_executor strand;
    std::shared_ptr<test::scripted_http_client> client = std::make_shared<test::scripted_http_client>();
    test::mercury_peer cloud;
    test::scripted_intake journal;
    test::captured_log log;
    heard_of listener;
    wall_time wall{};

    cluster_book clusters;
    signed_calls calls{client,
                       secret("t0ken"),
                       trusted_hosts(*transport::parse_url(options.u2c_url), options.trusted_suffixes),
                       {}};
    activity_map map{{my_id, {}, true}, [this](std::string_view url) {
                         if (url.find("conv-a.") != url.npos)
                             return std::optional<std::string>("us");
                         return clusters.cluster_of(url);
                     }};
    unsigned accepted = 0;
    inbox events{strand,
                 {options, calls, clusters, map, journal, my_id, [this](std::string) { ++accepted; }},
                 log.writer};
    channel one{strand, options, calls, events, listener, log.writer, [this] { return wall; }};
    std::optional<setback> ended;
    bell over{strand};
    task_scope channel_task{[](std::exception_ptr) { BOOST_ERROR("the channel threw"); }};
    task_scope inbox_task{[](std::exception_ptr) { BOOST_ERROR("the inbox threw"); }};

    void connect(std::string url = socket_url)
    {
        inbox_task.spawn(strand, [this] { return events.run(); });
        channel_task.spawn(strand, [this, url] { return live(url); });
    }
    awaitable<void> live(std::string url)
    {
        ended = co_await one.run(url);
        over.ring();
    }
    // How it ended; a channel that did not end in time is a failure and says so with a status of its own.
    awaitable<setback> end()
    {
        co_await channel_task.drained(deadline::after(2s));
        BOOST_TEST(ended.has_value(), "the channel still lives");
        setback none;
        none.status = 999;
        co_return ended.value_or(none);
    }
    awaitable<void> stop()
    {
        for (auto* scope : {&channel_task, &inbox_task})
        {
            scope->stop(net::cancellation_type::terminal);
            const bool empty = co_await scope->drained(deadline::after(2s));
            BOOST_TEST(empty, "a task hangs after its cancellation");
        }
    }
    // Until that many events are stored; false after two seconds.
    awaitable<bool> stored(std::size_t count)
    {
        const auto limit = deadline::after(2s);
        while (journal.taken.size() < count && !limit.passed())
            co_await pause_for(1ms);
        co_return journal.taken.size() >= count;
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
        co_await s.stop(); // nothing is left running, however the test went
        if (thrown)
            std::rethrow_exception(thrown);
    });
}

} // namespace postern::test::channel_play
