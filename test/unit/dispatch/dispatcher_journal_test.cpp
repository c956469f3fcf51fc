// The dispatcher on a journal: what it promises about lanes and about the stop.

#include "postern/dispatch/dispatcher.hpp"
#include "postern/journal/memory_journal.hpp"
#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

using namespace postern;
using namespace std::chrono_literals;

namespace {

event an_event(std::string key, std::string room)
{
    event e;
    e.bot = "bot";
    e.key = std::move(key);
    e.room = std::move(room);
    e.received = std::chrono::system_clock::now();
    return e;
}

// Handles what comes; in the room "blocked" it hangs until it is cut off.
class handlers final : public act_port
{
public:
    std::vector<std::string> begun, ended; // in order

    awaitable<outcome> act(delivery d, deadline) override
    {
        note(begun, d.what.key);
        net::steady_timer wait(co_await net::this_coro::executor);
        wait.expires_after(d.what.room == "blocked" ? 1h : 1ms);
        co_await wait.async_wait(as_result);
        note(ended, d.what.key);
        co_return outcome::done();
    }

    // Until one of the two is so long, or the runner's patience is nearly over.
    awaitable<void> until(const std::vector<std::string>& which, std::size_t count)
    {
        const auto limit = deadline::after(4s);
        changed_.emplace(co_await net::this_coro::executor);
        while (which.size() < count && !limit.passed())
        {
            changed_->expires_at(limit.at());
            co_await changed_->async_wait(as_result);
        }
        changed_.reset();
    }

private:
    void note(std::vector<std::string>& where, const std::string& key)
    {
        where.push_back(key);
        if (changed_)
            changed_->cancel();
    }

    std::optional<net::steady_timer> changed_;
};

// One run of postern on a journal that outlives it.
struct run_of_postern
{
    run_of_postern(net::io_context& io, journal::journal& j, dispatch::dispatcher_options options)
        : dispatcher(io.get_executor(), j.consumer("bot"), act, options, log.writer)
    {
        owner.spawn(io.get_executor(), [this] { return dispatcher.run(); });
    }

    handlers act;
    test::captured_log log;
    dispatch::dispatcher dispatcher;
    task_scope owner{[](std::exception_ptr) { BOOST_ERROR("run() ended with an exception"); }};
};

dispatch::dispatcher_options quick()
{
    dispatch::dispatcher_options o;
    o.lanes = 4;
    o.patience = 5ms;
    return o;
}

using key_list = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(dispatcher_journal)

BOOST_AUTO_TEST_CASE(a_slow_lane_delays_no_other)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        journal::memory_journal journal;
        const auto limit = deadline::after(5s);
        for (int i = 0; i < 3; ++i) // more of it than there are places
            for (const char* room : {"blocked", "a", "b", "c", "d"})
                co_await journal.append(an_event(room + std::to_string(i), room), limit);
        run_of_postern first(io, journal, quick());
        co_await first.act.until(first.act.ended, 12);
        BOOST_TEST(first.act.ended.size() == 12u);

        std::map<char, key_list> lanes;
        for (const auto& key : first.act.ended)
            lanes[key.front()].push_back(key);
        BOOST_TEST(lanes.size() == 4u);
        for (const auto& [lane, order] : lanes)
            BOOST_TEST(std::is_sorted(order.begin(), order.end()));
        const bool stopped = co_await wind_down(first.owner, 4'000ms);
        BOOST_TEST(stopped);
        BOOST_TEST(journal.unfinished() == 3u);
    });
}

BOOST_AUTO_TEST_CASE(what_did_not_finish_at_the_stop_is_handed_out_at_the_next_start)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        journal::memory_journal journal;
        const auto limit = deadline::after(5s);
        co_await journal.append(an_event("1", "blocked"), limit);
        co_await journal.append(an_event("2", "blocked"), limit);
        co_await journal.append(an_event("3", "a"), limit);
        {
            run_of_postern first(io, journal, quick());
            co_await first.act.until(first.act.ended, 1);
            const bool stopped = co_await wind_down(first.owner, 4'000ms);
            BOOST_TEST(stopped);
            BOOST_TEST((first.act.begun == key_list{"1", "3"}));
        }
        BOOST_TEST(journal.unfinished() == 2u);
        BOOST_TEST(!journal.find("1").has_value());
        BOOST_TEST(journal.find("3").has_value());

        run_of_postern second(io, journal, quick());
        co_await second.act.until(second.act.begun, 1);
        const bool stopped = co_await wind_down(second.owner, 4'000ms);
        BOOST_TEST(stopped);
        BOOST_TEST((second.act.begun == key_list{"1"})); // the second of its lane still waits for it
        BOOST_TEST(journal.unfinished() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(work_that_ends_within_the_patience_is_finished)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        journal::memory_journal journal;
        auto options = quick();
        options.patience = 4'000ms;
        const auto limit = deadline::after(5s);
        for (const char* room : {"a", "b", "c", "d", "e"})
            co_await journal.append(an_event(room, room), limit);
        run_of_postern only(io, journal, options);
        co_await only.act.until(only.act.ended, 1);
        const auto begun = only.act.begun.size();
        const bool stopped = co_await wind_down(only.owner, 4'000ms);
        BOOST_TEST(stopped);
        BOOST_TEST(only.act.ended.size() >= begun);
        BOOST_TEST(only.act.ended.size() == only.act.begun.size());
        BOOST_TEST(journal.unfinished() == 5u - only.act.ended.size());
    });
}

BOOST_AUTO_TEST_SUITE_END()
