#include "postern/emulator/webhook_sender.hpp"

#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <deque>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace postern;
using namespace postern::emulator;

namespace {

using namespace std::chrono_literals;

// Answers from a script, and remembers. For one thread.
class scripted_client final : public transport::http_client
{
public:
    struct seen
    {
        transport::url where;
        transport::request what;
        std::chrono::milliseconds patience;
    };

    std::deque<result<transport::response>> answers; // 200 when used up
    std::map<std::string, bool> holds;               // hosts that do not answer before release()
    std::vector<seen> requests;

    awaitable<result<transport::response>> send(transport::url where, transport::request what,
                                                deadline limit) override
    {
        const auto host = where.host;
        const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(limit.left());
        requests.push_back(seen{std::move(where), std::move(what), patience});
        if (holds[host])
        {
            auto gate = std::make_shared<net::steady_timer>(co_await net::this_coro::executor, limit.at());
            gates_[host] = gate;
            co_await gate->async_wait(as_result);
            gates_.erase(host);
            const auto cancellation = co_await net::this_coro::cancellation_state;
            if (cancellation.cancelled() != net::cancellation_type::none)
                co_return error(errc::stopped);
            if (limit.passed())
                co_return error(errc::timed_out, "posting");
        }
        if (answers.empty())
            co_return transport::response{};
        auto answer = std::move(answers.front());
        answers.pop_front();
        co_return answer;
    }

    awaitable<result<transport::websocket_ptr>> open_websocket(transport::url, transport::header_fields,
                                                               transport::websocket_options,
                                                               deadline) override
    {
        co_return error(errc::bad_input, "opening a websocket");
    }

    void close_idle() override {}

    void release(const std::string& host)
    {
        holds[host] = false;
        if (const auto gate = gates_.find(host); gate != gates_.end())
            gate->second->cancel();
    }
    bool waits_at(const std::string& host) const { return gates_.contains(host); }

private:
    std::map<std::string, std::shared_ptr<net::steady_timer>> gates_;
};

transport::response status(unsigned code)
{
    transport::response out;
    out.status = code;
    return out;
}

outgoing delivery(std::string webhook, std::string data_id, std::string body = "{}")
{
    outgoing out;
    out.webhook_id = webhook;
    out.target_url = "http://" + webhook + ".example/hook?x=1";
    out.body = std::move(body);
    out.data_id = std::move(data_id);
    return out;
}

struct fixture
{
    std::shared_ptr<scripted_client> client = std::make_shared<scripted_client>();
    std::vector<delivery_report> reports;
    test::captured_log captured;

    std::unique_ptr<emulator::webhook_sender> make(net::any_io_executor executor,
                                                   std::chrono::milliseconds timeout = 10s)
    {
        auto keep = [this](delivery_report r) { reports.push_back(std::move(r)); };
        return std::make_unique<emulator::webhook_sender>(std::move(executor), client, std::move(keep),
                                                          captured.writer, timeout);
    }

    std::string ids() const // in order of their reports
    {
        std::string out;
        for (const auto& r : reports)
            out += r.data_id;
        return out;
    }
};

// Lets everything else run until `done`; the runner's time limit ends a wait in vain.
template <class Done>
awaitable<void> until(Done done)
{
    while (!done())
        co_await net::post(co_await net::this_coro::executor, net::use_awaitable);
}

awaitable<void> finish(emulator::webhook_sender& sender)
{
    const bool idle = co_await sender.idle(deadline::after(3s));
    BOOST_TEST(idle);
    co_await sender.stop(deadline::after(3s));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(webhook_sender, fixture)

BOOST_AUTO_TEST_CASE(a_delivery_is_a_post_of_the_body_to_the_target)
{
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor(), 1500ms);
        sender->send(delivery("w", "m1", "{\"a\":1}"));
        co_await finish(*sender);
    });
    BOOST_TEST_REQUIRE(client->requests.size() == 1u);
    const auto& [where, what, patience] = client->requests[0];
    BOOST_TEST(where.str() == "http://w.example/hook?x=1");
    BOOST_TEST(what.method == "POST");
    BOOST_TEST(what.target == "/hook?x=1");
    BOOST_TEST(what.body == "{\"a\":1}");
    BOOST_TEST(what.headers.get("content-type") == "application/json;charset=UTF-8");
    BOOST_TEST(!what.headers.get("trackingid").empty());
    BOOST_TEST(!what.headers.has("X-Spark-Signature"));
    BOOST_TEST(!what.headers.has("X-Webex-Signature"));
    BOOST_TEST((patience > 1000ms && patience <= 1500ms));

    BOOST_TEST_REQUIRE(reports.size() == 1u);
    BOOST_TEST(reports[0].webhook_id == "w");
    BOOST_TEST(reports[0].data_id == "m1");
    BOOST_TEST(reports[0].status == 200u);
    BOOST_TEST(reports[0].problem == "");
    BOOST_TEST(reports[0].body_sent == "{\"a\":1}");
}

BOOST_AUTO_TEST_CASE(signatures_are_those_of_the_protocol_notes)
{
    const std::string first =
        R"({"id":"W1","name":"postern","resource":"messages","event":"created","data":{"id":"M1"}})";
    const std::string second =
        R"({"id":"W2","name":"café ☕","resource":"rooms","event":"updated","data":{"id":"R1"}})";
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor());
        auto one = delivery("w", "m1", first);
        one.key = secret("s3cr3t");
        one.modern_signature = true;
        sender->send(std::move(one));
        auto two = delivery("w", "m2", second);
        two.key = secret("s3cr3t");
        sender->send(std::move(two));
        auto three = delivery("w", "m3", second);
        three.modern_signature = true;
        sender->send(std::move(three));
        co_await finish(*sender);
    });
    BOOST_TEST_REQUIRE(client->requests.size() == 3u);
    const auto& signed_twice = client->requests[0].what.headers;
    BOOST_TEST(signed_twice.get("X-Spark-Signature") == "98b1101982cf5c47e42178e1b290ee24053d85b3");
    BOOST_TEST(signed_twice.get("X-Webex-Signature") ==
               "SHA-256=cd46bc5b1c49a67f66cc77210805e2c5526c030d9f0f7bbe6e36f0c2bb09d688, "
               "SHA-512=5cb241e9ad2a9f9adb1de18109fdc01c8a32f6bddfb56a0c80299bb0eb36abe1"
               "faf529d9c3557159faf5eb1c119d8e18d156a1b888716aea9f7ff0f8a1ce6a5e");
    const auto& once = client->requests[1].what.headers;
    BOOST_TEST(once.get("X-Spark-Signature") == "451262e65b6e052f7ff7970a02fbe6d012581f5a");
    BOOST_TEST(!once.has("X-Webex-Signature"));
    BOOST_TEST(!client->requests[2].what.headers.has("X-Webex-Signature")); // no key, no signature
    for (const auto& line : captured.lines())
        BOOST_TEST(line.find("s3cr3t") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(any_2xx_is_a_success_and_everything_else_a_problem)
{
    for (const unsigned code : {200u, 204u, 299u, 199u, 300u, 302u, 404u, 500u})
        client->answers.push_back(status(code));
    client->answers.push_back(error(errc::cannot_connect, "https://user:token@x").because("refused"));
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor());
        for (int i = 0; i < 9; ++i)
            sender->send(delivery("w", std::to_string(i)));
        co_await finish(*sender);
    });
    BOOST_TEST(ids() == "012345678"); // a failure does not stop the next one, and nothing is repeated
    for (std::size_t i = 0; i < 9; ++i)
        BOOST_TEST(reports[i].problem.empty() == (i < 3), i);
    BOOST_TEST(reports[5].problem == "the target answered 302");
    BOOST_TEST(reports[8].status == 0u);
    BOOST_TEST(reports[8].problem.ends_with("refused"));
    BOOST_TEST(reports[8].problem.find("token") == std::string::npos);
    BOOST_TEST(captured.says("webhook not delivered"));
}

BOOST_AUTO_TEST_CASE(a_target_that_does_not_answer_in_time_is_reported)
{
    client->holds["w.example"] = true;
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor(), 20ms);
        sender->send(delivery("w", "a"));
        co_await finish(*sender);
    });
    BOOST_TEST_REQUIRE(reports.size() == 1u);
    BOOST_TEST(reports[0].status == 0u);
    BOOST_TEST(!reports[0].problem.empty());
    BOOST_TEST((reports[0].took >= 19ms));
}

BOOST_AUTO_TEST_CASE(a_target_that_is_no_url_is_reported_and_nothing_is_sent)
{
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor());
        auto bad = delivery("w", "a");
        bad.target_url = "not a url";
        sender->send(std::move(bad));
        co_await finish(*sender);
    });
    BOOST_TEST(client->requests.empty());
    BOOST_TEST_REQUIRE(reports.size() == 1u);
    BOOST_TEST(reports[0].problem.starts_with("the target URL cannot be used"));
    BOOST_TEST(reports[0].body_sent == "");
}

BOOST_AUTO_TEST_CASE(one_after_another_for_a_webhook_and_side_by_side_across_webhooks)
{
    client->holds["slow.example"] = true;
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor());
        for (const char* id : {"a", "b", "c"})
            sender->send(delivery("slow", id));
        for (const char* id : {"1", "2", "3"})
            sender->send(delivery("quick", id));
        co_await until([&] { return reports.size() == 3 && client->waits_at("slow.example"); });
        BOOST_TEST(ids() == "123");
        BOOST_TEST(client->requests.size() == 4u); // of the slow one's, only the first is under way
        client->release("slow.example");
        co_await finish(*sender);
    });
    BOOST_TEST(ids() == "123abc");
}

BOOST_AUTO_TEST_CASE(idle_is_false_while_something_is_under_way)
{
    client->holds["w.example"] = true;
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor());
        const bool before = co_await sender->idle(deadline::after(0ms));
        BOOST_TEST(before);
        sender->send(delivery("w", "a"));
        const bool during = co_await sender->idle(deadline::after(20ms));
        BOOST_TEST(!during);
        client->release("w.example");
        co_await finish(*sender);
    });
    BOOST_TEST(ids() == "a");
}

BOOST_AUTO_TEST_CASE(any_number_may_wait_for_idle)
{
    client->holds["w.example"] = true;
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor());
        sender->send(delivery("w", "a"));
        int woken = 0;
        for (int i = 0; i < 3; ++i)
            net::co_spawn(io, sender->idle(deadline::after(4s)),
                          [&](std::exception_ptr, bool idle) { woken += idle; });
        co_await until([&] { return client->waits_at("w.example"); });
        BOOST_TEST(woken == 0);
        client->release("w.example");
        co_await until([&] { return woken == 3; });
        BOOST_TEST(ids() == "a"); // the report came first
        co_await finish(*sender);
    });
}

BOOST_AUTO_TEST_CASE(the_modes_duplicate_reorder_delay_and_lose)
{
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor());
        delivery_mode mode;
        mode.duplicate = true;
        mode.reorder = true;
        mode.delay = 1ms;
        mode.drop_next = 1;
        sender->set_mode(mode);
        for (const char* id : {"a", "b", "c"})
            sender->send(delivery("w", id));
        co_await finish(*sender);
    });
    BOOST_TEST(ids() == "baacc");
    BOOST_TEST(client->requests.size() == 4u); // b was lost
    BOOST_TEST(reports[0].status == 0u);
    BOOST_TEST(reports[0].body_sent == "");
    BOOST_TEST(reports[0].problem.starts_with("lost on its way"));
}

BOOST_AUTO_TEST_CASE(a_full_queue_drops_the_oldest_with_a_report)
{
    client->holds["w.example"] = true;
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor());
        sender->send(delivery("w", "first"));
        co_await until([&] { return client->waits_at("w.example"); });
        for (int i = 0; i < 10'001; ++i)
            sender->send(delivery("w", std::to_string(i)));
        BOOST_TEST_REQUIRE(reports.size() == 1u);
        BOOST_TEST(reports[0].data_id == "0");
        BOOST_TEST(reports[0].problem.starts_with("dropped"));
        co_await sender->stop(deadline::after(0ms));
    });
    BOOST_TEST(reports.size() == 10'002u);
}

BOOST_AUTO_TEST_CASE(stop_lets_leave_what_is_queued)
{
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor());
        for (const char* id : {"a", "b", "c"})
            sender->send(delivery("w", id));
        co_await sender->stop(deadline::after(3s));
        BOOST_TEST(ids() == "abc");
        sender->send(delivery("w", "late"));
    });
    BOOST_TEST(client->requests.size() == 3u);
    BOOST_TEST_REQUIRE(reports.size() == 4u);
    BOOST_TEST(reports[3].problem == "the emulator stopped before it was sent");
    BOOST_TEST(reports[2].problem == "");
}

BOOST_AUTO_TEST_CASE(at_the_deadline_stop_cuts_and_reports_what_is_left)
{
    client->holds["w.example"] = true;
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor());
        delivery_mode mode;
        mode.duplicate = true;
        sender->set_mode(mode);
        sender->send(delivery("w", "a"));
        sender->send(delivery("w", "b"));
        co_await until([&] { return client->waits_at("w.example"); });
        mode.delay = 1h;
        sender->set_mode(mode);
        sender->send(delivery("v", "c"));
        co_await sender->stop(deadline::after(20ms));
    });
    BOOST_TEST(client->requests.size() == 1u);
    BOOST_TEST(reports.size() == 3u);
    for (const auto& r : reports)
        BOOST_TEST(!r.problem.empty(), r.data_id);
    const auto idle_again = ids();
    BOOST_TEST((idle_again.find('a') != std::string::npos && idle_again.find('b') != std::string::npos &&
                idle_again.find('c') != std::string::npos));
}

BOOST_AUTO_TEST_CASE(a_report_may_send_and_may_throw)
{
    test::run([&](net::io_context& io) -> awaitable<void> {
        std::unique_ptr<emulator::webhook_sender> sender;
        auto chain = [&](delivery_report r) {
            reports.push_back(r);
            if (r.data_id == "a")
                sender->send(delivery("w", "b"));
            throw std::runtime_error("a broken listener");
        };
        sender =
            std::make_unique<emulator::webhook_sender>(io.get_executor(), client, chain, captured.writer);
        sender->send(delivery("w", "a"));
        co_await finish(*sender);
    });
    BOOST_TEST(ids() == "ab");
    BOOST_TEST(captured.says("the report of a delivery failed"));
}

BOOST_AUTO_TEST_CASE(many_threads_may_send)
{
    // One thread runs the sender, so that the scripted client needs no lock; four others hand deliveries in.
    test::run([&](net::io_context& io) -> awaitable<void> {
        auto sender = make(io.get_executor());
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&sender, t] {
                for (int i = 0; i < 100; ++i)
                    sender->send(delivery("w" + std::to_string((t + i) % 3), "x"));
            });
        for (auto& thread : threads)
            thread.join();
        co_await finish(*sender);
    });
    BOOST_TEST(reports.size() == 400u);
    BOOST_TEST(client->requests.size() == 400u);
}

BOOST_AUTO_TEST_SUITE_END()
