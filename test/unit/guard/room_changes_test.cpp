// What is heard of a room, and what that does to what is known of it.

#include "guard_scene.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>

using namespace postern;
using namespace postern::test;

namespace {

// Questions that are asked beside the test's own coroutine.
struct fixture : guard_scene
{
    using answer = std::shared_ptr<std::optional<result<judgement>>>;

    awaitable<answer> ask(event e, net::cancellation_slot slot = {})
    {
        auto into = std::make_shared<std::optional<result<judgement>>>();
        const auto executor = co_await net::this_coro::executor;
        auto work = [this, into, e = std::move(e)]() -> awaitable<void> {
            co_await net::this_coro::throw_if_cancelled(false);
            auto j = co_await judge(e);
            into->emplace(std::move(j));
        };
        net::co_spawn(executor, std::move(work),
                      net::bind_cancellation_slot(slot, [](std::exception_ptr) {}));
        co_return into;
    }
    awaitable<void> walks(std::size_t n)
    {
        const bool begun = co_await until([&] { return api->walks() == n; });
        BOOST_TEST(begun);
    }
    static awaitable<bool> comes(answer a)
    {
        const bool came = co_await until([&] { return a->has_value(); });
        co_return came;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(room_changes)

BOOST_FIXTURE_TEST_CASE(an_outsider_joins_and_leaves, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto before = co_await come(said("ann@a"));
        BOOST_TEST(is_admitted(before));

        api->put("hall", {"bot@a", "ann@a", "eve@c"});
        const auto joined = co_await come(happened("memberships:created", "hall", "eve@c"));
        BOOST_TEST(is_refused(joined));
        const auto meanwhile = co_await come(said("ann@a"));
        BOOST_TEST(is_refused(meanwhile));
        BOOST_TEST(meanwhile->cached);

        api->put("hall", {"bot@a", "ann@a"});
        const auto left = co_await come(happened("memberships:deleted", "hall", "eve@c"));
        BOOST_TEST(is_admitted(left));
        const auto after = co_await come(said("ann@a"));
        BOOST_TEST(is_admitted(after));
        BOOST_TEST(api->walks() == 3u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_membership_counts_before_its_turn, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    run_guarded(*this, [&]() -> awaitable<void> {
        co_await come(said("ann@a"));
        const auto waiting = said("ann@a");
        gate->heard(waiting);
        api->put("hall", {"bot@a", "ann@a", "eve@c"});
        gate->heard(happened("memberships:created", "hall", "eve@c")); // behind it in the lane
        const auto j = co_await judge(waiting);
        BOOST_TEST(is_refused(j));
    });
}

BOOST_FIXTURE_TEST_CASE(a_membership_that_nobody_told_of_counts_in_its_turn, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    run_guarded(*this, [&]() -> awaitable<void> {
        co_await judge(said("ann@a"));
        api->put("hall", {"bot@a", "ann@a", "eve@c"});
        co_await judge(happened("memberships:created", "hall", "eve@c"));
        const auto j = co_await judge(said("ann@a"));
        BOOST_TEST(is_refused(j));
        co_await judge(happened("rooms:updated", "hall", "ann@a"));
        BOOST_TEST(api->walks() == 3u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_burst_of_memberships_costs_one_walk, fixture)
{
    run_guarded(*this, [&]() -> awaitable<void> {
        std::vector<event> burst;
        for (const auto* who : {"ann@a", "al@a", "amy@a", "bob@b"})
        {
            burst.push_back(happened("memberships:created", "hall", who));
            gate->heard(burst.back());
        }
        api->put("hall", {"bot@a", "ann@a", "al@a", "amy@a", "bob@b"});
        for (const auto& e : burst)
        {
            const auto j = co_await judge(e);
            BOOST_TEST(is_admitted(j));
        }
        BOOST_TEST(api->walks() == 1u);
    });
}

BOOST_FIXTURE_TEST_CASE(an_outsider_who_posts_before_his_membership_is_told_closes_the_room, fixture)
{
    run_guarded(*this, [&]() -> awaitable<void> {
        for (const auto* kind : {"messages:created", "attachmentActions:created"})
        {
            api->put("hall", {"bot@a", "ann@a"});
            gate->missed();
            co_await come(said("ann@a"));

            api->put("hall", {"bot@a", "ann@a", "eve@c"});
            const auto hers = happened(kind, "hall", "eve@c");
            gate->heard(hers);
            const auto before_hers = co_await judge(said("ann@a")); // it is ahead in the lane
            BOOST_TEST(is_refused(before_hers));
            const auto j = co_await judge(hers);
            BOOST_TEST(is_refused(j));
        }
    });
}

BOOST_FIXTURE_TEST_CASE(a_strangers_words_are_noticed_without_being_told, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    run_guarded(*this, [&]() -> awaitable<void> {
        co_await judge(said("ann@a"));
        api->put("hall", {"bot@a", "ann@a", "eve@c"});
        const auto j = co_await judge(said("eve@c")); // nobody called heard()
        BOOST_TEST(is_refused(j));
    });
}

BOOST_FIXTURE_TEST_CASE(who_spoke_and_left_is_judged_himself, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    api->people = {person("eve@c"), person("al@a")};
    run_guarded(*this, [&]() -> awaitable<void> {
        co_await judge(said("ann@a"));
        const auto stranger = co_await judge(said("eve@c"));
        BOOST_TEST(is_refused(stranger));
        BOOST_TEST(
            stranger->reason.starts_with("its sender is not in the room any more; its sender does not"));
        const auto colleague = co_await judge(said("al@a"));
        BOOST_TEST(is_admitted(colleague));
        const auto room = co_await judge(said("ann@a"));
        BOOST_TEST(is_admitted(room));
        const auto deleted = co_await judge(happened("messages:deleted", "hall", "admin@a"));
        BOOST_TEST(is_admitted(deleted)); // by whom, does not matter
        BOOST_TEST(api->count("get_person") == 2u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_room_is_one_room_however_its_id_is_spelled, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    run_guarded(*this, [&]() -> awaitable<void> {
        co_await judge(said("ann@a"));
        auto news = happened("memberships:created", "hall", "ann@a");
        news.room = format_id({"urn:TEAM:us-west-2_r", "ROOM", uuid_for("hall")});
        gate->heard(news);
        const auto j = co_await judge(said("ann@a"));
        BOOST_TEST(!j->cached);
    });
}

BOOST_FIXTURE_TEST_CASE(a_walk_from_before_the_news_is_not_believed, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    api->shut = true;
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto first = co_await ask(said("ann@a"));
        co_await walks(1); // read, and on its way
        api->put("hall", {"bot@a", "ann@a", "eve@c"});
        gate->heard(happened("memberships:created", "hall", "eve@c"));
        const auto second = co_await ask(said("ann@a"));
        co_await turns();
        BOOST_TEST(api->walks() == 1u); // one at a time
        api->shut = false;
        const bool both = co_await comes(first) && co_await comes(second);
        BOOST_TEST_REQUIRE(both);
        BOOST_TEST(is_refused(**first));
        BOOST_TEST(is_refused(**second));
        BOOST_TEST(api->walks() == 2u);
    });
}

BOOST_FIXTURE_TEST_CASE(who_speaks_while_the_list_is_read_must_be_in_it, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    api->shut = true;
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto asked = co_await ask(said("ann@a"));
        co_await walks(1);
        gate->heard(said("ann@a")); // she is: no second walk for her
        api->put("hall", {"bot@a", "ann@a", "eve@c"});
        gate->heard(said("eve@c"));
        api->shut = false;
        const bool came = co_await comes(asked);
        BOOST_TEST_REQUIRE(came);
        BOOST_TEST(is_refused(**asked));
        BOOST_TEST(api->walks() == 2u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_list_that_is_not_up_to_date_yet_opens_nothing, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    run_guarded(*this, [&]() -> awaitable<void> {
        gate->heard(happened("memberships:created", "hall", "eve@c")); // the list does not know her yet
        const auto early = co_await judge(said("ann@a"));
        BOOST_TEST(early.error().is(errc::bad_response));
        BOOST_TEST(api->walks() == 2u);
        api->put("hall", {"bot@a", "ann@a", "eve@c"});
        const auto later = co_await judge(said("ann@a"));
        BOOST_TEST(is_refused(later));
    });
}

BOOST_FIXTURE_TEST_CASE(who_came_and_went_again_is_not_waited_for, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    run_guarded(*this, [&]() -> awaitable<void> {
        gate->heard(happened("memberships:created", "hall", "eve@c"));
        gate->heard(happened("memberships:deleted", "hall", "eve@c"));
        const auto j = co_await judge(said("ann@a"));
        BOOST_TEST(is_admitted(j));
        auto old = happened("memberships:created", "hall", "eve@c");
        old.from = origin::recovery; // from before he went
        gate->heard(old);
        const auto after = co_await judge(said("ann@a"));
        BOOST_TEST(is_admitted(after));
    });
}

BOOST_FIXTURE_TEST_CASE(what_was_said_before_the_bot_was_removed_does_not_wait_for_it, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    run_guarded(*this, [&]() -> awaitable<void> {
        co_await come(said("ann@a"));
        const auto waiting = said("ann@a");
        gate->heard(waiting);
        gate->heard(happened("memberships:deleted", "hall", "bot@a"));
        api->halls.clear();
        api->membership_lists = {error(errc::not_found), error(errc::not_found), error(errc::not_found)};
        const auto j = co_await judge(waiting);
        BOOST_TEST(is_refused(j));
        BOOST_TEST(j->reason == "the bot is not in the room any more");

        const auto late = co_await come(said("ann@a")); // said before, and told after
        BOOST_TEST(is_refused(late));
        const auto early = co_await come(happened("memberships:created", "hall", "bot@a"));
        BOOST_TEST(early.has_error()); // we are back, though the list does not know it yet

        api->put("hall", {"bot@a", "ann@a"});
        const auto back = co_await come(happened("memberships:created", "hall", "bot@a"));
        BOOST_TEST(is_admitted(back));
        gate->heard(happened("memberships:deleted", "hall", "bot@a")); // told late: it is back already
        const auto said_later = co_await come(said("ann@a"));
        BOOST_TEST(is_admitted(said_later));
    });
}

BOOST_FIXTURE_TEST_CASE(questions_about_one_room_share_one_walk, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    api->put("yard", {"bot@a", "ann@a"});
    api->shut = true;
    run_guarded(*this, [&]() -> awaitable<void> {
        std::vector<answer> all;
        for (int i = 0; i < 20; ++i)
        {
            const char* where = i % 2 ? "hall" : "yard";
            auto asked = co_await ask(said("ann@a", where));
            all.push_back(std::move(asked));
        }
        co_await walks(2);
        co_await turns();
        api->shut = false;
        for (const auto& a : all)
        {
            const bool came = co_await comes(a);
            BOOST_TEST_REQUIRE(came);
            BOOST_TEST(is_admitted(**a));
        }
        BOOST_TEST(api->walks() == 2u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_walk_goes_on_when_one_who_waits_leaves, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    api->shut = true;
    run_guarded(*this, [&]() -> awaitable<void> {
        net::cancellation_signal leave;
        const auto leaves = co_await ask(said("ann@a"), leave.slot());
        const auto stays = co_await ask(said("ann@a"));
        co_await walks(1);
        co_await turns();
        leave.emit(net::cancellation_type::terminal);
        const auto impatient = co_await judge(said("ann@a"), 10ms);
        BOOST_TEST(impatient.error().is(errc::timed_out));
        const bool left = co_await comes(leaves);
        BOOST_TEST_REQUIRE(left);
        BOOST_TEST((*leaves)->error().is(errc::stopped));
        api->shut = false;
        const bool came = co_await comes(stays);
        BOOST_TEST_REQUIRE(came);
        BOOST_TEST(is_admitted(**stays));
        BOOST_TEST(api->walks() == 1u);
    });
}

BOOST_FIXTURE_TEST_CASE(closing_ends_walks_and_those_who_wait, fixture)
{
    api->put("hall", {"bot@a", "ann@a"});
    api->shut = true;
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto waits = co_await ask(said("ann@a"));
        co_await walks(1);
        co_await turns();
        co_await gate->close();
        const bool came = co_await comes(waits);
        BOOST_TEST_REQUIRE(came);
        BOOST_TEST((*waits)->error().is(errc::stopped));
        const auto late = co_await judge(said("ann@a"));
        BOOST_TEST(late.error().is(errc::stopped));
    });
}

BOOST_AUTO_TEST_SUITE_END()
