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
        BOOST_TEST(plan.revived.size() == 1u, status);
        BOOST_TEST(plan.keep.size() == 1u, status);
    }
}

BOOST_AUTO_TEST_SUITE_END()
