#include "integration/cloud.hpp"
#include "support/folder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <set>

using namespace postern;
using namespace postern::test;

namespace {

// The seed has a group room with an outsider. This adds three with and without, and a direct one.
struct scene
{
    cloud webex;
    folder files;
    std::string config = files.file("postern.toml", "[guard]\norganisations = [\"own\"]\n", 0600);
    std::string data_dir = files.path + "/data";

    scene() { make_rooms("Plan", {"alice", "bot"}, 2); }

    void make_rooms(const std::string& title, json::array members, int count, json::object more = {})
    {
        more["title"] = title;
        more["members"] = std::move(members);
        more["count"] = count;
        webex.set("rooms", std::move(more));
    }

    std::vector<std::string> arguments(std::vector<std::string> more) const
    {
        std::vector<std::string> all{"audit",         "--config",   config,  "--api-url",
                                     webex.api_url(), "--data-dir", data_dir};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    child::environment environment() const { return {{"WEBEX_ACCESS_TOKEN", webex.token("bot")}}; }

    ending audit(std::vector<std::string> more = {}) const
    {
        return run_to_end(arguments(std::move(more)), environment());
    }

    // Who is in which room, direct rooms under the names of both.
    std::map<std::string, std::set<std::string>> members()
    {
        const auto state = webex.http.json_call("GET", webex.control("/state")).as_object();
        std::map<std::string, std::set<std::string>> all;
        for (const auto& r : state.at("rooms").as_array())
        {
            std::set<std::string> names;
            for (const auto& m : r.as_object().at("members").as_array())
                names.emplace(m.as_string());
            auto title = text_or(r.as_object(), "title");
            if (text_or(r.as_object(), "type") == "direct")
                title = *names.begin() + " and " + *names.rbegin();
            all.emplace(std::move(title), std::move(names));
        }
        return all;
    }

    // Requests to the API since the start, of that method whose path holds these words.
    std::size_t requests(const std::string& method, const std::string& words)
    {
        const auto all = webex.http.json_call("GET", webex.control("/requests")).as_object();
        std::size_t n = 0;
        for (const auto& r : all.at("items").as_array())
            n += text_or(r.as_object(), "method") == method &&
                 text_or(r.as_object(), "path").find(words) != std::string::npos;
        return n;
    }
};

json::object object_in(const ending& e)
{
    const auto parsed = parse_json(e.out, "the report");
    BOOST_TEST_REQUIRE(parsed.has_value(), e.out + e.log);
    return parsed->as_object();
}

json::object room_in(const json::object& report, const std::string& title)
{
    for (const auto& b : report.at("bad").as_array())
        if (text_or(b.as_object(), "title") == title)
            return b.as_object();
    BOOST_FAIL("not in the report: " + title);
    return {};
}

bool has(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

} // namespace

// Which rooms have members who may not be there, and what --fix does about them.
BOOST_FIXTURE_TEST_SUITE(audit, scene)

BOOST_AUTO_TEST_CASE(two_bad_rooms_are_found_and_left_and_no_other_is_touched)
{
    make_rooms("Market", {"bob", "bot"}, 1, {{"outsider", "carol"}, {"at", 0}});
    const auto before = members();

    const auto dry = audit();
    BOOST_TEST(dry.code == 1, dry.out << dry.log);
    BOOST_TEST(has(dry.out, "Vendors"), dry.out);
    BOOST_TEST(has(dry.out, "Market 0"), dry.out);
    BOOST_TEST(has(dry.out, "would leave"), dry.out);
    BOOST_TEST(has(dry.out, "carol@elsewhere.example"), dry.out);
    BOOST_TEST(!has(dry.out, "Night shift"), dry.out);
    BOOST_TEST(has(dry.out, "6 rooms looked at: 2 are bad"), dry.out);
    BOOST_TEST(has(dry.log, "nothing was changed"), dry.log);
    BOOST_TEST((members() == before));
    BOOST_TEST(requests("DELETE", "/") == 0u);

    const auto fixed = audit({"--fix", "--json"});
    BOOST_TEST(fixed.code == 0, fixed.out << fixed.log);
    const auto report = object_in(fixed);
    BOOST_TEST(report.at("rooms").as_int64() == 6);
    BOOST_TEST(report.at("complete").as_bool());
    BOOST_TEST(report.at("failures").as_int64() == 0);
    BOOST_TEST(report.at("bad").as_array().size() == 2u);
    for (const auto* title : {"Vendors", "Market 0"})
    {
        const auto room = room_in(report, title);
        BOOST_TEST(text_or(room, "action") == "left");
        BOOST_TEST(room.at("mended").as_bool());
        const auto& outsiders = room.at("outsiders").as_array();
        BOOST_TEST_REQUIRE(outsiders.size() == 1u);
        BOOST_TEST(text_or(outsiders[0].as_object(), "person") == webex.id_of("carol"));
    }
    auto expected = before;
    expected["Vendors"].erase("bot");
    expected["Market 0"].erase("bot");
    BOOST_TEST((members() == expected));
    BOOST_TEST(requests("DELETE", "/v1/memberships/") == 2u);

    const auto after = audit();
    BOOST_TEST(after.code == 0, after.out << after.log);
    BOOST_TEST(after.out == "4 rooms looked at: none is bad\n");
    BOOST_TEST(!std::filesystem::exists(data_dir + "/audit-progress.json"));
}

BOOST_AUTO_TEST_CASE(outsiders_are_removed_where_the_bot_is_moderator)
{
    make_rooms("Stage", {"bob", "bot"}, 1,
               {{"outsider", "carol"}, {"at", 0}, {"moderators", json::array{"bob", "bot"}}});
    const auto before = members();
    const auto fixed = audit({"--fix", "--json", "--guard-action", "remove"});
    BOOST_TEST(fixed.code == 0, fixed.out << fixed.log);
    const auto report = object_in(fixed);
    BOOST_TEST(text_or(room_in(report, "Stage 0"), "action") == "removed 1 outsider");
    BOOST_TEST(text_or(room_in(report, "Vendors"), "action") == "left");
    auto expected = before;
    expected["Stage 0"].erase("carol");
    expected["Vendors"].erase("bot");
    BOOST_TEST((members() == expected));
}

BOOST_AUTO_TEST_CASE(a_direct_room_that_cannot_be_left_is_told_and_ends_nothing)
{
    webex.direct_room("carol"); // she writes to the bot
    const auto fixed = audit({"--fix"});
    BOOST_TEST(fixed.code == 6, fixed.out << fixed.log);
    BOOST_TEST(has(fixed.out, "can't be left"), fixed.out);
    BOOST_TEST(has(fixed.out, "2 are bad, 1 mended, 1 failed"), fixed.out);
    BOOST_TEST(!members()["Vendors"].contains("bot"));
    BOOST_TEST(members()["bot and carol"].contains("bot"));
}

BOOST_AUTO_TEST_CASE(a_room_that_cannot_be_looked_at_is_in_the_report_and_the_others_too)
{
    webex.fault(
        {{"method", "GET"}, {"path", "/v1/memberships"}, {"skip", 1}, {"remaining", 1}, {"status", 403}});
    const auto dry = audit({"--json"});
    BOOST_TEST(dry.code == 6, dry.out << dry.log);
    const auto report = object_in(dry);
    BOOST_TEST(report.at("complete").as_bool());
    BOOST_TEST(report.at("failures").as_int64() == 1);
    BOOST_TEST(report.at("lookedAt").as_int64() == 5);
    std::size_t failed = 0;
    for (const auto& b : report.at("bad").as_array())
        failed += has(text_or(b.as_object(), "failed"), "403");
    BOOST_TEST(failed == 1u);
}

BOOST_AUTO_TEST_CASE(without_rules_it_says_so_and_does_nothing)
{
    config = files.file("none.toml", "", 0600);
    const auto nothing = audit({"--fix"});
    BOOST_TEST(nothing.code == 2, nothing.out << nothing.log);
    BOOST_TEST(has(nothing.log, "guard.organisations"), nothing.log);
    BOOST_TEST(nothing.out.empty());
    BOOST_TEST(requests("GET", "/") == 0u);
    const auto by_flag = audit({"--allow-org", "own"});
    BOOST_TEST(by_flag.code == 1, by_flag.out << by_flag.log);
}

BOOST_AUTO_TEST_CASE(a_rejected_token_has_its_own_exit_code)
{
    const auto refused = run_to_end(arguments({}), {{"WEBEX_ACCESS_TOKEN", "expired"}});
    BOOST_TEST(refused.code == 4, refused.out << refused.log);
    BOOST_TEST(refused.out.empty());
}

BOOST_AUTO_TEST_CASE(rate_limits_are_waited_out_and_all_pages_are_read)
{
    make_rooms("Many", {"alice", "bot"}, 150, {{"outsider", "carol"}, {"at", json::array{7, 111, 149}}});
    webex.set("rate", {{"requestsPerSecond", 50}, {"burst", 50}});
    const auto dry = audit({"--json"});
    webex.set("rate", {{"requestsPerSecond", 0}});
    BOOST_TEST(dry.code == 1, dry.out << dry.log);
    const auto report = object_in(dry);
    BOOST_TEST(report.at("rooms").as_int64() == 155);
    BOOST_TEST(report.at("complete").as_bool());
    BOOST_TEST(report.at("failures").as_int64() == 0);
    std::set<std::string> titles;
    for (const auto& b : report.at("bad").as_array())
        titles.insert(text_or(b.as_object(), "title"));
    BOOST_TEST((titles == std::set<std::string>{"Many 7", "Many 111", "Many 149", "Vendors"}));
    BOOST_TEST(has(dry.log, "0 of 155 rooms"), dry.log);
    const auto counted = webex.http.json_call("GET", webex.control("/counters")).as_object();
    BOOST_TEST(counted.at("tooMany").to_number<std::int64_t>() > 0);
}

BOOST_AUTO_TEST_CASE(an_interrupted_audit_is_gone_on_with)
{
    make_rooms("Many", {"alice", "bot"}, 40, {{"outsider", "carol"}, {"at", json::array{0, 39}}});
    // Ten rooms are answered, the others are asked for and wait.
    webex.fault({{"method", "GET"}, {"path", "/v1/memberships"}, {"skip", 10}, {"delayMs", 60'000}});
    {
        child first(postern_program(), arguments({}), environment());
        const auto limit = deadline::after(std::chrono::seconds(30));
        while (requests("GET", "/v1/memberships") < 10 && !limit.passed())
            std::this_thread::sleep_for(std::chrono::milliseconds(20)); // the control API has no way to wait
        first.signal(SIGINT);
        BOOST_TEST(first.exit_code().value_or(-1) == 6, first.out() << first.log());
        BOOST_TEST(first.out_line("cut short").has_value(), first.out());
        BOOST_TEST(first.log_line("goes on from there").has_value(), first.log());
    }
    BOOST_TEST(std::filesystem::exists(data_dir + "/audit-progress.json"));
    webex.heal();
    const auto before = requests("GET", "/v1/memberships");
    const auto second = audit({"--json"});
    BOOST_TEST(second.code == 1, second.out << second.log);
    BOOST_TEST(has(second.log, "goes on where"), second.log);
    const auto report = object_in(second);
    BOOST_TEST(report.at("lookedAt").as_int64() == 45);
    BOOST_TEST(report.at("bad").as_array().size() == 3u);
    BOOST_TEST(requests("GET", "/v1/memberships") - before == 35u);
    BOOST_TEST(!std::filesystem::exists(data_dir + "/audit-progress.json"));
}

BOOST_AUTO_TEST_SUITE_END()
