#include "postern/source/webhook/registrar.hpp"

#include "support/captured_log.hpp"
#include "support/fake_webex_api.hpp"
#include "support/run.hpp"

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

namespace {

const std::vector<wanted_webhook> wanted{{"messages", "created", ""}, {"memberships", "created", ""}};

// A cloud that keeps webhooks, and fails where it is told to.
class keeping final : public test::fake_webex_api
{
public:
    std::vector<webex::webhook> hooks;
    std::string failing; // "create", "update" or "delete"

    awaitable<result<std::vector<webex::webhook>>> list_webhooks(deadline) override { co_return hooks; }

    awaitable<result<webex::webhook>> create_webhook(webex::new_webhook fresh, secret, deadline) override
    {
        if (failing == "create")
            co_return error(errc::api_rejected, "creating");
        webex::webhook hook;
        hook.id = "id-" + std::to_string(hooks.size());
        hook.name = fresh.name;
        hook.target_url = fresh.target_url;
        hook.resource = fresh.resource;
        hook.event = fresh.event;
        hook.status = "active";
        hooks.push_back(hook);
        co_return hook;
    }

    awaitable<result<webex::webhook>> update_webhook(std::string id, std::string name, std::string target,
                                                     secret, deadline) override
    {
        if (failing == "update")
            co_return error(errc::api_unavailable, "updating");
        for (auto& hook : hooks)
        {
            if (hook.id != id)
                continue;
            hook.name = name;
            hook.target_url = target;
            hook.status = "active";
            co_return hook;
        }
        co_return error(errc::not_found);
    }

    awaitable<result<>> delete_webhook(std::string id, deadline) override
    {
        if (failing == "delete")
            co_return error(errc::not_found); // gone already
        std::erase_if(hooks, [&](const webex::webhook& hook) { return hook.id == id; });
        co_return result<>();
    }
};

struct scene
{
    std::shared_ptr<keeping> api = std::make_shared<keeping>();
    test::captured_log log;
    postern::source::registrar one{api, "ab12", wanted, log.writer};

    result<> make_right(std::string target)
    {
        result<> done;
        test::run([&](net::io_context&) -> awaitable<void> {
            done = co_await one.make_right(target, secret("s"), deadline::after(1s));
        });
        return done;
    }
    result<> remove_all()
    {
        result<> done;
        test::run([&](net::io_context&) -> awaitable<void> {
            done = co_await one.remove_all(deadline::after(1s));
        });
        return done;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(registrar)

BOOST_AUTO_TEST_CASE(doing_it_twice_changes_nothing)
{
    scene s;
    BOOST_TEST(s.make_right("https://h/webhook").has_value());
    BOOST_TEST(s.api->hooks.size() == 2u);
    BOOST_TEST(s.make_right("https://h/webhook").has_value());
    BOOST_TEST(s.api->hooks.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_new_address_is_set_in_place_and_a_sleeping_webhook_woken)
{
    scene s;
    BOOST_TEST(s.make_right("https://old/webhook").has_value());
    s.api->hooks[0].status = "inactive";
    BOOST_TEST(s.make_right("https://new/webhook").has_value());
    BOOST_TEST(s.api->hooks.size() == 2u);
    for (const auto& hook : s.api->hooks)
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
    s.api->hooks.pop_back(); // one is missing now
    s.api->failing = "update";
    const auto done = s.make_right("https://new/webhook");
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST(describe(done.error()).find("updating the webhook \"postern ab12 messages:created\"") !=
               std::string::npos);
    BOOST_TEST(s.api->hooks.size() == 2u); // the missing one was made all the same
}

BOOST_AUTO_TEST_CASE(at_the_end_only_ours_are_removed)
{
    scene s;
    webex::webhook foreign;
    foreign.id = "F";
    foreign.name = "theirs";
    s.api->hooks.push_back(foreign);
    BOOST_TEST(s.make_right("https://h/webhook").has_value());
    BOOST_TEST(s.api->hooks.size() == 3u);
    BOOST_TEST(s.remove_all().has_value());
    BOOST_TEST_REQUIRE(s.api->hooks.size() == 1u);
    BOOST_TEST(s.api->hooks[0].id == "F");
}

BOOST_AUTO_TEST_CASE(a_webhook_that_is_gone_already_is_fine)
{
    scene s;
    BOOST_TEST(s.make_right("https://h/webhook").has_value());
    s.api->failing = "delete";
    BOOST_TEST(s.remove_all().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
