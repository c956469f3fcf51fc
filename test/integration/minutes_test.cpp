#include "postern/base/json.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "postern/bot/bot.hpp"
#include "postern/emulator/emulator.hpp"
#include "postern/gateway/gateway.hpp"
#include "postern/transport/http_client.hpp"
#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <boost/asio/strand.hpp>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

// Everything that takes time takes a tenth of it.
constexpr int faster = 10;

source::device_options hurried(source::device_options o)
{
    for (auto* span : {&o.call_timeout, &o.handshake_timeout, &o.ready_timeout, &o.ping_every,
                       &o.pong_timeout, &o.rebuild_after, &o.again.first, &o.again.most, &o.most_ever})
        *span /= faster;
    return o;
}

const json::object on{{"on", true}}, off{{"on", false}};

// Emulator and gateway in one process and thread, so that a test can set all times.
class house
{
public:
    explicit house(net::io_context& io) : io_(io) {}

    awaitable<void> open()
    {
        auto cloud = emulator::emulator::start(io_.get_executor(), {}, quiet_log());
        BOOST_TEST_REQUIRE(cloud.has_value());
        cloud_ = std::move(*cloud);
        client_ = *transport::make_http_client(io_.get_executor(), {}, quiet_log());

        gateway_options options;
        options.api.base_url = cloud_->api_url();
        options.device = hurried(options.device);
        options.device.u2c_url = cloud_->u2c_url();
        options.token = secret(cloud_->token("bot"));
        options.listener.listen = "127.0.0.1:0";
        options.data_dir = files_;
        auto made = gateway::make(io_.get_executor(), options, who_, log.writer);
        BOOST_TEST_REQUIRE(made.has_value());
        gateway_ = std::move(*made);
        tasks_.spawn(io_.get_executor(), [this] { return serve(); });
        co_await until_connected(10s);
        co_await until_said("channel ready");
    }

    awaitable<void> close()
    {
        gateway_->stop();
        const bool ended = co_await tasks_.drained(deadline::after(10s));
        BOOST_TEST(ended);
        gateway_.reset();
        client_->close_idle();
        co_await cloud_->stop();
        std::error_code ignored;
        std::filesystem::remove_all(files_, ignored);
    }

    awaitable<void> set(std::string switches, json::object to)
    {
        transport::request ask;
        ask.method = "POST";
        ask.headers.add("Content-Type", "application/json");
        ask.body = json::serialize(to);
        const auto answer =
            co_await client_->send(*transport::parse_url(cloud_->control_url() + '/' + switches),
                                   std::move(ask), deadline::after(5s));
        BOOST_TEST_REQUIRE(answer.has_value());
        BOOST_TEST_REQUIRE(answer->status == 200u, answer->body);
    }

    // How long it took.
    awaitable<milliseconds> until_connected(milliseconds patience)
    {
        const auto began = deadline::clock::now();
        for (const auto limit = deadline::after(patience); !limit.passed();)
        {
            transport::request ask;
            const auto answer =
                co_await client_->send(*transport::parse_url(cloud_->control_url() + "/sockets"),
                                       std::move(ask), deadline::after(5s));
            BOOST_TEST_REQUIRE(answer.has_value());
            const auto said = json::parse(answer->body).as_object();
            for (const auto& socket : said.at("items").as_array())
                if (get_bool(socket.as_object(), "authorised").value_or(false))
                    co_return std::chrono::duration_cast<milliseconds>(deadline::clock::now() - began);
            co_await pause_for(5ms);
        }
        BOOST_TEST_REQUIRE(false, "no authorised socket");
        co_return patience;
    }

    // The cloud knows of a connection before we do.
    awaitable<void> until_said(std::string words)
    {
        for (const auto limit = deadline::after(5s); !log.says(words) && !limit.passed();)
            co_await pause_for(1ms);
        BOOST_TEST(log.says(words), words);
    }

    captured_log log;

private:
    awaitable<void> serve()
    {
        const auto ended = co_await gateway_->run();
        BOOST_TEST(ended.has_value());
    }

    net::io_context& io_;
    const std::string files_ =
        (std::filesystem::temp_directory_path() / ("postern-test-" + std::to_string(::getpid()))).string();
    std::shared_ptr<const bot> who_ = std::make_shared<bot>();
    std::unique_ptr<emulator::emulator> cloud_;
    std::shared_ptr<transport::http_client> client_;
    std::shared_ptr<gateway> gateway_;
    task_scope tasks_{[](std::exception_ptr) { BOOST_ERROR("a task of the test threw"); }};
};

} // namespace

// What takes minutes, at a tenth of its time.
BOOST_AUTO_TEST_SUITE(minutes)

BOOST_AUTO_TEST_CASE(after_an_outage_of_a_minute_it_is_back_within_three_seconds)
{
    run(
        [](net::io_context& io) -> awaitable<void> {
            house h(io);
            co_await h.open();
            co_await h.set("outage", on);
            co_await pause_for(milliseconds(60s) / faster);
            BOOST_TEST(h.log.says("channel lost"));
            co_await h.set("outage", off);
            const auto took = co_await h.until_connected(10s);
            BOOST_TEST(took.count() <= milliseconds(3s).count() / faster);
            co_await h.until_said("may have been missed");
            co_await h.close();
        },
        30s);
}

BOOST_AUTO_TEST_CASE(a_cable_that_is_pulled_is_noticed_within_two_ping_periods)
{
    run(
        [](net::io_context& io) -> awaitable<void> {
            house h(io);
            co_await h.open();
            const auto began = deadline::clock::now();
            co_await h.set("sockets/stall", on); // neither reads nor writes, and says nothing
            while (!h.log.says("channel lost") && deadline::clock::now() < began + 20s)
                co_await pause_for(5ms);
            const auto noticed = deadline::clock::now() - began;
            BOOST_TEST(std::chrono::duration_cast<milliseconds>(noticed).count() <=
                       2 * milliseconds(15s).count() / faster);
            co_await h.set("sockets/stall", off);
            co_await h.until_connected(10s);
            co_await h.close();
        },
        40s);
}

BOOST_AUTO_TEST_SUITE_END()
