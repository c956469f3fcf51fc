#include "postern/source/device/signed_calls.hpp"

#include "unit/source/wdm_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;
using source::ends_everything;

namespace {

struct scene : test::wdm_fixture
{
    source::signed_calls::call call(std::string url)
    {
        source::signed_calls::call what;
        what.url = std::move(url);
        what.doing = "asking";
        return what;
    }
    result<transport::response> send(source::signed_calls::call what)
    {
        return get([&] { return calls->send(what, soon()); });
    }
    result<transport::websocket_ptr> open(std::string url)
    {
        return get([&] { return calls->open_websocket(url, {}, soon()); });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(signed_calls, scene)

BOOST_AUTO_TEST_CASE(every_call_carries_the_token_and_a_tracking_id_of_its_own)
{
    peer->answer(200, "{}").answer(200, "{}");
    auto post = call("https://wdm-r.wbx2.com/wdm/api/v1/devices?a=b");
    post.method = "POST";
    post.body = "{\"name\":1}";
    post.headers = {{"If-None-Match", "\"7\""}, {"authorization", "Basic theirs"}};
    BOOST_TEST(send(post).value().body == "{}");
    BOOST_TEST(send(call("https://wdm-r.wbx2.com/")).has_value());

    const auto& first = peer->requests()[0];
    BOOST_TEST(first.method == "POST");
    BOOST_TEST(first.url == "https://wdm-r.wbx2.com/wdm/api/v1/devices?a=b");
    BOOST_TEST(first.body == "{\"name\":1}");
    BOOST_TEST(first.headers.get("Authorization") == "Bearer " + std::string(token));
    BOOST_TEST(first.headers.count("Authorization") == 1u);
    BOOST_TEST(first.headers.get("Accept") == "application/json");
    BOOST_TEST(first.headers.get("Content-Type") == "application/json;charset=UTF-8");
    BOOST_TEST(first.headers.get("If-None-Match") == "\"7\"");
    BOOST_TEST(first.headers.get("trackingid").starts_with("postern_"));
    BOOST_TEST(first.headers.get("trackingid").ends_with("_1"));

    const auto& second = peer->requests()[1];
    BOOST_TEST(!second.headers.has("Content-Type"));
    BOOST_TEST(second.headers.get("trackingid").ends_with("_2"));
}

BOOST_AUTO_TEST_CASE(the_limited_catalogue_is_asked_without_the_token)
{
    peer->answer(200, "{}").answer(401);
    auto what = call("https://u2c.wbx2.com/u2c/api/v1/limited/catalog");
    what.with_token = false;
    BOOST_TEST(send(what).has_value());
    BOOST_TEST(!peer->requests()[0].headers.has("Authorization"));

    const auto refused = send(what); // says nothing about a token that was not shown
    BOOST_TEST(refused.error().is(errc::api_rejected));
    BOOST_TEST(refused.error().advice.empty());
    BOOST_TEST(rejected == 0u);
}

BOOST_AUTO_TEST_CASE(a_strange_host_is_not_even_asked)
{
    for (const auto* url : {"https://evil.net/devices", "https://evilwbx2.com/", "http://wdm-a.wbx2.com/",
                            "wss://wdm-a.wbx2.com/", "https://a:b@wdm-a.wbx2.com/", "", "device"})
    {
        const auto got = send(call(url));
        BOOST_TEST_REQUIRE(got.has_error(), url);
        BOOST_TEST(got.error().is(errc::bad_input), url);
        BOOST_TEST(got.error().doing.starts_with("asking"), url);
    }
    BOOST_TEST(peer->requests().empty());
}

BOOST_AUTO_TEST_CASE(answers_become_errors_by_their_status)
{
    struct
    {
        unsigned status;
        errc code;
    } const rows[] = {
        {100, errc::bad_response},    {301, errc::bad_response},    {302, errc::bad_response},
        {307, errc::bad_response},    {400, errc::api_rejected},    {401, errc::token_rejected},
        {403, errc::api_rejected},    {404, errc::not_found},       {410, errc::api_rejected},
        {429, errc::api_unavailable}, {451, errc::api_rejected},    {500, errc::api_unavailable},
        {503, errc::api_unavailable}, {599, errc::api_unavailable}, {700, errc::api_unavailable}};
    for (const auto& row : rows)
    {
        peer->answer(row.status, R"({"message":"no","trackingId":"T"})");
        const auto got = send(call(wdm));
        BOOST_TEST_REQUIRE(got.has_error(), row.status);
        BOOST_TEST(got.error().is(row.code), row.status);
        BOOST_TEST(got.error().status == row.status);
        BOOST_TEST(got.error().theirs == "no");
        BOOST_TEST(got.error().tracking_id == "T");
    }
    BOOST_TEST(rejected == 1u);
    peer->answer(204).answer(304);
    BOOST_TEST(send(call(wdm)).value().status == 204u);
    BOOST_TEST(send(call(wdm)).value().status == 304u);
}

BOOST_AUTO_TEST_CASE(a_redirect_is_named_and_not_followed)
{
    peer->answer(302, "", {{"Location", "https://evil.net/devices"}});
    const auto got = send(call(wdm));
    BOOST_TEST(got.error().is(errc::bad_response));
    const auto text = describe(got.error());
    BOOST_TEST(text.find("302") != text.npos);
    BOOST_TEST(text.find("redirects are not followed") != text.npos);
    BOOST_TEST(text.find("https://evil.net/devices") != text.npos);
    BOOST_TEST(peer->requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(how_long_to_wait_is_passed_on)
{
    peer->answer(429, "", {{"Retry-After", "17"}}).answer(503, "", {{"Retry-After", "soon"}});
    BOOST_TEST((send(call(wdm)).error().retry_after == std::chrono::milliseconds(17'000)));
    BOOST_TEST(!send(call(wdm)).error().retry_after.has_value());
}

BOOST_AUTO_TEST_CASE(a_peer_that_echoes_the_token_does_not_get_it_into_an_error)
{
    const std::string echo = std::string("bad token ") + token;
    peer->answer(403, "{\"message\":\"" + echo + "\",\"trackingId\":\"" + token + "\"}")
        .answer(302, "", {{"Location", std::string("/?t=") + token}});
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(describe(send(call(wdm)).error()).find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_lost_connection_is_told_with_our_tracking_id)
{
    peer->fail(errc::connection_lost, true);
    const auto got = send(call(wdm));
    BOOST_TEST(got.error().is(errc::connection_lost));
    BOOST_TEST(got.error().maybe_sent);
    BOOST_TEST(got.error().tracking_id == peer->requests()[0].headers.get("trackingid"));
    BOOST_TEST(got.error().doing == "asking: asking a scripted peer");
}

BOOST_AUTO_TEST_CASE(after_a_cancellation_nothing_new_is_sent)
{
    peer->hang();
    std::vector<errc> ends;
    net::io_context io(1);
    net::cancellation_signal stop;
    auto twice = [&]() -> awaitable<void> {
        co_await net::this_coro::throw_if_cancelled(false);
        for (int i = 0; i < 2; ++i)
        {
            const auto got = co_await calls->send(call(wdm), soon());
            ends.push_back(static_cast<errc>(got.error().code.value()));
        }
    };
    net::co_spawn(io, twice, net::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    net::post(io, [&] { stop.emit(net::cancellation_type::terminal); });
    io.run_for(3s);
    BOOST_TEST_REQUIRE(ends.size() == 2u);
    BOOST_TEST((ends[0] == errc::stopped));
    BOOST_TEST((ends[1] == errc::stopped));
    BOOST_TEST(peer->requests().size() == 1u);
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(the_handshake_carries_token_and_tracking_id)
{
    peer->answer_websocket(std::make_shared<test::scripted_websocket>());
    net::io_context io(1);
    bool opened = false;
    net::co_spawn(
        io,
        [&]() -> awaitable<void> {
            auto got =
                co_await calls->open_websocket("wss://mercury-connection-a.wbx2.com/v1/apps", {}, soon());
            opened = got.has_value() && *got;
        },
        [](std::exception_ptr) {});
    io.run_for(3s);
    BOOST_TEST(opened);
    const auto& asked = peer->requests().at(0);
    BOOST_TEST(asked.url == "wss://mercury-connection-a.wbx2.com/v1/apps");
    BOOST_TEST(asked.headers.get("Authorization") == "Bearer " + std::string(token));
    BOOST_TEST(asked.headers.get("trackingid").starts_with("postern_"));
}

BOOST_AUTO_TEST_CASE(a_websocket_at_a_strange_host_or_in_clear_is_not_opened)
{
    for (const auto* url : {"wss://evil.net/v1", "wss://mercurywbx2.com/", "ws://mercury.wbx2.com/",
                            "https://mercury.wbx2.com/", "http://mercury.wbx2.com/", ""})
        BOOST_TEST(open(url).error().is(errc::bad_input), url);
    BOOST_TEST(peer->requests().empty());
}

BOOST_AUTO_TEST_CASE(a_handshake_refused_with_401_is_left_to_the_policy)
{
    peer->answer(401).answer(404);
    BOOST_TEST(open("wss://mercury.wbx2.com/").error().is(errc::token_rejected));
    BOOST_TEST(open("wss://mercury.wbx2.com/").error().is(errc::not_found));
    BOOST_TEST(rejected == 0u);
}

BOOST_AUTO_TEST_CASE(an_unreachable_cloud_and_a_bad_token_end_everything_else_is_one_answer)
{
    for (const auto code : {errc::token_rejected, errc::stopped, errc::cannot_connect, errc::timed_out,
                            errc::connection_lost, errc::tls_failed})
        BOOST_TEST(ends_everything(error(code)));
    error limited(errc::api_unavailable);
    limited.status = 429;
    BOOST_TEST(ends_everything(limited));
    for (const auto code :
         {errc::api_unavailable, errc::api_rejected, errc::not_found, errc::bad_response, errc::too_large})
        BOOST_TEST(!ends_everything(error(code)));
}

BOOST_AUTO_TEST_SUITE_END()
