#include "postern/dispatch/dispatcher.hpp"

#include "postern/base/within.hpp"
#include "scripted_journal.hpp"
#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

using namespace postern;
using namespace std::chrono_literals;
using test::a_delivery;

namespace {

// Does what its script says for a key: answer, throw, hang, or hang so that only the last word ends it.
class scripted_act final : public act_port
{
public:
    std::map<std::string, outcome> answers; // done for any other key
    std::string throws, hangs;              // these keys
    std::chrono::milliseconds takes{0};     // every answer
    std::vector<std::string> begun;         // in order
    std::size_t now = 0, most = 0;          // at the same time
    std::size_t cut = 0;                    // hangs that were ended from outside

    awaitable<outcome> act(delivery d, deadline limit) override
    {
        begun.push_back(d.what.key);
        if (enough_ && begun.size() >= awaited_)
            enough_->cancel();
        most = std::max(most, ++now);
        BOOST_TEST(!limit.passed());
        if (takes > 0ms)
            co_await pause_for(takes);
        if (d.what.key == hangs)
        {
            net::steady_timer never(co_await net::this_coro::executor, net::steady_timer::time_point::max());
            const auto [ec] = co_await never.async_wait(as_result);
            cut += ec ? 1 : 0;
        }
        --now;
        if (d.what.key == throws)
            throw std::logic_error("the text of a message");
        const auto said = answers.find(d.what.key);
        co_return said == answers.end() ? outcome::done() : said->second;
    }

    // Until that many have begun, or the runner's patience is nearly over.
    awaitable<void> until_begun(std::size_t count)
    {
        if (begun.size() >= count)
            co_return;
        awaited_ = count;
        enough_.emplace(co_await net::this_coro::executor, 4s);
        co_await enough_->async_wait(as_result);
        enough_.reset();
    }

private:
    std::size_t awaited_ = 0;
    std::optional<net::steady_timer> enough_;
};

dispatch::dispatcher_options quick()
{
    dispatch::dispatcher_options o;
    o.lanes = 4;
    o.journal = backoff{1ms, 2ms};
    o.patience = 4'000ms;
    return o;
}

struct house
{
    explicit house(net::io_context& io, dispatch::dispatcher_options o = quick())
        : strand(io.get_executor()), options(o)
    {
    }

    // Nothing runs before; the journal and the handlers are scripted by then.
    void start()
    {
        dispatcher.emplace(
            strand, journal, act, options, log.writer, [this](hop_record r) { hops.push_back(std::move(r)); },
            [this] { return clock; });
        owner.spawn(strand, [this] { return dispatcher->run(); });
    }

    awaitable<void> stop(std::chrono::milliseconds patience = 4'000ms)
    {
        stopped = co_await wind_down(owner, patience);
        BOOST_TEST(stopped);
        BOOST_TEST(dispatcher->busy() == 0u);
    }

    net::any_io_executor strand;
    dispatch::dispatcher_options options;
    wall_time clock = std::chrono::system_clock::now();
    test::captured_log log;
    test::scripted_journal journal;
    scripted_act act;
    std::vector<hop_record> hops;
    std::optional<dispatch::dispatcher> dispatcher;
    task_scope owner{[](std::exception_ptr) { BOOST_ERROR("run() ended with an exception"); }};
    bool stopped = false;
};

} // namespace

BOOST_AUTO_TEST_SUITE(dispatcher)

BOOST_AUTO_TEST_CASE(a_delivery_is_acted_on_and_its_outcome_written_back)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        h.journal.work = {a_delivery(1, "a"), a_delivery(2, "b"), a_delivery(3, "c")};
        h.act.answers.emplace("b", outcome::ignored("nothing to do"));
        h.act.answers.emplace("c", outcome::dead("never"));
        h.start();
        co_await h.journal.until_written(3);
        BOOST_TEST_REQUIRE(h.journal.written.size() == 3u);
        BOOST_TEST((h.journal.outcome_of(1)->what == outcome::kind::done));
        BOOST_TEST((h.journal.outcome_of(2)->what == outcome::kind::ignored));
        BOOST_TEST(h.journal.outcome_of(2)->reason == "nothing to do");
        BOOST_TEST((h.journal.outcome_of(3)->what == outcome::kind::dead));
        BOOST_TEST(h.hops.empty()); // what the handler says, act_port tells
        co_await h.stop();
    });
}

BOOST_AUTO_TEST_CASE(deliveries_run_side_by_side_up_to_the_bound)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        for (record_id i = 1; i <= 10; ++i)
            h.journal.work.push_back(a_delivery(i, std::to_string(i)));
        h.act.takes = 20ms;
        h.start();
        co_await h.journal.until_written(10);
        BOOST_TEST(h.journal.written.size() == 10u);
        BOOST_TEST(h.act.most == 4u);
        co_await h.stop();
    });
}

BOOST_AUTO_TEST_CASE(a_handler_that_hangs_delays_no_other)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        h.journal.work = {a_delivery(1, "hang"), a_delivery(2, "b"), a_delivery(3, "c")};
        h.act.hangs = "hang";
        h.options.patience = 1ms;
        h.start();
        co_await h.journal.until_written(2);
        BOOST_TEST_REQUIRE(h.journal.written.size() == 2u);
        BOOST_TEST(h.journal.outcome_of(2) != nullptr);
        BOOST_TEST(h.journal.outcome_of(3) != nullptr);
        BOOST_TEST(h.dispatcher->busy() >= 1u);
        co_await h.stop();
    });
}

BOOST_AUTO_TEST_CASE(a_handler_that_hangs_is_cut_off_at_its_deadline_and_tried_again)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        auto options = quick();
        options.handler_deadline = 5ms;
        house h(io, options);
        h.journal.work = {a_delivery(1, "hang")};
        h.act.hangs = "hang";
        h.start();
        co_await h.journal.until_written(1);
        BOOST_TEST_REQUIRE(h.journal.written.size() == 1u);
        const auto& became = h.journal.written[0].second;
        BOOST_TEST((became.what == outcome::kind::retry));
        BOOST_TEST((became.pause >= 1'000ms));
        BOOST_TEST(h.act.cut == 1u);
        BOOST_TEST(h.log.says("no answer in time"));
        BOOST_TEST_REQUIRE(h.hops.size() == 1u);
        BOOST_TEST((h.hops[0].what == hop::failed));
        BOOST_TEST(h.hops[0].key == "hang");
        BOOST_TEST(h.hops[0].data_id == "data of hang");
        co_await h.stop();
    });
}

BOOST_AUTO_TEST_CASE(a_handler_that_fails_every_time_has_its_event_parked_with_the_reason)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        h.act.throws = "throw";
        for (unsigned attempt = 1; attempt <= 5; ++attempt)
            h.journal.work.push_back(a_delivery(1, "throw", attempt));
        h.start();
        co_await h.journal.until_written(5);
        BOOST_TEST_REQUIRE(h.journal.written.size() == 5u);
        for (std::size_t i = 0; i < 4; ++i)
            BOOST_TEST((h.journal.written[i].second.what == outcome::kind::retry));
        const auto& parked = h.journal.written[4].second;
        BOOST_TEST((parked.what == outcome::kind::dead));
        BOOST_TEST(parked.reason.starts_with("given up after 5 attempts: handling the event"));
        BOOST_TEST(h.log.says("event parked"));
        BOOST_TEST_REQUIRE(h.hops.size() == 5u);
        BOOST_TEST(h.hops[4].key == "throw");
        BOOST_TEST(h.hops[4].note == parked.reason);
        co_await h.stop();
    });
}

BOOST_AUTO_TEST_CASE(an_event_that_waits_for_the_cloud_is_tried_until_it_is_too_old)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        auto options = quick();
        options.claim_deadline = 1ms;
        house h(io, options);
        h.act.answers.emplace("a", outcome::retry("the target answered 500", 3ms));
        for (unsigned attempt = 1; attempt <= 7; ++attempt)
            h.journal.work.push_back(a_delivery(1, "a", attempt));
        h.start();
        co_await h.journal.until_written(7);
        BOOST_TEST_REQUIRE(h.journal.written.size() == 7u);
        for (const auto& [record, became] : h.journal.written)
        {
            BOOST_TEST((became.what == outcome::kind::retry));
            BOOST_TEST((became.pause == 3ms));
        }
        BOOST_TEST(h.hops.empty()); // what the handler says, act_port tells

        h.journal.written.clear();
        h.clock += 12h + 1min;
        h.journal.work.push_back(a_delivery(1, "a", 8));
        co_await h.journal.until_written(1);
        BOOST_TEST_REQUIRE(h.journal.written.size() == 1u);
        const auto& parked = h.journal.written[0].second;
        BOOST_TEST((parked.what == outcome::kind::dead));
        BOOST_TEST(parked.reason == "given up 12 hours after it came: the target answered 500");
        BOOST_TEST(h.log.says("event parked"));
        BOOST_TEST_REQUIRE(h.hops.size() == 1u);
        BOOST_TEST((h.hops[0].what == hop::failed));
        co_await h.stop();
    });
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_a_failed_attempt_and_its_words_stay_inside)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        h.journal.work = {a_delivery(1, "throw"), a_delivery(2, "b")};
        h.act.throws = "throw";
        h.start();
        co_await h.journal.until_written(2);
        BOOST_TEST_REQUIRE(h.journal.outcome_of(1) != nullptr);
        BOOST_TEST((h.journal.outcome_of(1)->what == outcome::kind::retry));
        BOOST_TEST(h.journal.outcome_of(1)->reason.find("std::logic_error") != std::string::npos);
        BOOST_TEST(!h.log.says("the text of a message"));
        BOOST_TEST(h.log.says("std::logic_error"));
        co_await h.stop();
    });
}

BOOST_AUTO_TEST_CASE(a_journal_that_gives_no_work_is_asked_again)
{
    for (const bool throws : {false, true})
        test::run([throws](net::io_context& io) -> awaitable<void> {
            house h(io);
            h.journal.throws = throws;
            h.journal.failing_claims = 5;
            h.journal.work = {a_delivery(1, "a")};
            h.start();
            co_await h.journal.until_written(1);
            BOOST_TEST(h.journal.written.size() == 1u);
            BOOST_TEST(h.log.says("the journal gives no work"));
            co_await h.stop();
        });
}

BOOST_AUTO_TEST_CASE(a_question_for_work_that_finds_none_is_asked_again)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        auto options = quick();
        options.claim_deadline = 1ms;
        house h(io, options);
        h.start();
        co_await pause_for(5ms); // several empty answers
        h.journal.work = {a_delivery(1, "a")};
        co_await h.journal.until_written(1);
        BOOST_TEST(h.journal.written.size() == 1u);
        co_await h.stop();
    });
}

BOOST_AUTO_TEST_CASE(an_outcome_the_journal_does_not_take_is_offered_until_it_does)
{
    for (const bool throws : {false, true})
        test::run([throws](net::io_context& io) -> awaitable<void> {
            house h(io);
            h.journal.throws = throws;
            h.journal.failing_settles = 5;
            h.journal.work = {a_delivery(1, "a")};
            h.start();
            co_await h.journal.until_written(1);
            BOOST_TEST(h.journal.written.size() == 1u);
            BOOST_TEST(h.act.begun.size() == 1u); // offered again, not done again
            BOOST_TEST(h.journal.settle_calls == 6);
            BOOST_TEST(h.log.says("the journal does not take an outcome"));
            co_await h.stop();
        });
}

BOOST_AUTO_TEST_CASE(an_outcome_for_a_claim_the_journal_does_not_know_is_reported_once)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        h.journal.hopeless_settles = 1;
        h.journal.work = {a_delivery(1, "a"), a_delivery(2, "b")};
        h.start();
        co_await h.journal.until_written(1);
        co_await h.stop();
        BOOST_TEST(h.journal.settle_calls == 2);
        BOOST_TEST(h.journal.written.size() == 1u);
        BOOST_TEST(h.log.says("outcome not written"));
    });
}

BOOST_AUTO_TEST_CASE(a_stop_while_idle_is_prompt)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        h.start();
        co_await h.stop(2'000ms);
        BOOST_TEST(h.act.begun.empty());
        BOOST_TEST(!h.log.says("the journal gives no work"));
    });
}

BOOST_AUTO_TEST_CASE(at_a_stop_work_under_way_ends_and_nothing_new_begins)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        auto options = quick();
        options.lanes = 2;
        house h(io, options);
        h.act.takes = 20ms;
        for (record_id i = 1; i <= 5; ++i)
            h.journal.work.push_back(a_delivery(i, std::to_string(i)));
        h.start();
        co_await h.act.until_begun(2);
        co_await h.stop();
        BOOST_TEST(h.act.begun.size() == 2u);
        BOOST_TEST(h.journal.written.size() == 2u);
        for (const auto& [record, became] : h.journal.written)
            BOOST_TEST((became.what == outcome::kind::done), "record " << record);
        BOOST_TEST(h.journal.work.size() == 3u);
    });
}

BOOST_AUTO_TEST_CASE(what_outlives_the_patience_is_cut_off_and_given_back_however_often_it_was_tried)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        auto options = quick();
        options.patience = 5ms;
        options.attempts = 1;
        house h(io, options);
        h.clock += 48h;
        h.journal.work = {a_delivery(1, "hang", 5)};
        h.act.hangs = "hang";
        h.start();
        co_await h.act.until_begun(1);
        co_await h.stop();
        BOOST_TEST(h.act.cut == 1u);
        BOOST_TEST_REQUIRE(h.journal.written.size() == 1u);
        BOOST_TEST((h.journal.written[0].second.what == outcome::kind::retry));
        BOOST_TEST((h.journal.written[0].second.pause == 0ms));
        BOOST_TEST(h.log.says("cutting off what is still under way"));
    });
}

BOOST_AUTO_TEST_CASE(trouble_that_ends_within_the_patience_of_a_stop_parks_nothing)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        auto options = quick();
        options.attempts = 1;
        house h(io, options);
        h.clock += 48h;
        h.journal.work = {a_delivery(1, "throw"), a_delivery(2, "b")};
        h.act.throws = "throw";
        h.act.answers.emplace("b", outcome::retry("Webex is unavailable", 0ms));
        h.act.takes = 20ms;
        h.start();
        co_await h.act.until_begun(2);
        co_await h.stop();
        BOOST_TEST_REQUIRE(h.journal.written.size() == 2u);
        for (const auto& [record, became] : h.journal.written)
            BOOST_TEST((became.what == outcome::kind::retry), "record " << record);
    });
}

BOOST_AUTO_TEST_CASE(a_second_word_from_the_owner_ends_the_patience)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io); // its own patience is four seconds
        h.journal.work = {a_delivery(1, "hang")};
        h.act.hangs = "hang";
        h.start();
        co_await h.act.until_begun(1);
        co_await h.stop(5ms);
        BOOST_TEST(h.act.cut == 1u);
        BOOST_TEST(h.journal.written.size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_broken_journal_does_not_hold_up_the_stop)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        h.journal.failing_settles = 1'000'000;
        h.journal.work = {a_delivery(1, "a")};
        h.start();
        co_await h.act.until_begun(1);
        co_await h.stop(2'000ms);
        BOOST_TEST(h.journal.written.empty());
        BOOST_TEST(h.log.says("outcome not written"));
    });
}

BOOST_AUTO_TEST_SUITE_END()
