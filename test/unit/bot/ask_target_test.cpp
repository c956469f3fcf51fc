#include "postern/bot/no_code/ask_target.hpp"

#include "postern/base/crypto.hpp"
#include "support/run.hpp"
#include "support/scripted_http_client.hpp"

#include <string>

using namespace postern;
using no_code::answer_of;
using kind = no_code::spoken::kind;

namespace {

const target_call plain{"http://127.0.0.1:5000/hook?x=1", {}};

transport::response answered(unsigned status, std::string body = {}, std::string type = "text/plain")
{
    return transport::make_response(status, std::move(body), std::move(type));
}

answer_of ask(const std::shared_ptr<test::scripted_http_client>& client)
{
    answer_of came;
    test::run([&](net::io_context&) -> awaitable<void> {
        came = co_await no_code::ask_target(client, plain, "{}", "", 1000,
                                            deadline::after(std::chrono::milliseconds(50)));
    });
    return came;
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(ask_target)

BOOST_AUTO_TEST_CASE(a_call_with_a_key_is_signed_as_webhooks_are)
{
    const auto sent =
        no_code::request_for({"http://x/", secret("key")}, R"({"a":1})", "http://127.0.0.1/reply/1");
    BOOST_TEST(sent.method == "POST");
    BOOST_TEST(sent.headers.get("X-Spark-Signature") == hmac_sha1_hex(secret("key"), R"({"a":1})"));
    BOOST_TEST(sent.headers.get("X-Postern-Reply-Url") == "http://127.0.0.1/reply/1");
    BOOST_TEST(sent.headers.get("Content-Type") == "application/json");
}

BOOST_AUTO_TEST_CASE(a_call_without_a_key_and_without_later_replies_says_so_by_silence)
{
    const auto sent = no_code::request_for(plain, "{}", "");
    BOOST_TEST(!sent.headers.has("X-Spark-Signature"));
    BOOST_TEST(!sent.headers.has("X-Postern-Reply-Url"));
}

BOOST_AUTO_TEST_CASE(the_answer_is_asked_for_once_at_the_path_of_the_url_and_bounded)
{
    const auto client = std::make_shared<test::scripted_http_client>();
    client->answer(200, "hi", {{"Content-Type", "text/plain"}});
    const auto came = ask(client);
    BOOST_TEST(came.says.words == "hi");
    BOOST_TEST_REQUIRE(client->requests().size() == 1u);
    BOOST_TEST(client->requests()[0].url == "http://127.0.0.1:5000/hook?x=1");
    BOOST_TEST((client->requests()[0].response_limit == 1000u));
}

BOOST_AUTO_TEST_CASE(accepted_and_no_content_say_nothing_and_leave_the_reply_url_open)
{
    for (const unsigned status : {202u, 204u})
    {
        const auto came = no_code::read_answer(answered(status, "ignored", "text/html"));
        BOOST_TEST(!came.failed());
        BOOST_TEST((came.says.what == kind::nothing));
        BOOST_TEST(came.later_too);
    }
}

BOOST_AUTO_TEST_CASE(any_other_answer_is_a_failure_in_one_line)
{
    for (const unsigned status : {301u, 404u, 500u, 503u})
    {
        const auto came = no_code::read_answer(answered(status, "private"));
        BOOST_TEST(says(came.for_user, std::to_string(status)));
        BOOST_TEST(!says(came.for_log, "private"));
        BOOST_TEST(!came.later_too);
    }
    const auto page = no_code::read_answer(answered(200, "<p>private</p>", "text/html"));
    BOOST_TEST(page.failed());
    BOOST_TEST(says(page.for_log, "text/html"));
    BOOST_TEST(!says(page.for_log, "private"));
}

BOOST_AUTO_TEST_CASE(a_target_that_is_down_or_hangs_or_breaks_off_is_told_apart)
{
    const auto client = std::make_shared<test::scripted_http_client>();
    client->fail(errc::cannot_connect, false).hang().fail(errc::too_large, true);
    client->fail(errc::connection_lost, true).fail(errc::stopped, true);
    BOOST_TEST(says(ask(client).for_user, "can't be reached"));
    BOOST_TEST(says(ask(client).for_user, "took too long"));
    BOOST_TEST(says(ask(client).for_user, "too long"));
    BOOST_TEST(says(ask(client).for_user, "no proper answer"));
    const auto stopped = ask(client);
    BOOST_TEST(stopped.stopped);
    BOOST_TEST(!stopped.failed());
}

BOOST_AUTO_TEST_SUITE_END()
