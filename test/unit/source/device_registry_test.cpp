#include "postern/source/device/device_registry.hpp"

#include "postern/base/json.hpp"
#include "unit/source/wdm_fixture.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace postern;
using namespace std::chrono_literals;

namespace {

const std::string base = "https://wdm-r.wbx2.com/wdm/api/v1/devices";
const std::string listing = "GET " + base;
const std::string posting = "POST " + base + "?includeUpstreamServices=all";
const std::string excessive = R"({"message":"User has excessive device registrations","trackingId":"T"})";

std::string put(const std::string& id) { return "PUT " + base + '/' + id + "?includeUpstreamServices=all"; }
std::string erase(const std::string& id) { return "DELETE " + base + '/' + id; }

// A device as WDM shows it; `second` is when it was modified.
std::string shown(const std::string& id, int second = 0, const std::string& name = "postern-box-1",
                  const std::string& more = "")
{
    return R"({"url":")" + base + '/' + id +
           R"(","webSocketUrl":"wss://mercury-connection-partition2-r.wbx2.com/v1/apps/wx2/registrations/)" +
           id + R"(r/messages","deviceType":"DESKTOP","name":")" + name +
           R"(","userId":"f5b36187-c8dd-4727-8b2f-f9c447f29046","modificationTime":"2026-01-02T03:04:)" +
           std::to_string(10 + second) + R"(.000Z")" + more + '}';
}

std::string list_of(std::initializer_list<std::string> devices)
{
    std::string text = R"({"devices":[)";
    for (const auto& d : devices)
        text += (text.back() == '[' ? "" : ",") + d;
    return text + "]}";
}

struct scene : test::wdm_fixture
{
    std::vector<std::string> kept; // what was to be remembered, in order
    std::string last;              // of the last run

    source::device_registry registry()
    {
        return source::device_registry(
            options, *calls, {last, [this](const std::string& url) { kept.push_back(url); }}, lines.writer);
    }
    result<source::device> obtain()
    {
        auto one = registry();
        return get([&] { return one.obtain(wdm, soon()); });
    }
    void expect(std::vector<std::string> transcript) const
    {
        const auto real = asked();
        BOOST_TEST(real == transcript, boost::test_tools::per_element());
        BOOST_TEST(peer->used_up());
        BOOST_TEST(token_stayed_home());
    }
};

source::device device_at(const std::string& id)
{
    source::device d;
    d.url = base + '/' + id;
    d.websocket_url = "wss://mercury.wbx2.com/" + id;
    d.name = "postern-box-1";
    d.type = "DESKTOP";
    return d;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(device_registry, scene)

BOOST_AUTO_TEST_CASE(the_first_start_registers)
{
    peer->answer(404).answer(200, shown("a"), {{"ETag", "\"1\""}});
    const auto got = obtain();
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->id() == "a");
    BOOST_TEST(got->etag == "\"1\"");
    BOOST_TEST(got->name == "postern-box-1");
    expect({listing, posting});
    const auto body = parse_json(peer->requests()[1].body, {}).value();
    BOOST_TEST(text_or(body.as_object(), "name") == "postern-box-1");
    BOOST_TEST(text_or(body.as_object(), "deviceType") == "DESKTOP");
    BOOST_TEST(kept == std::vector{base + "/a"}, boost::test_tools::per_element());
    BOOST_TEST(lines.says("device registered"));
    BOOST_TEST(lines.says("name=postern-box-1 id=a"));
}

BOOST_AUTO_TEST_CASE(the_device_of_the_last_run_is_taken_over_and_surplus_ones_of_ours_deleted)
{
    last = base + "/b";
    peer->answer(200, list_of({shown("a", 9), shown("x", 5, "node"), shown("b", 1), shown("c", 2)}))
        .answer(200, shown("b", 20), {{"ETag", "\"7\""}})
        .answer(204)
        .answer(404); // gone already
    const auto got = obtain();
    BOOST_TEST(got.value().id() == "b");
    BOOST_TEST(got.value().etag == "\"7\"");
    expect({listing, put("b"), erase("a"), erase("c")});
    BOOST_TEST(kept.empty()); // nothing new to remember
    BOOST_TEST(lines.says("device taken over"));
    BOOST_TEST(lines.says("surplus device deleted"));
    BOOST_TEST(!lines.says("node"));
}

BOOST_AUTO_TEST_CASE(what_is_refreshed_is_sent_back_as_far_as_we_know_it)
{
    peer->answer(200, list_of({shown("a")})).answer(200, shown("a"));
    BOOST_TEST(obtain().has_value());
    const auto body = parse_json(peer->requests()[1].body, {}).value();
    BOOST_TEST(text_or(body.as_object(), "url") == base + "/a");
    BOOST_TEST(text_or(body.as_object(), "name") == "postern-box-1");
    BOOST_TEST(text_or(body.as_object(), "userId") == "f5b36187-c8dd-4727-8b2f-f9c447f29046");
    BOOST_TEST(text_or(body.as_object(), "webSocketUrl").starts_with("wss://mercury-connection"));
    BOOST_TEST(kept == std::vector{base + "/a"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_device_that_is_gone_makes_way_for_the_next_and_at_last_for_a_new_one)
{
    last = base + "/b";
    peer->answer(200, list_of({shown("a", 1), shown("b", 2)}))
        .answer(404)
        .answer(404)
        .answer(200, shown("n"));
    BOOST_TEST(obtain().value().id() == "n");
    expect({listing, put("b"), put("a"), posting});
    BOOST_TEST(kept == (std::vector<std::string>{"", base + "/n"}), boost::test_tools::per_element());
    BOOST_TEST(lines.says("device is gone at WDM"));
}

BOOST_AUTO_TEST_CASE(a_device_that_may_not_be_refreshed_is_replaced_and_deleted)
{
    peer->answer(200, list_of({shown("a")})).answer(400).answer(200, shown("n")).answer(204);
    BOOST_TEST(obtain().value().id() == "n");
    expect({listing, put("a"), posting, erase("a")});
}

BOOST_AUTO_TEST_CASE(an_outage_in_the_middle_is_an_error_and_nothing_is_registered_twice)
{
    peer->answer(200, list_of({shown("a")})).answer(503);
    BOOST_TEST(obtain().error().is(errc::api_unavailable));
    expect({listing, put("a")});
}

BOOST_AUTO_TEST_CASE(a_registration_whose_answer_is_lost_is_found_in_the_list_next_time)
{
    auto one = registry();
    peer->answer(404).fail(errc::connection_lost, true);
    const auto lost = get([&] { return one.obtain(wdm, soon()); });
    BOOST_TEST(lost.error().maybe_sent);
    peer->answer(200, list_of({shown("a")})).answer(200, shown("a"));
    BOOST_TEST(get([&] { return one.obtain(wdm, soon()); }).value().id() == "a");
    expect({listing, posting, listing, put("a")});
}

BOOST_AUTO_TEST_CASE(obtained_again_it_is_refreshed_not_taken_over)
{
    auto one = registry();
    peer->answer(404).answer(200, shown("a")).answer(200, list_of({shown("a")})).answer(200, shown("a"));
    BOOST_TEST(get([&] { return one.obtain(wdm, soon()); }).has_value());
    BOOST_TEST(get([&] { return one.obtain(wdm, soon()); }).has_value());
    BOOST_TEST(lines.says("device refreshed"));
    BOOST_TEST(!lines.says("device taken over"));
    BOOST_TEST(kept.size() == 1u);
}

BOOST_AUTO_TEST_CASE(where_the_list_is_refused_it_is_registered_all_the_same)
{
    for (const unsigned status : {403u, 400u, 500u, 503u})
    {
        scene s;
        s.peer->answer(status).answer(200, shown("a"));
        BOOST_TEST(s.obtain().value().id() == "a", status);
        s.expect({listing, posting});
        BOOST_TEST(s.lines.says("the devices can't be listed, going on without"));
    }
    peer->answer(200, "<html>").answer(200, shown("a"));
    BOOST_TEST(obtain().has_value());
}

BOOST_AUTO_TEST_CASE(where_the_list_is_refused_the_last_device_is_still_tried_first)
{
    last = base + "/b";
    peer->answer(503).answer(200, shown("b"));
    BOOST_TEST(obtain().value().id() == "b");
    expect({listing, put("b")});
}

BOOST_AUTO_TEST_CASE(where_nobody_answers_nothing_more_is_asked)
{
    for (const auto code : {errc::cannot_connect, errc::timed_out, errc::connection_lost, errc::stopped})
    {
        scene s;
        s.peer->fail(code, false);
        BOOST_TEST(s.obtain().error().is(code));
        s.expect({listing});
    }
    peer->answer(401).answer(429);
    BOOST_TEST(obtain().error().is(errc::token_rejected));
    BOOST_TEST(rejected == 1u);
    BOOST_TEST(obtain().error().status == 429u);
    expect({listing, listing});
}

BOOST_AUTO_TEST_CASE(too_many_registrations_ours_are_deleted_and_it_is_tried_again_once_wdm_has_noticed)
{
    peer->answer(503) // no list at first: else one of ours would be used
        .answer(403, excessive)
        .answer(200, list_of({shown("b", 2), shown("x", 0, "node"), shown("a", 1)}))
        .answer(204)
        .answer(204)
        .answer(200, list_of({shown("b", 2), shown("x", 0, "node")})) // WDM's list lags behind
        .answer(200, list_of({shown("x", 0, "node")}))
        .answer(200, shown("n"));
    BOOST_TEST(obtain().value().id() == "n");
    expect({listing, posting, listing, erase("a"), erase("b"), listing, listing, posting});
    BOOST_TEST(lines.says("WDM refuses one more device for this user"));
}

BOOST_AUTO_TEST_CASE(a_list_that_never_shows_the_deletion_is_not_waited_for_for_ever)
{
    peer->answer(503).answer(403, excessive).answer(200, list_of({shown("a")})).answer(204);
    for (int i = 0; i < 5; ++i)
        peer->answer(200, list_of({shown("a")}));
    peer->answer(403, excessive);
    const auto got = obtain();
    BOOST_TEST(peer->used_up());
    BOOST_TEST(got.error().is(errc::api_rejected));
    BOOST_TEST(got.error().advice == "run `postern devices prune`");
    BOOST_TEST(lines.says("WDM still lists devices that were deleted"));
}

BOOST_AUTO_TEST_CASE(a_wait_that_does_not_fit_is_not_begun)
{
    options.list_again = 1h;
    peer->answer(503)
        .answer(403, excessive)
        .answer(200, list_of({shown("a")}))
        .answer(204)
        .answer(200, list_of({shown("a")}))
        .answer(200, shown("n"));
    BOOST_TEST(obtain().value().id() == "n");
    expect({listing, posting, listing, erase("a"), listing, posting});
}

BOOST_AUTO_TEST_CASE(registrations_of_other_programs_are_named_and_left_alone)
{
    const auto full =
        list_of({shown("x", 0, "node"), shown("y", 0, "python\\u001b[31m"), shown("z", 0, "node")});
    peer->answer(200, full).answer(403, excessive).answer(200, full);
    const auto got = obtain();
    expect({listing, posting, listing}); // nothing was deleted, so nothing would be different
    const auto text = describe(got.error());
    BOOST_TEST(text.find("3 registrations: 0 of this postern, 2 \"node\", 1 \"python\\x1b[31m\"") !=
               text.npos);
    BOOST_TEST(text.find("run `postern devices prune`") != text.npos);
    BOOST_TEST(text.find("have the other programs delete theirs") != text.npos);
    BOOST_TEST(text.find("403") != text.npos);
}

BOOST_AUTO_TEST_CASE(another_refusal_is_final_and_says_what_may_be_missing)
{
    peer->answer(404).answer(403, R"({"message":"missing scope"})");
    const auto got = obtain();
    BOOST_TEST(got.error().is(errc::api_rejected));
    BOOST_TEST(got.error().advice.find("spark:all") != std::string::npos);
    expect({listing, posting});
}

BOOST_AUTO_TEST_CASE(a_device_at_a_strange_host_is_refused_and_never_shown_the_token)
{
    const std::string good_url = base + "/a";
    const std::string good_socket = "wss://mercury-connection-a.wbx2.com/v1";
    struct
    {
        std::string url;
        std::string socket;
    } const rows[] = {{"https://evil.net/devices/a", good_socket},
                      {"https://evilwbx2.com/devices/a", good_socket},
                      {"http://wdm-r.wbx2.com/devices/a", good_socket},
                      {good_url, "wss://evil.net/v1"},
                      {good_url, "ws://mercury-connection-a.wbx2.com/v1"},
                      {good_url, "https://mercury-connection-a.wbx2.com/v1"},
                      {good_url, ""}};
    for (const auto& row : rows)
    {
        const auto body = R"({"url":")" + row.url + R"(","webSocketUrl":")" + row.socket +
                          R"(","deviceType":"DESKTOP","name":"postern-box-1"})";
        scene s;
        s.peer->answer(404).answer(200, body);
        const auto made = s.obtain();
        BOOST_TEST_REQUIRE(made.has_error(), body);
        BOOST_TEST(made.error().is(errc::bad_response));
        BOOST_TEST(made.error().maybe_sent);
        BOOST_TEST(s.kept.empty());
        s.expect({listing, posting});
    }
}

BOOST_AUTO_TEST_CASE(a_listed_device_at_a_strange_host_is_not_used_whatever_its_name)
{
    peer->answer(200, list_of({R"({"url":"https://evil.net/devices/a","webSocketUrl":"wss://evil.net/v1",)"
                               R"("deviceType":"DESKTOP","name":"postern-box-1"})"}))
        .answer(200, shown("n"));
    BOOST_TEST(obtain().value().id() == "n");
    expect({listing, posting});
}

BOOST_AUTO_TEST_CASE(a_remembered_device_at_a_strange_host_is_not_asked_for)
{
    last = "https://evil.net/devices/a";
    peer->answer(503).answer(200, shown("n"));
    BOOST_TEST(obtain().value().id() == "n");
    expect({listing, posting});
    BOOST_TEST(kept == std::vector{base + "/n"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_device_is_an_error_that_may_have_had_its_effect)
{
    for (const std::string body : {"", "null", "[]", "7", "{}", "<html>", R"({"url":null})"})
    {
        scene s;
        s.peer->answer(404).answer(200, body);
        const auto made = s.obtain();
        BOOST_TEST_REQUIRE(made.has_error(), body);
        BOOST_TEST(made.error().is(errc::bad_response));
        BOOST_TEST(made.error().maybe_sent);
        BOOST_TEST(made.error().doing == "registering the device");
    }
}

BOOST_AUTO_TEST_CASE(a_refresh_sends_the_etag_and_304_leaves_the_device_as_it_is)
{
    auto one = registry();
    auto mine = device_at("a");
    mine.etag = "\"7\"";
    peer->answer(304);
    const auto got = get([&] { return one.refresh(mine, soon()); });
    BOOST_TEST(got.value().websocket_url == mine.websocket_url);
    BOOST_TEST(got.value().etag == "\"7\"");
    BOOST_TEST(peer->requests()[0].headers.get("If-None-Match") == "\"7\"");
    BOOST_TEST(lines.says("device refreshed"));
    expect({put("a")});
}

BOOST_AUTO_TEST_CASE(a_refresh_takes_what_is_new_and_keeps_what_is_not_said)
{
    auto one = registry();
    auto mine = device_at("a");
    mine.ttl = 1800s;
    peer->answer(200,
                 R"({"url":")" + base + R"(/a","webSocketUrl":"wss://mercury-connection-b.wbx2.com/new"})",
                 {{"ETag", "\"8\""}});
    const auto got = get([&] { return one.refresh(mine, soon()); });
    BOOST_TEST(got.value().websocket_url == "wss://mercury-connection-b.wbx2.com/new");
    BOOST_TEST(got.value().etag == "\"8\"");
    BOOST_TEST(got.value().name == "postern-box-1");
    BOOST_TEST((got.value().ttl == 1800s));
}

BOOST_AUTO_TEST_CASE(a_refresh_that_is_answered_without_the_device_is_one)
{
    for (const auto* body : {"", "{}", "null", "OK"})
    {
        scene s;
        auto one = s.registry();
        auto mine = device_at("a");
        mine.etag = "\"7\"";
        s.peer->answer(200, body);
        const auto got = s.get([&] { return one.refresh(mine, soon()); });
        BOOST_TEST_REQUIRE(got.has_value(), body);
        BOOST_TEST(got->websocket_url == mine.websocket_url);
        BOOST_TEST(got->etag.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_refresh_that_leads_to_a_strange_host_is_refused)
{
    auto one = registry();
    peer->answer(200, R"({"url":")" + base + R"(/a","webSocketUrl":"wss://evil.net/v1"})");
    const auto got = get([&] { return one.refresh(device_at("a"), soon()); });
    BOOST_TEST(got.error().is(errc::bad_response));
    BOOST_TEST(describe(got.error()).find("may not see the token: wss://evil.net") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refresh_of_a_device_that_is_gone_is_told_and_it_is_forgotten)
{
    last = base + "/a";
    auto one = registry();
    peer->answer(404);
    BOOST_TEST(get([&] { return one.refresh(device_at("a"), soon()); }).error().is(errc::not_found));
    BOOST_TEST(kept == std::vector<std::string>{""}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_huge_etag_is_not_sent_back)
{
    peer->answer(404).answer(200, shown("a"), {{"ETag", std::string(10'000, 'e')}});
    BOOST_TEST(obtain().value().etag.empty());
}

BOOST_AUTO_TEST_CASE(our_device_is_deleted_and_forgotten)
{
    for (const unsigned status : {200u, 204u, 404u})
    {
        scene s;
        s.last = base + "/a";
        auto one = s.registry();
        s.peer->answer(status);
        BOOST_TEST(s.get([&] { return one.remove(device_at("a"), soon()); }).has_value(), status);
        BOOST_TEST(s.kept == std::vector<std::string>{""}, boost::test_tools::per_element());
        BOOST_TEST(s.lines.says("device deleted"));
        s.expect({erase("a")});
    }
    last = base + "/a";
    auto one = registry();
    peer->answer(503);
    BOOST_TEST(get([&] { return one.remove(device_at("a"), soon()); }).error().is(errc::api_unavailable));
    BOOST_TEST(kept.empty()); // still there, to be found by the next run
}

BOOST_AUTO_TEST_CASE(no_devices_are_a_list_too)
{
    auto one = registry();
    peer->answer(404).answer(200, list_of({shown("a"), shown("x", 0, "node")}));
    BOOST_TEST(get([&] { return one.list(wdm, soon()); }).value().empty());
    BOOST_TEST(get([&] { return one.list(std::string(wdm) + '/', soon()); }).value().size() == 2u);
    expect({listing, listing});
}

BOOST_AUTO_TEST_CASE(pruning_deletes_ours_and_looks_whether_they_are_gone)
{
    auto one = registry();
    peer->answer(200, list_of({shown("b", 2), shown("x", 0, "node"), shown("a", 1)}))
        .answer(204)
        .answer(404)
        .answer(200, list_of({shown("x", 0, "node")}));
    BOOST_TEST(get([&] { return one.prune(wdm, soon()); }).value() == 2u);
    expect({listing, erase("a"), erase("b"), listing});
}

BOOST_AUTO_TEST_CASE(pruning_tries_the_others_where_one_fails_and_says_so)
{
    auto one = registry();
    peer->answer(200, list_of({shown("a", 1), shown("b", 2)})).answer(500).answer(204);
    const auto got = get([&] { return one.prune(wdm, soon()); });
    BOOST_TEST(got.error().is(errc::api_unavailable));
    BOOST_TEST(describe(got.error()).find("1 others were deleted") != std::string::npos);
    expect({listing, erase("a"), erase("b")});
}

BOOST_AUTO_TEST_CASE(pruning_nothing_is_done_at_once)
{
    auto one = registry();
    peer->answer(404);
    BOOST_TEST(get([&] { return one.prune(wdm, soon()); }).value() == 0u);
    expect({listing});
}

BOOST_AUTO_TEST_CASE(a_pile_of_surplus_that_can_not_be_deleted_does_not_hold_up_the_start)
{
    peer->answer(200, list_of({shown("a", 9), shown("b", 1), shown("c", 1), shown("d", 1)}))
        .answer(200, shown("a"))
        .answer(500)                        // the next is tried all the same
        .fail(errc::connection_lost, true); // but now nobody is there
    BOOST_TEST(obtain().value().id() == "a");
    expect({listing, put("a"), erase("b"), erase("c")});
    BOOST_TEST(lines.says("surplus device not deleted"));
}

BOOST_AUTO_TEST_CASE(hostile_names_are_no_trouble_for_the_log)
{
    options.name = "postern-box-1";
    peer->answer(404).answer(200, shown("a", 0, std::string(100'000, 'n') + "\\n\\u001b[31m"));
    BOOST_TEST(obtain().has_value());
    for (const auto& line : lines.lines())
        BOOST_TEST(line.size() < 2000u);
}

BOOST_AUTO_TEST_SUITE_END()
