#include "postern/bot/commands/cooldown.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;

namespace {

struct book
{
    matching::cooldown_book entries{3};
    record_id record = 0;

    std::string ask(const std::string& name, std::chrono::milliseconds at, record_id again = 0)
    {
        using kind = matching::cooldown_book::answer::kind;
        const auto a = entries.ask(name, 5s, again ? again : ++record, deadline::clock::time_point{} + at);
        return a.what == kind::run    ? "run"
               : a.what == kind::tell ? "wait " + std::to_string(a.left.count())
                                      : "silent";
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(cooldown)

BOOST_AUTO_TEST_CASE(within_the_time_it_is_told_once_and_then_nothing_is_said)
{
    book b;
    BOOST_TEST(b.ask("a", 0s) == "run");
    BOOST_TEST(b.ask("a", 1s) == "wait 4000");
    BOOST_TEST(b.ask("a", 2s) == "silent");
    BOOST_TEST(b.ask("b", 2s) == "run");
    BOOST_TEST(b.ask("a", 5s) == "run");
    BOOST_TEST(b.ask("a", 6s) == "wait 4000");
}

BOOST_AUTO_TEST_CASE(an_event_that_comes_again_is_answered_as_it_was)
{
    book b;
    BOOST_TEST(b.ask("a", 0s, 70) == "run");
    BOOST_TEST(b.ask("a", 1s, 70) == "run");
    BOOST_TEST(b.ask("a", 1s, 71) == "wait 4000");
    BOOST_TEST(b.ask("a", 2s, 71) == "wait 3000");
    BOOST_TEST(b.ask("a", 2s, 72) == "silent");
}

BOOST_AUTO_TEST_CASE(of_too_many_the_oldest_may_run_early)
{
    book b;
    for (const char* name : {"a", "b", "c", "d"})
        BOOST_TEST(b.ask(name, 0s) == "run");
    BOOST_TEST(b.ask("d", 1s) == "wait 4000");
    BOOST_TEST(b.ask("a", 1s) == "run");
}

BOOST_AUTO_TEST_SUITE_END()
