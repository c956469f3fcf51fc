#include "postern/bot/say/file_fetcher.hpp"
#include "support/captured_log.hpp"
#include "support/run.hpp"
#include "support/scripted_http_client.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;

namespace {

struct web
{
    std::shared_ptr<test::scripted_http_client> peer = std::make_shared<test::scripted_http_client>();
    fetch_options options;

    result<webex::file_upload> fetch(std::string url, std::string name = {})
    {
        std::optional<result<webex::file_upload>> out;
        const file_fetcher fetcher(options, peer);
        test::run([&](net::io_context&) -> awaitable<void> {
            auto got = co_await fetcher.fetch(url, name, deadline::after(2s));
            out.emplace(std::move(got));
        });
        return std::move(*out);
    }
};

transport::header_fields png() { return {{"Content-Type", "image/png"}}; }
transport::header_fields to(std::string where) { return {{"Location", std::move(where)}}; }

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_fetcher, web)

BOOST_AUTO_TEST_CASE(a_file_comes_with_its_name_and_type)
{
    peer->answer(200, "bytes", png());
    const auto got = fetch("https://example.com/comics/a%20b.png?x=1");
    BOOST_TEST(got->filename == "a b.png");
    BOOST_TEST(got->content_type == "image/png");
    BOOST_TEST(got->bytes == "bytes");
    BOOST_TEST(peer->requests()[0].url == "https://example.com/comics/a%20b.png?x=1");
    BOOST_TEST((peer->requests()[0].response_limit == options.limit));
    BOOST_TEST(!peer->requests()[0].headers.has("Authorization"));
}

BOOST_AUTO_TEST_CASE(the_name_asked_for_wins_over_the_servers_and_that_over_the_path)
{
    auto told = png();
    told.add("Content-Disposition", "attachment; filename=\"told.png\"");
    peer->answer(200, "x", told).answer(200, "x", told).answer(200, "x", png());
    BOOST_TEST(fetch("https://example.com/a", "mine.png")->filename == "mine.png");
    BOOST_TEST(fetch("https://example.com/a")->filename == "told.png");
    BOOST_TEST(fetch("https://example.com/")->filename == "file");
}

BOOST_AUTO_TEST_CASE(a_redirect_is_followed_to_where_it_may_lead)
{
    peer->answer(302, "", to("/b.png"))
        .answer(301, "", to("https://cdn.example.com/c.png"))
        .answer(200, "x", png());
    BOOST_TEST(fetch("https://example.com/a")->filename == "c.png");
    BOOST_TEST(peer->requests()[1].url == "https://example.com/b.png");
}

BOOST_AUTO_TEST_CASE(a_redirect_into_an_inner_network_is_not_followed)
{
    for (const auto* inner :
         {"http://127.0.0.1/", "http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/",
          "file:///etc/passwd", "http://printer/", "//192.168.0.1/x"})
    {
        web fresh;
        fresh.peer->answer(302, "", to(inner));
        const auto refused = fresh.fetch("https://example.com/a");
        BOOST_TEST(refused.error().is(errc::bad_input), inner);
        BOOST_TEST(fresh.peer->requests().size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(redirects_without_end_end)
{
    for (int i = 0; i < 6; ++i)
        peer->answer(302, "", to("/again"));
    BOOST_TEST(fetch("https://example.com/a").error().is(errc::bad_response));
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(an_inner_address_is_not_asked_at_all_unless_that_is_allowed)
{
    BOOST_TEST(fetch("http://127.0.0.1:9/a").error().is(errc::bad_input));
    BOOST_TEST(peer->requests().empty());
    options.allow_private = true;
    peer->answer(200, "x", png());
    BOOST_TEST(fetch("http://127.0.0.1:9/a").has_value());
}

BOOST_AUTO_TEST_CASE(what_the_server_refuses_is_an_error_without_its_words)
{
    const auto code = [](unsigned status) {
        web fresh;
        fresh.peer->answer(status, "their words");
        const auto got = fresh.fetch("https://example.com/a?key=secret");
        BOOST_TEST(describe(got.error()).find("secret") == std::string::npos);
        BOOST_TEST(describe(got.error()).find("their words") == std::string::npos);
        return got.error().code;
    };
    BOOST_TEST(code(404) == make_error_code(errc::not_found));
    BOOST_TEST(code(403) == make_error_code(errc::api_rejected));
    BOOST_TEST(code(500) == make_error_code(errc::api_unavailable));
    BOOST_TEST(code(204) == make_error_code(errc::bad_response));
}

// What a name is looked up to is judged by the client: unit/transport/address_rule.
BOOST_AUTO_TEST_CASE(one_with_a_client_of_its_own_refuses_this_machine)
{
    test::captured_log logged;
    test::run([&](net::io_context& io) -> awaitable<void> {
        net::ip::tcp::acceptor inner(io, {net::ip::make_address("127.0.0.1"), 0});
        const auto made = postern::file_fetcher::make(io.get_executor(), {}, {}, logged.writer);
        BOOST_TEST_REQUIRE(made.has_value());
        const auto got = co_await (*made)->fetch(
            "http://127.0.0.1:" + std::to_string(inner.local_endpoint().port()) + "/a", "",
            deadline::after(2s));
        BOOST_TEST(got.error().is(errc::bad_input));
    });
}

BOOST_AUTO_TEST_SUITE_END()
