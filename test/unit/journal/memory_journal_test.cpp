#include "postern/journal/memory_journal.hpp"

#include "conformance.hpp"
#include "support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <stdexcept>

using namespace postern;
using namespace std::chrono_literals;
using test::an_event;

namespace {

class opened final : public test::opened_journal
{
public:
    explicit opened(journal::memory_journal_options o) : journal_(std::move(o)) {}
    journal::journal& whole() override { return journal_; }

private:
    journal::memory_journal journal_;
};

const auto limit = deadline::after(1h);

awaitable<void> keep_and_settle(journal::memory_journal& j, event what, outcome became)
{
    const auto kept = co_await j.append(std::move(what), limit);
    BOOST_TEST_REQUIRE(kept.has_value());
    const auto claimed = co_await j.consumer("bot").claim(limit);
    BOOST_TEST_REQUIRE(claimed.has_value());
    const auto written = co_await j.consumer("bot").settle((*claimed)->record, std::move(became), limit);
    BOOST_TEST_REQUIRE(written.has_value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_journal)

const bool conforms = test::add_journal_conformance([](net::any_io_executor, test::journal_limits l) {
    journal::memory_journal_options o;
    o.unfinished = l.unfinished;
    o.consumers = l.consumers;
    o.values = l.values;
    return std::make_unique<opened>(std::move(o));
});

BOOST_AUTO_TEST_CASE(the_bytes_it_holds_are_bounded)
{
    test::run([](net::io_context&) -> awaitable<void> {
        journal::memory_journal_options options;
        options.unfinished_bytes = 100;
        journal::memory_journal j(options);

        auto large = an_event("large");
        large.body.assign(60, 'x');
        const auto kept = co_await j.append(large, limit);
        BOOST_TEST(kept.has_value());
        large.key = "large too";
        auto second = co_await j.append(large, limit);
        BOOST_TEST_REQUIRE(second.has_error());
        BOOST_TEST(second.error().is(errc::journal_full));
        BOOST_TEST(j.state().taking); // it may be less next time

        const auto claimed = co_await j.consumer("bot").claim(limit);
        const auto written = co_await j.consumer("bot").settle((*claimed)->record, outcome::done(), limit);
        BOOST_TEST(written.has_value());
        second = co_await j.append(large, limit);
        BOOST_TEST(second.has_value());
    });
}

BOOST_AUTO_TEST_CASE(the_rooms_it_knows_are_bounded)
{
    test::run([](net::io_context&) -> awaitable<void> {
        journal::memory_journal_options options;
        options.rooms = 2;
        journal::memory_journal j(options);
        for (const char* room : {"a", "b", "c"})
        {
            const auto kept = co_await j.append(an_event(room, room), limit);
            BOOST_TEST(kept.has_value());
        }
        const auto rooms = co_await j.rooms("bot", limit);
        BOOST_TEST(rooms->size() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(a_consumer_it_was_not_opened_with_is_a_mistake)
{
    journal::memory_journal j;
    BOOST_CHECK_THROW(j.consumer("nobody"), std::logic_error);
}

BOOST_AUTO_TEST_CASE(only_the_latest_keys_are_remembered)
{
    test::run([](net::io_context&) -> awaitable<void> {
        journal::memory_journal_options options;
        options.remembered = 2;
        journal::memory_journal j(options);
        for (const char* key : {"1", "2", "3"})
            co_await keep_and_settle(j, an_event(key), outcome::done());
        const auto third = co_await j.append(an_event("3"), limit);
        BOOST_TEST(!third->fresh);
        const auto second = co_await j.append(an_event("2"), limit);
        BOOST_TEST(!second->fresh);
        const auto first = co_await j.append(an_event("1"), limit);
        BOOST_TEST(first->fresh);
    });
}

BOOST_AUTO_TEST_CASE(what_became_of_an_event_can_be_asked)
{
    test::run([](net::io_context&) -> awaitable<void> {
        journal::memory_journal j;
        const std::vector<outcome> ends{outcome::done("a note"), outcome::ignored("nothing to do"),
                                        outcome::dead("never")};
        for (const auto& end : ends)
        {
            const auto key = std::string(to_string(end.what));
            co_await keep_and_settle(j, an_event(key), outcome::retry("not now", 0ms));
            BOOST_TEST(!j.find(key).has_value());
            const auto claimed = co_await j.consumer("bot").claim(limit);
            const auto& d = **claimed;
            BOOST_TEST(!j.find(key).has_value());
            const auto written = co_await j.consumer("bot").settle(d.record, end, limit);
            BOOST_TEST(written.has_value());

            const auto told = j.find(key);
            BOOST_TEST_REQUIRE(told.has_value());
            BOOST_TEST(told->record == d.record);
            BOOST_TEST(told->consumer == "bot");
            BOOST_TEST(told->bot == "bot");
            BOOST_TEST(told->key == key);
            BOOST_TEST((told->what == end.what));
            BOOST_TEST(told->reason == end.reason);
            BOOST_TEST(told->attempts == 2u);
            BOOST_TEST((told->at.time_since_epoch() > 0s));
            BOOST_TEST(!told->guard.has_value());
        }
    });
}

BOOST_AUTO_TEST_CASE(what_the_guard_said_last_can_be_asked)
{
    test::run([](net::io_context&) -> awaitable<void> {
        journal::memory_journal j;
        auto became = outcome::retry("the guard cannot decide: timed out", 0ms);
        became.guard = judgement{verdict::undecided, "timed out", false};
        co_await keep_and_settle(j, an_event("1"), became);
        const auto claimed = co_await j.consumer("bot").claim(limit);
        became = outcome::ignored("the guard does not admit it: eve is no member");
        became.guard = judgement{verdict::refused, "eve is no member", true};
        const auto written = co_await j.consumer("bot").settle((*claimed)->record, became, limit);
        BOOST_TEST(written.has_value());
        const auto told = j.find("1");
        BOOST_TEST_REQUIRE(told.has_value());
        BOOST_TEST_REQUIRE(told->guard.has_value());
        BOOST_TEST((told->guard->what == verdict::refused));
        BOOST_TEST(told->guard->reason == "eve is no member");
        BOOST_TEST(told->guard->cached);
    });
}

BOOST_AUTO_TEST_CASE(the_history_is_bounded)
{
    test::run([](net::io_context&) -> awaitable<void> {
        journal::memory_journal_options options;
        options.history = 2;
        journal::memory_journal j(options);
        for (const char* key : {"1", "2", "3"})
            co_await keep_and_settle(j, an_event(key), outcome::ignored("nothing to do"));
        BOOST_TEST(!j.find("1").has_value());
        BOOST_TEST(j.find("2").has_value());
        BOOST_TEST(j.find("3").has_value());
    });
}

BOOST_AUTO_TEST_CASE(a_claim_left_behind_by_its_context_does_no_harm)
{
    journal::memory_journal j;
    {
        net::io_context gone(1);
        net::co_spawn(gone, j.consumer("bot").claim(limit), [](std::exception_ptr, auto) {});
        gone.run_for(1ms);
    }
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto kept = co_await j.append(an_event("1"), limit);
        BOOST_TEST(kept.has_value());
    });
}

BOOST_AUTO_TEST_SUITE_END()
