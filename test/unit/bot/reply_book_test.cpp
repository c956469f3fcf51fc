#include "postern/bot/no_code/reply_book.hpp"

#include "support/run.hpp"

#include <set>
#include <string>

using namespace postern;
using namespace std::chrono_literals;
using book = no_code::reply_book;
using state = book::state;

namespace {

const book::clock::time_point now = book::clock::time_point{} + 1000h;

book::speaker silent()
{
    return [](no_code::spoken) -> awaitable<result<>> { co_return result<>(); };
}

} // namespace

BOOST_AUTO_TEST_SUITE(reply_book)

BOOST_AUTO_TEST_CASE(a_url_is_used_once_and_then_over)
{
    book b({});
    const auto id = b.open(silent(), {}, now);
    BOOST_TEST(id.size() == 32u);
    BOOST_TEST((b.look(id, now) == state::open));
    BOOST_TEST((b.look(id, now) == state::open)); // looking uses nothing
    const auto first = b.take(id, now);
    BOOST_TEST((first.found == state::open));
    BOOST_TEST(static_cast<bool>(first.say));
    BOOST_TEST((b.take(id, now).found == state::over));
    BOOST_TEST((b.look(id, now) == state::over));
}

BOOST_AUTO_TEST_CASE(it_may_be_good_for_several_uses)
{
    book b({});
    const auto id = b.open(silent(), {1min, 3}, now);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST((b.take(id, now).found == state::open));
    BOOST_TEST((b.take(id, now).found == state::over));
}

BOOST_AUTO_TEST_CASE(it_ends_with_its_time)
{
    book b({});
    const auto id = b.open(silent(), {1min, 1}, now);
    BOOST_TEST((b.look(id, now + 59s) == state::open));
    BOOST_TEST((b.take(id, now + 60s).found == state::over));
    BOOST_TEST((b.look(id, now + 60s) == state::over));
}

BOOST_AUTO_TEST_CASE(nobody_knows_an_id_that_was_never_given)
{
    book b({});
    b.open(silent(), {}, now);
    for (const auto* id : {"", "0", "00000000000000000000000000000000"})
        BOOST_TEST((b.take(id, now).found == state::unknown));
}

BOOST_AUTO_TEST_CASE(a_use_that_came_to_nothing_is_given_back)
{
    book b({});
    const auto id = b.open(silent(), {1min, 1}, now);
    auto used = b.take(id, now);
    b.give_back(id, used.say, now);
    BOOST_TEST((b.take(id, now).found == state::open));
    b.give_back(id, used.say, now + 1min); // too late
    BOOST_TEST((b.take(id, now).found == state::over));
}

BOOST_AUTO_TEST_CASE(when_too_many_are_open_the_oldest_ends)
{
    book b({2, 10});
    const auto first = b.open(silent(), {}, now);
    const auto second = b.open(silent(), {}, now);
    const auto third = b.open(silent(), {}, now);
    BOOST_TEST((b.look(first, now) == state::over));
    BOOST_TEST((b.look(second, now) == state::open));
    BOOST_TEST((b.look(third, now) == state::open));
}

BOOST_AUTO_TEST_CASE(what_is_closed_is_over_and_only_so_many_of_these_are_known)
{
    book b({10, 2});
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i)
        ids.push_back(b.open(silent(), {}, now));
    for (const auto& id : ids)
        b.close(id);
    BOOST_TEST((b.look(ids[0], now) == state::unknown));
    BOOST_TEST((b.look(ids[1], now) == state::over));
    BOOST_TEST((b.look(ids[2], now) == state::over));
    b.close("nobody's");
}

BOOST_AUTO_TEST_CASE(requests_are_bounded_in_a_second_whatever_they_ask_for)
{
    book b({10, 10, 2, 3});
    for (int i = 0; i < 3; ++i)
        BOOST_TEST((b.look("x", now) == state::unknown));
    BOOST_TEST((b.look("x", now) == state::busy));
    BOOST_TEST((b.look("x", now + 500ms) == state::unknown));
    BOOST_TEST((b.look("x", now + 500ms) == state::busy));
}

BOOST_AUTO_TEST_CASE(ids_are_all_different)
{
    book b({});
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i)
        seen.insert(b.open(silent(), {}, now));
    BOOST_TEST(seen.size() == 100u);
}

BOOST_AUTO_TEST_CASE(at_the_end_all_that_was_held_is_let_go)
{
    book b({});
    const auto held = std::make_shared<int>(1);
    b.open([held](no_code::spoken) -> awaitable<result<>> { co_return result<>(); }, {}, now);
    BOOST_TEST(held.use_count() == 2);
    b.close_all();
    BOOST_TEST(held.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
