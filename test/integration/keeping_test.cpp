#include "integration/cloud.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <thread>

using namespace postern;
using namespace postern::test;

namespace {

std::vector<std::string> names_of(const json::array& hooks)
{
    std::vector<std::string> out;
    for (const auto& hook : hooks)
        out.push_back(text_or(hook.as_object(), "name"));
    std::sort(out.begin(), out.end());
    return out;
}

void register_foreign(cloud& webex)
{
    for (const auto* name : {"theirs", "postern of another instance messages:created"})
        webex.http.json_call("POST", webex.api("/webhooks"), webex.token("bot"),
                             {{"name", name},
                              {"targetUrl", "http://127.0.0.1:9/x"},
                              {"resource", "messages"},
                              {"event", "created"}});
}

ending webhooks(const cloud& webex, const server& gateway, std::vector<std::string> what)
{
    std::vector<std::string> all{"webhooks", "--api-url", webex.api_url(), "--data-dir", gateway.data_dir};
    all.insert(all.begin() + 1, what.begin(), what.end());
    return run_to_end(std::move(all), {{"WEBEX_ACCESS_TOKEN", webex.token("bot")}});
}

} // namespace

// Webhooks in the cloud are kept as wanted, and nobody else's are touched.
BOOST_AUTO_TEST_SUITE(keeping)

BOOST_AUTO_TEST_CASE(another_program_s_webhooks_survive_many_starts_and_stops)
{
#if defined(POSTERN_SANITIZED)
    constexpr int times = 10;
#else
    constexpr int times = 100;
#endif
    cloud webex;
    register_foreign(webex);
    const auto before = webex.webhooks();
    for (int n = 0; n < times; ++n)
    {
        server gateway(webex, "webhook");
        gateway.ready();
        if (n == 0)
            BOOST_TEST(webex.webhooks().size() == before.size() + 3);
        gateway.stop();
    }
    BOOST_TEST((webex.webhooks() == before));
}

BOOST_AUTO_TEST_CASE(a_webhook_that_was_switched_off_is_active_again_within_one_period)
{
    cloud webex;
    server gateway(webex, "webhook", {}, {{"POSTERN_WEBHOOK_CHECK_EVERY", "1"}});
    gateway.ready();
    for (const auto& hook : webex.webhooks())
        webex.http.json_call("PUT", webex.api("/webhooks/" + text_or(hook.as_object(), "id")),
                             webex.token("bot"),
                             {{"name", hook.as_object().at("name")},
                              {"targetUrl", hook.as_object().at("targetUrl")},
                              {"status", "inactive"}});
    const auto active = [&] {
        const auto all = webex.webhooks();
        return std::all_of(all.begin(), all.end(),
                           [](const auto& hook) { return text_or(hook.as_object(), "status") == "active"; });
    };
    for (const auto limit = deadline::after(std::chrono::seconds(3)); !active() && !limit.passed();)
        std::this_thread::sleep_for(std::chrono::milliseconds(20)); // the API has no way to wait
    BOOST_TEST(active(), gateway.process->log());
    const auto room = webex.direct_room("alice");
    const auto asked = webex.post("alice", room, "/echo awake");
    BOOST_TEST(webex.reply_after("alice", room, asked) == "awake");
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(a_new_secret_refuses_no_genuine_delivery)
{
    cloud webex;
    server gateway(webex, "webhook", {}, {{"POSTERN_WEBHOOK_ROTATE_EVERY", "1"}});
    gateway.ready();
    const auto room = webex.direct_room("alice");
    std::string last;
    int said = 0;
    for (const auto limit = deadline::after(std::chrono::seconds(3)); !limit.passed(); ++said)
        last = webex.post("alice", room, "/echo number " + std::to_string(said));
    BOOST_TEST(gateway.process->log_line("secret").has_value(), gateway.process->log()); // it did change
    std::vector<std::string> replies;
    for (const auto limit = deadline::after(std::chrono::seconds(30)); !limit.passed();)
    {
        replies = webex.texts_of_bot("alice", room);
        std::erase_if(replies, [](const auto& text) { return !text.starts_with("number "); });
        if (replies.size() >= static_cast<std::size_t>(std::min(said, 400)))
            break;
    }
    gateway.stop();
    BOOST_TEST(said > 20);
    const auto log = gateway.process->log();
    BOOST_TEST(log.find("refused=0") != log.npos, log);
}

BOOST_AUTO_TEST_CASE(they_can_be_listed_mended_and_removed_by_hand)
{
    cloud webex;
    register_foreign(webex);
    server gateway(webex, "webhook", {"--keep-webhooks"});
    gateway.ready();
    gateway.stop();
    BOOST_TEST(webex.webhooks().size() == 5u); // kept

    const auto listed = webhooks(webex, gateway, {"list"});
    BOOST_TEST(listed.code == 0, listed.log);
    BOOST_TEST(listed.out.find("another program's") != listed.out.npos, listed.out);
    BOOST_TEST(listed.out.find("messages:created") != listed.out.npos, listed.out);
    const auto as_json = json::parse(webhooks(webex, gateway, {"list", "--json"}).out).as_array();
    BOOST_TEST(std::count_if(as_json.begin(), as_json.end(),
                             [](const auto& hook) { return hook.as_object().at("ours").as_bool(); }) == 3);

    const auto synced = webhooks(webex, gateway, {"sync", "--public-url", "https://bots.example.com"});
    BOOST_TEST(synced.out == "3 webhooks changed\n", synced.log);
    for (const auto& hook : webex.webhooks())
        if (text_or(hook.as_object(), "name").ends_with("memberships:created"))
            BOOST_TEST(text_or(hook.as_object(), "targetUrl") == "https://bots.example.com/webhook");

    BOOST_TEST(webhooks(webex, gateway, {"remove"}).out == "3 webhooks removed\n");
    const std::vector<std::string> left{"postern of another instance messages:created", "theirs"};
    BOOST_TEST(names_of(webex.webhooks()) == left, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
