#include "postern/source/webhook/webhook_plan.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::source;

namespace {

const wanted_webhook messages{"messages", "created", ""};
const wanted_webhook cards{"attachmentActions", "created", ""};

webex::webhook actual(std::string id, std::string name, const wanted_webhook& w,
                      std::string status = "active")
{
    webex::webhook hook;
    hook.id = std::move(id);
    hook.name = std::move(name);
    hook.resource = w.resource;
    hook.event = w.event;
    hook.filter = w.filter;
    hook.status = std::move(status);
    return hook;
}

} // namespace

BOOST_AUTO_TEST_SUITE(webhook_plan)

BOOST_AUTO_TEST_CASE(what_is_missing_is_created)
{
    const auto plan = plan_webhooks("ab12", {messages, cards}, {});
    BOOST_TEST((plan.create == std::vector<wanted_webhook>{messages, cards}));
    BOOST_TEST(plan.keep.empty());
    BOOST_TEST(plan.remove.empty());
    BOOST_TEST(webhook_name("ab12", messages) == "postern ab12 messages:created");
}

BOOST_AUTO_TEST_CASE(what_is_there_is_kept_and_its_doubles_go)
{
    const auto name = webhook_name("ab12", messages);
    const auto plan =
        plan_webhooks("ab12", {messages}, {actual("1", name, messages), actual("2", name, messages)});
    BOOST_TEST(plan.create.empty());
    BOOST_TEST_REQUIRE(plan.keep.size() == 1u);
    BOOST_TEST(plan.keep[0].actual.id == "1");
    BOOST_TEST_REQUIRE(plan.remove.size() == 1u);
    BOOST_TEST(plan.remove[0].id == "2");
    BOOST_TEST(plan.doubles == 1u);
}

BOOST_AUTO_TEST_CASE(of_several_the_one_is_kept_that_is_as_we_left_it)
{
    const auto name = webhook_name("ab12", messages);
    const auto asleep = actual("1", name, messages, "inactive");
    const auto active = actual("2", name, messages);
    auto ours = actual("3", name, messages);
    ours.target_url = "https://h/webhook";
    const auto plan = plan_webhooks("ab12", {messages}, {asleep, active, ours}, {{"3", "https://h/webhook"}});
    BOOST_TEST_REQUIRE(plan.keep.size() == 1u);
    BOOST_TEST(plan.keep[0].actual.id == "3");
    BOOST_TEST(!plan.keep[0].needs_update());
    BOOST_TEST(plan.remove.size() == 2u);
    const auto second = plan_webhooks("ab12", {messages}, {asleep, active});
    BOOST_TEST(second.keep[0].actual.id == "2");
}

BOOST_AUTO_TEST_CASE(what_is_as_we_left_it_is_left_alone)
{
    const auto name = webhook_name("ab12", messages);
    auto hook = actual("1", name, messages);
    hook.target_url = "https://h/webhook";
    const webhooks_left left{{"1", "https://h/webhook"}};
    BOOST_TEST(plan_webhooks("ab12", {messages}, {hook}, left).nothing_to_do());
    hook.target_url.clear(); // not told: no sign of a change
    const auto untold = plan_webhooks("ab12", {messages}, {hook}, left);
    BOOST_TEST(untold.nothing_to_do());
    BOOST_TEST(untold.keep[0].actual.target_url == "https://h/webhook");
    BOOST_TEST(plan_webhooks("ab12", {messages}, {hook}).keep[0].unsure);
}

BOOST_AUTO_TEST_CASE(drift_is_what_others_have_done_since_all_was_in_place)
{
    const auto name = webhook_name("ab12", messages);
    auto moved = actual("1", name, messages);
    moved.target_url = "https://theirs/webhook";
    const auto plan = plan_webhooks("ab12", {messages, cards}, {moved, actual("2", name, messages)},
                                    {{"1", "https://h/webhook"}});
    BOOST_TEST((drift_in(plan, true) == webhook_drift{1, 1, 1, 0}));
    // Before that, what is missing or another's is only not made yet.
    BOOST_TEST((drift_in(plan, false) == webhook_drift{0, 0, 1, 0}));
    BOOST_TEST(!drift_in(plan_webhooks("ab12", {messages, cards}, {}), false).any());
}

BOOST_AUTO_TEST_CASE(what_is_not_wanted_any_more_goes)
{
    // Resource, event and filter can't be changed in place: another filter is another webhook.
    auto filtered = messages;
    filtered.filter = "roomType=direct";
    const auto plan =
        plan_webhooks("ab12", {messages}, {actual("1", webhook_name("ab12", messages), filtered)});
    BOOST_TEST((plan.create == std::vector<wanted_webhook>{messages}));
    BOOST_TEST(plan.remove.size() == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_of_anybody_else_is_touched)
{
    const auto plan =
        plan_webhooks("ab12", {messages},
                      {actual("1", "theirs", messages), actual("2", "postern", messages),
                       actual("3", "postern ab1 messages:created", messages),
                       actual("4", "postern ab123 messages:created", messages), actual("5", "", messages)});
    BOOST_TEST(plan.keep.empty());
    BOOST_TEST(plan.remove.empty());
    BOOST_TEST(plan.create.size() == 1u);
}

BOOST_AUTO_TEST_CASE(whatever_is_not_active_counts_as_switched_off)
{
    for (const auto* status : {"inactive", "disabled", "", "ACTIVE?"})
    {
        const auto plan = plan_webhooks("ab12", {messages},
                                        {actual("1", webhook_name("ab12", messages), messages, status)});
        BOOST_TEST_REQUIRE(plan.keep.size() == 1u, status);
        BOOST_TEST(plan.keep[0].asleep, status);
        BOOST_TEST(drift_in(plan, true).asleep == 1u, status);
    }
}

BOOST_AUTO_TEST_SUITE_END()
