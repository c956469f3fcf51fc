#include "postern/guard/verdict_cache.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;

namespace {

struct fixture
{
    guard::verdict_cache cache{3, 1'000, 10s};
    guard::verdict_cache::time_point now = deadline::clock::now();

    static std::shared_ptr<const guard::known> yes(std::size_t members = 0)
    {
        guard::known k;
        k.said.what = verdict::admitted;
        for (std::size_t i = 0; i < members; ++i)
            k.members.push_back(i);
        return std::make_shared<const guard::known>(std::move(k));
    }
    bool keep(const std::string& name, std::size_t members = 0)
    {
        return cache.keep(cache.ask(name, now), yes(members));
    }
    bool knows(const std::string& name) { return cache.peek(name, now) != nullptr; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(verdict_cache)

BOOST_FIXTURE_TEST_CASE(a_verdict_is_known_until_it_is_too_old, fixture)
{
    BOOST_TEST(!cache.find("a", now));
    BOOST_TEST(keep("a"));
    now += 10s - 1ms;
    BOOST_TEST(!!cache.find("a", now));
    now += 1ms;
    BOOST_TEST(!cache.peek("a", now));
    BOOST_TEST(!cache.find("a", now));
    BOOST_TEST(cache.size() == 0u);
    BOOST_TEST(cache.weight() == 0u);
}

BOOST_FIXTURE_TEST_CASE(an_answer_grows_old_from_its_question_on, fixture)
{
    const auto asked = cache.ask("a", now);
    now += 9s;
    BOOST_TEST(cache.keep(asked, yes()));
    now += 1s;
    BOOST_TEST(!knows("a"));
}

BOOST_FIXTURE_TEST_CASE(the_one_asked_for_least_recently_goes_first, fixture)
{
    keep("a"), keep("b"), keep("c");
    BOOST_TEST(!!cache.find("a", now));
    BOOST_TEST(!!cache.peek("b", now)); // that is not asking
    keep("d");
    BOOST_TEST(cache.size() == 3u);
    BOOST_TEST(!knows("b"));
    BOOST_TEST(knows("a"));
    BOOST_TEST(knows("c"));
    BOOST_TEST(knows("d"));
}

BOOST_FIXTURE_TEST_CASE(remembered_members_are_bounded_by_their_sum, fixture)
{
    keep("a", 400), keep("b", 400);
    BOOST_TEST(cache.size() == 2u);
    keep("c", 400);
    BOOST_TEST(!knows("a"));
    BOOST_TEST(cache.weight() <= 1'000u);
    keep("d", 5'000);
    BOOST_TEST(knows("d"));
    BOOST_TEST(cache.size() == 1u);
    keep("d", 10); // anew
    BOOST_TEST(cache.size() == 1u);
    BOOST_TEST(cache.weight() < 100u);
}

BOOST_FIXTURE_TEST_CASE(an_answer_asked_for_before_the_name_was_forgotten_is_not_kept, fixture)
{
    const auto early = cache.ask("a", now);
    const auto other = cache.ask("b", now);
    cache.forget("a");
    const auto late = cache.ask("a", now);
    BOOST_TEST(!cache.counts(early));
    BOOST_TEST(cache.counts(late));
    BOOST_TEST(cache.keep(late, yes()));
    BOOST_TEST(!cache.keep(early, yes()));
    BOOST_TEST(knows("a"));
    BOOST_TEST(cache.keep(other, yes()));
    cache.forget("a");
    BOOST_TEST(!knows("a"));
    BOOST_TEST(knows("b"));
}

BOOST_FIXTURE_TEST_CASE(all_can_be_forgotten, fixture)
{
    const auto early = cache.ask("a", now);
    keep("b");
    cache.forget_all();
    BOOST_TEST(!cache.keep(early, yes()));
    BOOST_TEST(cache.size() == 0u);
    BOOST_TEST(cache.weight() == 0u);
    BOOST_TEST(keep("a"));
}

BOOST_FIXTURE_TEST_CASE(what_was_forgotten_is_noted_within_bounds_and_never_wrongly, fixture)
{
    const auto early = cache.ask("a", now);
    cache.forget("a");
    for (int i = 0; i < 30'000; ++i)
        cache.forget("room " + std::to_string(i));
    BOOST_TEST(!cache.counts(early));
    BOOST_TEST(cache.counts(cache.ask("a", now)));
    BOOST_TEST(cache.counts(cache.ask("room 7", now)));
}

BOOST_FIXTURE_TEST_CASE(an_event_makes_it_forget_once, fixture)
{
    cache.forget("a", "event 1");
    keep("a");
    cache.forget_once("a", "event 1");
    BOOST_TEST(knows("a"));
    cache.forget_once("a", "event 2");
    BOOST_TEST(!knows("a"));
    keep("a");
    cache.forget("a", "event 1"); // heard again
    BOOST_TEST(!knows("a"));
}

BOOST_FIXTURE_TEST_CASE(failures_in_a_row_are_counted_for_each_name, fixture)
{
    const auto a = cache.ask("a", now);
    BOOST_TEST(cache.failed(a) == 1u);
    BOOST_TEST(cache.failed(a) == 2u);
    BOOST_TEST(cache.failed(cache.ask("b", now)) == 1u);
    cache.keep(a, yes());
    BOOST_TEST(cache.failed(a) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
