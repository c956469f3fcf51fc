#include "postern/bot/no_code/reply_handler.hpp"

#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <optional>
#include <string>
#include <vector>

using namespace postern;

namespace {

struct desk
{
    std::shared_ptr<no_code::reply_book> book =
        std::make_shared<no_code::reply_book>(no_code::reply_book::limits{});
    test::captured_log logged;
    no_code::reply_handler handler{book, {}, logged.writer};
    std::vector<std::string> said;
    std::optional<error> fails;
    std::string id = book->open(
        [this](no_code::spoken what) -> awaitable<result<>> {
            if (fails)
                co_return *fails;
            said.push_back(what.words);
            co_return result<>();
        },
        {}, std::chrono::steady_clock::now());

    static transport::request request(const std::string& id, std::string body,
                                      std::string type = "text/plain", std::string method = "POST")
    {
        transport::request r;
        r.method = std::move(method);
        r.target = "/reply/" + id;
        r.headers.set("Content-Type", std::move(type));
        r.body = std::move(body);
        return r;
    }

    // As a server would: the head first.
    transport::response post(transport::request r)
    {
        auto first = handler.admit(r);
        if (first.refusal)
            return std::move(*first.refusal);
        transport::response answer;
        test::run([&](net::io_context&) -> awaitable<void> { answer = co_await handler.answer(r); });
        return answer;
    }
    unsigned status(transport::request r) { return post(std::move(r)).status; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(reply_handler)

BOOST_AUTO_TEST_CASE(a_reply_is_said_once_and_the_second_is_gone)
{
    desk d;
    BOOST_TEST(d.status(desk::request(d.id, "done")) == 200u);
    BOOST_TEST(d.status(desk::request(d.id, "again")) == 410u);
    BOOST_TEST(d.said == std::vector<std::string>{"done"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unknown_one_is_not_found_before_its_body_is_read)
{
    desk d;
    const auto refused = d.handler.admit(desk::request("ffffffffffffffffffffffffffffffff", ""));
    BOOST_TEST_REQUIRE(refused.refusal.has_value());
    BOOST_TEST(refused.refusal->status == 404u);
    BOOST_TEST(d.status(desk::request("", "x")) == 404u);
    BOOST_TEST(d.status(desk::request(d.id, "x", "text/plain", "GET")) == 405u);
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_uses_nothing_up)
{
    desk d;
    BOOST_TEST(d.status(desk::request(d.id, "<p>", "text/html")) == 400u);
    BOOST_TEST(d.status(desk::request(d.id, "  ")) == 400u);
    BOOST_TEST(d.status(desk::request(d.id, "{", "application/json")) == 400u);
    BOOST_TEST(d.status(desk::request(d.id, R"({"text": "now"})", "application/json")) == 200u);
}

BOOST_AUTO_TEST_CASE(a_reply_that_did_not_go_out_may_be_sent_again)
{
    desk d;
    d.fails = error(errc::api_unavailable);
    BOOST_TEST(d.status(desk::request(d.id, "x")) == 502u);
    d.fails.reset();
    BOOST_TEST(d.status(desk::request(d.id, "x")) == 200u);
}

BOOST_AUTO_TEST_CASE(a_reply_that_may_be_out_is_not_taken_a_second_time)
{
    desk d;
    d.fails = error(errc::connection_lost);
    d.fails->maybe_sent = true;
    BOOST_TEST(d.status(desk::request(d.id, "x")) == 502u);
    BOOST_TEST(d.status(desk::request(d.id, "x")) == 410u);
}

BOOST_AUTO_TEST_CASE(the_log_shows_six_digits_and_no_word_of_the_reply)
{
    desk d;
    d.post(desk::request(d.id, "private words"));
    BOOST_TEST(d.logged.says(d.id.substr(0, 6)));
    BOOST_TEST(!d.logged.says(d.id.substr(0, 7)));
    BOOST_TEST(!d.logged.says("private"));
}

BOOST_AUTO_TEST_SUITE_END()
