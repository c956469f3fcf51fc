// Promise 8: tokens, secrets and message texts are in no error and no log line, whatever a peer answers.

#include "unit/webex/api_fixture.hpp"
#include "unit/webex/samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using test::soon;
namespace samples = postern::test::samples;

namespace {

const std::string said = "the launch code is 1234";
const std::string hook_secret = "kR7-demo-secret";
const std::string email = "ana.private@example.com";

webex::new_message telling()
{
    webex::new_message m;
    m.to.room_id = "R";
    m.text = said;
    m.markdown = "**" + said + "**";
    m.card = R"({"type":"AdaptiveCard","body":[{"type":"TextBlock","text":")" + said + R"("}]})";
    return m;
}

// A peer that repeats what it was told: the token, and the words of the request.
std::string echo(const std::string& words)
{
    return R"({"message":"Bearer )" + std::string(test::token) + " said '" + words +
           R"('","errors":[{"description":")" + words + R"("}],"trackingId":"T_)" + test::token + R"("})";
}

struct fixture : test::api_fixture
{
    template <class T>
    void keeps_silent(const result<T>& got)
    {
        BOOST_TEST_REQUIRE(got.has_error());
        const auto& why = got.error();
        const auto all = describe(why) + why.doing + why.ours + why.theirs + why.tracking_id + why.advice;
        check(all);
        for (const auto& line : lines.lines())
            check(line);
    }

    void check(const std::string& text)
    {
        for (const auto& word : {std::string(test::token), said, hook_secret, email})
            BOOST_TEST(text.find(word) == std::string::npos, text);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(api_privacy, fixture)

BOOST_AUTO_TEST_CASE(an_echoing_service_makes_no_error_speak)
{
    options.attempts = 1;
    const auto ask_to = [&](const std::string& words, auto call) {
        for (const unsigned status : {302u, 400u, 401u, 403u, 404u, 415u, 500u, 503u})
        {
            peer->answer(status, echo(words));
            const auto got = ask(call);
            BOOST_TEST(got.error().status == status);
            BOOST_TEST(got.error().theirs.find("[hidden]") != std::string::npos);
            keeps_silent(got);
        }
        BOOST_TEST(peer->used_up());
    };
    ask_to("", [](webex::api& web) { return web.me(soon()); });
    ask_to(said, [](webex::api& web) { return web.post_message(telling(), soon()); });
    ask_to(said, [](webex::api& web) { return web.edit_message("M", "R", said, soon()); });
    ask_to(said, [](webex::api& web) { return web.create_room(said, soon()); });
    ask_to(said, [](webex::api& web) {
        webex::new_message m;
        m.to.room_id = "R";
        m.text = said;
        webex::file_upload upload;
        upload.bytes = "x";
        return web.post_file(std::move(m), std::move(upload), soon());
    });
    ask_to(hook_secret, [](webex::api& web) {
        webex::new_webhook w{"n", "https://t", "messages", "created", ""};
        return web.create_webhook(std::move(w), secret(hook_secret), soon());
    });
    ask_to(hook_secret, [](webex::api& web) {
        return web.update_webhook("W", "n", "https://t", secret(hook_secret), soon());
    });
}

BOOST_AUTO_TEST_CASE(half_a_message_is_not_quoted)
{
    const auto whole = R"({"id":"M","text":")" + said + R"(","html":"<p>)" + said + R"(</p>"})";
    for (std::size_t cut : {std::size_t(1), whole.size() / 2, whole.size() - 1})
    {
        peer->answer(200, whole.substr(0, cut));
        keeps_silent(ask([](webex::api& web) { return web.get_message("M", soon()); }));
        peer->answer(200, R"({"items":[)" + whole.substr(0, cut));
        keeps_silent(ask([](webex::api& web) { return web.list_messages("R", true, 10, soon()); }));
    }
    peer->answer(200, R"({"items":[")" + said + R"("]})");
    keeps_silent(ask([](webex::api& web) { return web.list_messages("R", true, 10, soon()); }));
    peer->answer(200, '"' + said + '"');
    keeps_silent(ask([](webex::api& web) { return web.get_message("M", soon()); }));
}

BOOST_AUTO_TEST_CASE(what_is_refused_before_sending_is_not_quoted)
{
    auto m = telling();
    m.card = said;
    keeps_silent(ask([&](webex::api& web) { return web.post_message(m, soon()); }));
    m = telling();
    while (m.text.size() < 8000)
        m.text += said;
    keeps_silent(ask([&](webex::api& web) { return web.post_message(m, soon()); }));
    keeps_silent(ask([](webex::api& web) { return web.submit_card("M", said, soon()); }));
    keeps_silent(ask([](webex::api& web) {
        return web.get_file("https://evil.example.net/" + std::string(test::token), 9, soon());
    }));
}

BOOST_AUTO_TEST_CASE(the_log_tells_of_calls_and_of_nothing_private)
{
    peer->fail(errc::cannot_connect, false)
        .answer(200, std::string(samples::message), {{"TrackingID", "ROUTERGW_7"}});
    BOOST_TEST(ask([](webex::api& web) { return web.post_message(telling(), soon()); }).has_value());
    peer->answer(503).answer(200, R"({"items":[]})");
    BOOST_TEST(ask([](webex::api& web) { return web.find_people(email, soon()); }).has_value());
    peer->answer(403, echo(said));
    keeps_silent(ask([](webex::api& web) { return web.post_message(telling(), soon()); }));

    BOOST_TEST(lines.says("will be repeated"));
    BOOST_TEST(lines.says("posting a message"));
    BOOST_TEST(lines.says("ROUTERGW_7"));
    BOOST_TEST(!lines.says("Postern status please")); // the text of the answer
}

BOOST_AUTO_TEST_SUITE_END()
