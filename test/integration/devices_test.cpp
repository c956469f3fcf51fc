#include "integration/cloud.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace postern;
using namespace postern::test;

namespace {

ending run_devices(const cloud& webex, std::vector<std::string> what, const std::string& data_dir = {})
{
    std::vector<std::string> all{"devices",
                                 "--api-url",
                                 webex.api_url(),
                                 "--u2c-url",
                                 webex.u2c_url(),
                                 "--data-dir",
                                 data_dir.empty() ? "/nonexistent" : data_dir};
    all.insert(all.begin() + 1, what.begin(), what.end());
    return run_to_end(std::move(all), {{"WEBEX_ACCESS_TOKEN", webex.token("bot")}});
}

// A device of another program of the same bot.
std::string register_foreign(cloud& webex, const std::string& name, const std::string& type = "DESKTOP")
{
    const auto base = webex.api_url().substr(0, webex.api_url().size() - std::string_view("v1").size());
    const auto made = webex.http.json_call("POST", base + "wdm/api/v1/devices", webex.token("bot"),
                                           {{"name", name}, {"deviceType", type}, {"model", "other"}});
    return text_or(made.as_object(), "url");
}

std::vector<std::string> names(const json::array& all)
{
    std::vector<std::string> out;
    for (const auto& d : all)
        out.push_back(text_or(d.as_object(), "name"));
    return out;
}

} // namespace

// Device hygiene: one device a bot and host, taken over after a crash, deleted at stop; others' are never
// touched.
BOOST_AUTO_TEST_SUITE(devices)

BOOST_AUTO_TEST_CASE(many_starts_and_stops_leave_no_device)
{
#if defined(POSTERN_SANITIZED)
    constexpr int times = 10;
#else
    constexpr int times = 100;
#endif
    cloud webex;
    for (int n = 0; n < times; ++n)
    {
        server gateway(webex, "websocket");
        gateway.ready();
        if (n == 0)
            BOOST_TEST(webex.devices().size() == 1u);
        gateway.stop();
        BOOST_TEST_REQUIRE(webex.devices().size() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(after_kill_9_the_next_start_takes_the_device_over)
{
    cloud webex;
    server first(webex, "websocket");
    first.ready();
    const auto made = webex.devices();
    BOOST_TEST_REQUIRE(made.size() == 1u);
    first.process->signal(SIGKILL);
    BOOST_TEST(first.process->exit_code().value_or(0) == 128 + SIGKILL);

    server second(webex, "websocket", {}, {}, first.data_dir);
    second.ready();
    const auto taken_over = webex.devices();
    BOOST_TEST_REQUIRE(taken_over.size() == 1u);
    BOOST_TEST(text_or(taken_over[0].as_object(), "url") == text_or(made[0].as_object(), "url"));
    const auto room = webex.direct_room("alice");
    const auto asked = webex.post("alice", room, "/echo again");
    BOOST_TEST(webex.reply_after("alice", room, asked) == "again");
    second.process->signal(SIGKILL);
    second.process->exit_code();

    server elsewhere(webex, "websocket"); // has forgotten everything: finds it by its name
    elsewhere.ready();
    const auto found = webex.devices();
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(text_or(found[0].as_object(), "url") == text_or(made[0].as_object(), "url"));
    elsewhere.stop();
    BOOST_TEST(webex.devices().size() == 0u);
}

BOOST_AUTO_TEST_CASE(devices_of_other_programs_are_never_touched)
{
    cloud webex;
    register_foreign(webex, "python-spark-client");
    register_foreign(webex, "node", "WEB");
    server gateway(webex, "websocket");
    gateway.ready();
    BOOST_TEST(webex.devices().size() == 3u);
    gateway.stop();
    const std::vector<std::string> left{"python-spark-client", "node"};
    BOOST_TEST(names(webex.devices()) == left, boost::test_tools::per_element());
    const auto pruned = run_devices(webex, {"prune"});
    BOOST_TEST(pruned.code == 0);
    BOOST_TEST(pruned.out == "0 devices deleted\n");
    BOOST_TEST(names(webex.devices()) == left, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keep_device_leaves_it_and_the_next_start_uses_it)
{
    cloud webex;
    server first(webex, "websocket", {"--keep-device"});
    first.ready();
    first.stop();
    const auto kept = webex.devices();
    BOOST_TEST_REQUIRE(kept.size() == 1u);

    const auto listed = run_devices(webex, {"list"});
    BOOST_TEST(listed.code == 0, listed.log);
    BOOST_TEST(listed.out.find("ours") != listed.out.npos, listed.out);
    BOOST_TEST(listed.out.find("postern-") != listed.out.npos, listed.out);
    const auto as_json = run_devices(webex, {"list", "--json"});
    const auto parsed = json::parse(as_json.out).as_array();
    BOOST_TEST_REQUIRE(parsed.size() == 1u);
    BOOST_TEST(parsed[0].as_object().at("ours").as_bool());

    const auto pruned = run_devices(webex, {"prune"});
    BOOST_TEST(pruned.out == "1 device deleted\n", pruned.log);
    BOOST_TEST(run_devices(webex, {"list"}).out == "no devices\n");
}

BOOST_AUTO_TEST_CASE(excessive_registrations_are_pruned_down_to_our_own_and_explained_otherwise)
{
    cloud webex;
    webex.set("mercury", {{"limit", 2}});
    server first(webex, "websocket", {"--keep-device", "--device-name", "ours"});
    first.ready();
    first.stop();
    register_foreign(webex, "foreign");
    // Ours is taken over, so the limit is no matter; under another name there is no room for one more.
    server again(webex, "websocket", {"--device-name", "ours"});
    again.ready();
    again.stop();
    register_foreign(webex, "second foreign");
    server refused(webex, "websocket", {"--device-name", "another"});
    const auto said = refused.process->log_line("excessive");
    BOOST_TEST_REQUIRE(said.has_value(), refused.process->log());
    BOOST_TEST(said->find("postern devices") != said->npos, *said);
    BOOST_TEST(said->find("trying again") != said->npos, *said); // it lives on, and says what a person can do
    refused.stop();
    BOOST_TEST(webex.devices().size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
