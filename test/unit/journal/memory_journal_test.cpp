#include "postern/journal/memory_journal.hpp"

#include "conformance.hpp"
#include "support/run.hpp"

#include <boost/asio/io_context.hpp>

using namespace postern;
using namespace std::chrono_literals;

namespace {

class opened final : public test::opened_journal
{
public:
    explicit opened(journal::memory_journal_options o) : journal_(o) {}
    journal_port& port() override { return journal_; }
    std::optional<journal::settled> find(std::string key) override { return journal_.find(key); }

private:
    journal::memory_journal journal_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(memory_journal)

const bool conforms = test::add_journal_conformance([](test::journal_limits l) {
    journal::memory_journal_options o;
    o.unfinished = l.unfinished;
    o.remembered = l.remembered;
    o.history = l.history;
    return std::make_unique<opened>(o);
});

BOOST_AUTO_TEST_CASE(the_bytes_it_holds_are_bounded)
{
    test::run([](net::io_context&) -> awaitable<void> {
        journal::memory_journal_options options;
        options.unfinished_bytes = 100;
        journal::memory_journal j(options);
        const auto limit = deadline::after(5s);

        auto large = test::an_event("large");
        large.body.assign(60, 'x');
        const auto kept = co_await j.append(large, limit);
        BOOST_TEST(kept.has_value());
        large.key = "large too";
        auto second = co_await j.append(large, limit);
        BOOST_TEST_REQUIRE(second.has_error());
        BOOST_TEST(second.error().is(errc::journal_full));

        const auto claimed = co_await j.claim(limit);
        const auto written = co_await j.settle((*claimed)->record, outcome::done(), limit);
        BOOST_TEST(written.has_value());
        second = co_await j.append(large, limit);
        BOOST_TEST(second.has_value());
    });
}

BOOST_AUTO_TEST_CASE(it_counts_what_is_not_over)
{
    test::run([](net::io_context&) -> awaitable<void> {
        journal::memory_journal j;
        const auto limit = deadline::after(5s);
        co_await j.append(test::an_event("1"), limit);
        co_await j.append(test::an_event("2"), limit);
        BOOST_TEST(j.unfinished() == 2u);
        const auto claimed = co_await j.claim(limit);
        BOOST_TEST(j.unfinished() == 2u);
        co_await j.settle((*claimed)->record, outcome::done(), limit);
        BOOST_TEST(j.unfinished() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_claim_left_behind_by_its_context_does_no_harm)
{
    journal::memory_journal j;
    {
        net::io_context gone(1);
        net::co_spawn(gone, j.claim(deadline::after(1h)), [](std::exception_ptr, auto) {});
        gone.run_for(1ms);
    }
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto kept = co_await j.append(test::an_event("1"), deadline::after(5s));
        BOOST_TEST(kept.has_value());
    });
}

BOOST_AUTO_TEST_SUITE_END()
