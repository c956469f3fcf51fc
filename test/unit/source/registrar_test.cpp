#include "postern/source/webhook/registrar.hpp"

#include "support/captured_log.hpp"
#include "support/run.hpp"
#include "unit/source/webhook_cloud.hpp"

#include <optional>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

namespace {

const std::vector<wanted_webhook> wanted{{"messages", "created", ""}, {"memberships", "created", ""}};

struct scene
{
    std::shared_ptr<test::webhook_cloud> cloud = std::make_shared<test::webhook_cloud>();
    test::captured_log log;
    postern::source::registrar one{cloud, "ab12", wanted, log.writer};

    result<webhook_work> make_right(std::string target)
    {
        std::optional<result<webhook_work>> done;
        test::run([&](net::io_context&) -> awaitable<void> {
            auto made = co_await one.make_right(target, secret("A"), deadline::after(1s));
            done.emplace(std::move(made));
        });
        return std::move(*done);
    }
    result<> remove_all()
    {
        result<> done;
        test::run([&](net::io_context&) -> awaitable<void> {
            done = co_await one.remove_all(deadline::after(1s));
        });
        return done;
    }
    std::size_t count_ours()
    {
        std::size_t count = 0;
        test::run([&](net::io_context&) -> awaitable<void> {
            const auto ours = co_await one.list_ours(deadline::after(1s));
            count = ours.value().size();
        });
        return count;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(registrar)

BOOST_AUTO_TEST_CASE(doing_it_twice_changes_nothing)
{
    scene s;
    BOOST_TEST(s.make_right("https://h/webhook").value().created == 2u);
    BOOST_TEST(s.cloud->hooks.size() == 2u);
    const auto again = s.make_right("https://h/webhook");
    BOOST_TEST(again.value().created == 0u);
    BOOST_TEST(again.value().updated == 2u); // another process has made them: their secret may be any
    BOOST_TEST(s.cloud->hooks.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_new_address_is_set_in_place_and_a_sleeping_webhook_woken)
{
    scene s;
    BOOST_TEST(s.make_right("https://old/webhook").has_value());
    s.cloud->hooks[0].status = "inactive";
    const auto work = s.make_right("https://new/webhook");
    BOOST_TEST(work.value().revived == 1u);
    BOOST_TEST(s.cloud->hooks.size() == 2u);
    for (const auto& hook : s.cloud->hooks)
    {
        BOOST_TEST(hook.target_url == "https://new/webhook");
        BOOST_TEST(hook.status == "active");
    }
    BOOST_TEST(s.log.says("switched off by the cloud"));
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_is_told_and_the_others_are_done)
{
    scene s;
    BOOST_TEST(s.make_right("https://old/webhook").has_value());
    s.cloud->hooks.pop_back(); // one is missing now
    s.cloud->failing = {"update"};
    const auto done = s.make_right("https://new/webhook");
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST(describe(done.error()).find("updating the webhook \"postern ab12 messages:created\"") !=
               std::string::npos);
    BOOST_TEST(s.cloud->hooks.size() == 2u); // the missing one was made all the same
}

BOOST_AUTO_TEST_CASE(a_double_stays_until_what_shall_serve_does)
{
    scene s;
    BOOST_TEST(s.make_right("https://h/webhook").has_value());
    s.cloud->add(webhook_name("ab12", wanted[0]));
    s.cloud->failing = {"update"};
    BOOST_TEST(s.make_right("https://h/webhook").has_error());
    BOOST_TEST(s.cloud->hooks.size() == 3u);
    s.cloud->failing.clear();
    BOOST_TEST(s.make_right("https://h/webhook").value().removed == 1u);
    BOOST_TEST(s.cloud->hooks.size() == 2u);
}

BOOST_AUTO_TEST_CASE(work_that_nobody_wants_any_more_is_left)
{
    scene s;
    webhook_work work;
    test::run([&](net::io_context&) -> awaitable<void> {
        unsigned asked = 0;
        webhook_order order;
        order.target = "https://h/webhook";
        order.key = secret("A");
        order.still_wanted = [&] { return ++asked == 1; };
        co_await s.one.carry_out(s.one.plan({}), std::move(order), work, deadline::after(1s));
    });
    BOOST_TEST(work.abandoned);
    BOOST_TEST(!work.complete());
    BOOST_TEST(work.created == 1u);
    BOOST_TEST(s.cloud->hooks.size() == 1u);
}

BOOST_AUTO_TEST_CASE(at_the_end_only_ours_are_removed)
{
    scene s;
    const auto foreign = s.cloud->add("theirs").id;
    BOOST_TEST(s.make_right("https://h/webhook").has_value());
    BOOST_TEST(s.cloud->hooks.size() == 3u);
    BOOST_TEST(s.count_ours() == 2u);
    BOOST_TEST(s.remove_all().has_value());
    BOOST_TEST_REQUIRE(s.cloud->hooks.size() == 1u);
    BOOST_TEST(s.cloud->hooks[0].id == foreign);
}

BOOST_AUTO_TEST_CASE(a_webhook_that_is_gone_already_is_fine)
{
    scene s;
    BOOST_TEST(s.make_right("https://h/webhook").has_value());
    s.cloud->failing = {"delete"};
    s.cloud->failure = error(errc::not_found);
    BOOST_TEST(s.remove_all().has_value());
}

BOOST_AUTO_TEST_CASE(a_webhook_that_can_not_be_removed_is_told_and_the_others_go)
{
    scene s;
    BOOST_TEST(s.make_right("https://h/webhook").has_value());
    s.cloud->failing = {"delete"};
    BOOST_TEST(s.remove_all().has_error());
    BOOST_TEST(s.cloud->asked("delete") == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
