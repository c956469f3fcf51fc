// The emulator as a server, over loopback.

#include "emulator_stage.hpp"

#include "postern/base/within.hpp"

#include <boost/json/serialize.hpp>

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;
namespace transport = postern::transport;

BOOST_AUTO_TEST_SUITE(emulator)

BOOST_AUTO_TEST_CASE(a_message_reaches_the_bots_webhook_after_the_answer_and_can_be_fetched)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        s.start();
        std::vector<std::string> seen;
        s.cloud->observe(
            [&](observed o) { seen.push_back(o.what + (o.status ? ' ' + std::to_string(o.status) : "")); });
        const auto api = s.cloud->api_url();
        const json::object hook{{"name", "n"},
                                {"targetUrl", "http://" + s.target->address() + "/hook"},
                                {"resource", "messages"},
                                {"event", "created"},
                                {"secret", "s3cr3t"}};
        const auto made = co_await s.ask("bot", "POST", api + "/webhooks", json::serialize(hook));
        BOOST_TEST(made.status == 200u);

        const json::object words{{"toPersonEmail", "postern@webex.bot"}, {"text", "hello"}};
        const auto posted = co_await s.ask("alice", "POST", api + "/messages", json::serialize(words));
        BOOST_TEST_REQUIRE(posted.status == 200u);
        const bool quiet = co_await s.cloud->idle(deadline::after(std::chrono::seconds(3)));
        BOOST_TEST(quiet);
        BOOST_TEST_REQUIRE(s.box->got.size() == 1u);
        BOOST_TEST(!s.box->got[0].headers.get("X-Spark-Signature").empty());
        const auto event = json::parse(s.box->got[0].body).as_object();
        const auto id = text_or(event.at("data").as_object(), "id");
        BOOST_TEST(id == text_of(posted, "id"));
        const auto fetched = co_await s.ask("bot", "GET", api + "/messages/" + id);
        BOOST_TEST(text_of(fetched, "text") == "hello");
        const std::vector<std::string> expected{"posted", "activity", "webhook sent", "webhook answered 204"};
        BOOST_TEST(seen == expected, boost::test_tools::per_element());
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(the_ready_line_says_where_and_with_which_tokens)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        s.start();
        const auto line = s.cloud->ready_line();
        BOOST_TEST(line.find('\n') == std::string::npos);
        const auto o = json::parse(line).as_object();
        BOOST_TEST(text_or(o, "api") == s.cloud->api_url());
        BOOST_TEST(text_or(o, "control") == s.cloud->control_url());
        BOOST_TEST(text_or(o.at("tokens").as_object(), "bot") == s.cloud->token("bot"));
        const auto catalogue =
            co_await s.ask("", "GET", text_or(o, "u2c") + "/limited/catalog?format=hostmap");
        BOOST_TEST(text_or(json::parse(catalogue.body).at("serviceLinks").as_object(), "hydra") ==
                   s.cloud->api_url());
        const auto me = co_await s.ask("bot", "GET", s.cloud->api_url() + "/people/me");
        BOOST_TEST(text_of(me, "id") == s.cloud->person_id("bot"));
        BOOST_TEST(s.cloud->token("nobody").empty());
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(faults_change_answers_delay_them_and_cut_them)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        s.start();
        const auto api = s.cloud->api_url(), control = s.cloud->control_url();
        const auto me = api + "/people/me";
        co_await s.ask("", "POST", control + "/faults",
                       R"({"path":"/v1/people","status":503,"remaining":1,"headers":{"Retry-After":"1"}})");
        const auto unavailable = co_await s.ask("bot", "GET", me);
        BOOST_TEST(unavailable.status == 503u);
        BOOST_TEST(unavailable.headers.get("Retry-After") == "1");
        BOOST_TEST(!text_of(unavailable, "trackingId").empty());
        co_await s.ask("", "POST", control + "/faults", R"({"drop":true,"remaining":1})");
        const auto dropped = co_await s.ask("bot", "GET", me);
        BOOST_TEST(dropped.status == 0u);
        co_await s.ask("", "POST", control + "/faults", R"({"truncateAfter":30,"remaining":1})");
        const auto cut = co_await s.ask("bot", "GET", me);
        BOOST_TEST(cut.status == 0u);
        co_await s.ask("", "POST", control + "/faults", R"({"delayMs":30,"remaining":1})");
        const auto before = std::chrono::steady_clock::now();
        const auto late = co_await s.ask("bot", "GET", me);
        BOOST_TEST(late.status == 200u);
        BOOST_TEST((std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(30)));
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(a_post_that_was_lost_on_the_way_back_took_effect)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        s.start();
        const auto api = s.cloud->api_url();
        const auto room = first_id(co_await s.ask("alice", "GET", api + "/rooms"));
        const auto words = json::serialize(json::object{{"roomId", room}, {"text", "x"}});
        co_await s.ask("", "POST", s.cloud->control_url() + "/faults",
                       R"({"method":"POST","drop":true,"afterEffect":true,"remaining":1})");
        const auto lost = co_await s.ask("alice", "POST", api + "/messages", words);
        BOOST_TEST(lost.status == 0u);
        const auto list = co_await s.ask("alice", "GET", api + "/messages?roomId=" + room);
        BOOST_TEST(json::parse(list.body).at("items").as_array().size() == 1u);
        co_await s.ask("", "POST", s.cloud->control_url() + "/faults",
                       R"({"method":"POST","drop":true,"remaining":1})");
        const auto never = co_await s.ask("alice", "POST", api + "/messages", words);
        BOOST_TEST(never.status == 0u);
        const auto again = co_await s.ask("alice", "GET", api + "/messages?roomId=" + room);
        BOOST_TEST(json::parse(again.body).at("items").as_array().size() == 1u);
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(a_large_file_goes_up_and_comes_back_and_the_cloud_fetches_one_by_url)
{
    postern::test::run(
        [](net::io_context& io) -> awaitable<void> {
            stage s(io);
            s.start();
            const auto api = s.cloud->api_url();
            const auto room = first_id(co_await s.ask("alice", "GET", api + "/rooms?type=group"));
            const std::string bytes(3 * 1024 * 1024, 'x');
            const auto form =
                "--b\r\nContent-Disposition: form-data; name=\"roomId\"\r\n\r\n" + room +
                "\r\n--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"x.bin\"\r\n\r\n" +
                bytes + "\r\n--b--\r\n";
            const auto posted =
                co_await s.ask("alice", "POST", api + "/messages", form, "multipart/form-data; boundary=b");
            BOOST_TEST_REQUIRE(posted.status == 200u);
            const std::string file(json::parse(posted.body).at("files").at(0).as_string());
            BOOST_TEST(file.starts_with(api + "/contents/"));
            const auto head = co_await s.ask("alice", "HEAD", file);
            BOOST_TEST(head.status == 200u);
            BOOST_TEST(head.headers.get("Content-Length") == std::to_string(bytes.size()));
            const auto back = co_await s.ask("alice", "GET", file);
            BOOST_TEST((back.body == bytes));

            const json::object by_url{{"roomId", room}, {"files", {s.cloud->control_url() + "/"}}};
            const auto fetched = co_await s.ask("alice", "POST", api + "/messages", json::serialize(by_url));
            BOOST_TEST(fetched.status == 200u);
            const json::object nowhere{{"roomId", room},
                                       {"files", {api + "/people/me"}}}; // 401 without a token
            const auto refused = co_await s.ask("alice", "POST", api + "/messages", json::serialize(nowhere));
            BOOST_TEST(refused.status == 400u);
            co_await s.close();
        },
        std::chrono::seconds(20));
}

BOOST_AUTO_TEST_CASE(a_page_in_front_takes_its_own_paths_only)
{
    class page final : public transport::http_handler
    {
    public:
        awaitable<transport::response> answer(transport::request) override
        {
            co_return transport::make_response(200, "a page", "text/html");
        }
    };
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        emulator_options options;
        options.front = std::make_shared<page>();
        options.front_owns = [](std::string_view path) { return path == "/"; };
        options.public_url = "https://cloud.example.net/";
        s.start(std::move(options));
        BOOST_TEST(s.cloud->api_url() == "https://cloud.example.net/v1");
        const auto port = text_or(json::parse(s.cloud->ready_line()).as_object(), "listen");
        const auto front = co_await s.ask("", "GET", "http://" + port + "/");
        BOOST_TEST(front.body == "a page");
        const auto other = co_await s.ask("", "GET", "http://" + port + "/other");
        BOOST_TEST(other.status == 404u);
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(a_taken_address_is_an_error)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        emulator_options options;
        options.listen = s.target->address();
        const auto taken = postern::emulator::emulator::start(s.ex, options, quiet_log());
        BOOST_TEST_REQUIRE(taken.has_error());
        BOOST_TEST(taken.error().is(errc::address_in_use));
        co_await s.target->stop(std::chrono::seconds(1));
    });
}

BOOST_AUTO_TEST_SUITE_END()
