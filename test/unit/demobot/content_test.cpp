#include "demobot/content.hpp"

#include "demobot/stand_in/stand_in.hpp"
#include "support/run.hpp"

#include <postern/base/log.hpp>
#include <postern/transport/http_server.hpp>

#include <map>

using namespace demobot;
using postern::awaitable;
using postern::deadline;
using postern::errc;
using postern::result;
namespace net = boost::asio;
namespace transport = postern::transport;

namespace {

const char* no_variables(const char*) { return nullptr; }

std::shared_ptr<const web> way_out() { return *web::make(no_variables, postern::quiet_log()); }

deadline soon() { return deadline::after(std::chrono::seconds(3)); }

// A site that answers what it is told to.
class scripted_site final : public transport::http_handler
{
public:
    std::map<std::string, transport::response, std::less<>> pages;

    awaitable<transport::response> answer(transport::request asked) override
    {
        const auto found = pages.find(asked.path());
        auto said = found == pages.end() ? transport::make_response(404, "", "text/plain") : found->second;
        co_return said;
    }
};

void page(scripted_site& on, const std::string& path, std::string body, std::string type = "application/json",
          unsigned status = 200)
{
    on.pages.insert_or_assign(path, transport::make_response(status, std::move(body), std::move(type)));
}

// Runs `test` with content from a scripted site.
template <class Test>
void with_site(std::shared_ptr<scripted_site> site, Test test)
{
    postern::test::run([&](net::io_context& io) -> awaitable<void> {
        auto server = *transport::http_server::bind(io.get_executor(), {}, site, postern::quiet_log());
        server->start();
        const content from(content_urls::at("http://" + server->address()), way_out());
        co_await test(from);
        co_await server->stop(std::chrono::milliseconds(0));
    });
}

template <class T>
std::string excused(const result<T>& failed)
{
    return failed ? "no failure" : excuse("It", failed.error());
}

} // namespace

BOOST_AUTO_TEST_SUITE(content)

BOOST_AUTO_TEST_CASE(the_stand_in_has_all_that_the_bot_asks_for)
{
    const auto site = *stand_in::start(postern::quiet_log());
    const demobot::content from(content_urls::at(site->url()), way_out());
    postern::test::run([&](net::io_context&) -> awaitable<void> {
        const auto joke = co_await from.joke(soon());
        BOOST_TEST(joke.value().find("Chuck Norris") != std::string::npos);
        const auto another = co_await from.joke(soon());
        BOOST_TEST(another.value() != joke.value());
        const auto quote = co_await from.quote(soon());
        BOOST_TEST(quote.value().find("*Ada Lovelace*") != std::string::npos);
        const auto trivia = co_await from.fact(42, "trivia", soon());
        BOOST_TEST(trivia.value().find("answer") != std::string::npos);
        const auto product = co_await from.fact(42, "math", soon());
        BOOST_TEST(product.value() == "42 is even, and the product 2 × 3 × 7.");
        const auto negative = co_await from.fact(-7, "math", soon());
        BOOST_TEST(negative.value() == "-7 is odd.");
        const auto prime = co_await from.fact(999'983, "math", soon());
        BOOST_TEST(prime.value() == "999983 is odd, and a prime.");

        const auto office = co_await from.dilbert(soon());
        BOOST_TEST(office.value().file.name() == "office.png");
        BOOST_TEST(office->file.type() == "image/png");
        BOOST_TEST(office->file.from().starts_with("\x89PNG"));
        BOOST_TEST(office->caption == "The office, today: who broke the build \\& why");
        const auto garden = co_await from.peanuts(soon());
        BOOST_TEST(garden.value().file.type() == "image/gif");
        BOOST_TEST(garden->file.from().starts_with("GIF89a"));

        const auto cameras = co_await from.cameras(soon());
        BOOST_TEST_REQUIRE(cameras.value().size() == 4u);
        for (const auto& camera : *cameras)
        {
            const auto photo = co_await from.photo(camera, soon());
            BOOST_TEST(photo.value().file.type() == "image/png");
        }
    });
}

BOOST_AUTO_TEST_CASE(a_site_that_is_down_is_excused_in_clear_words)
{
    const demobot::content from(content_urls::at("http://127.0.0.1:1"), way_out());
    postern::test::run([&](net::io_context&) -> awaitable<void> {
        const auto strip = co_await from.dilbert(soon());
        BOOST_TEST_REQUIRE(strip.has_error());
        BOOST_TEST(excuse("The comic server", strip.error()) ==
                   "The comic server does not answer; try again later.");
    });
}

BOOST_AUTO_TEST_CASE(what_is_not_what_was_asked_for_is_not_shown)
{
    const auto site = std::make_shared<scripted_site>();
    page(*site, "/jokes/random", "<html>welcome</html>", "text/html");
    page(*site, "/quotes/random", R"({"content": ["not", "words"]})");
    page(*site, "/numbers/1/math", "{}");
    page(*site, "/numbers/2/math", R"({"text": 7})");
    page(*site, "/dilbert", R"(<img class="img-comic" src="/picture">)", "text/html");
    page(*site, "/picture", "<html>log in first</html>", "text/html");
    page(*site, "/peanuts/", "<p>we have moved", "text/html");
    with_site(site, [&](const demobot::content& from) -> awaitable<void> {
        const std::string puzzled = "It says something that I do not understand.";
        const auto joke = co_await from.joke(soon());
        BOOST_TEST(excused(joke) == puzzled);
        const auto quote = co_await from.quote(soon());
        BOOST_TEST(excused(quote) == puzzled);
        const auto no_text = co_await from.fact(1, "math", soon());
        BOOST_TEST(excused(no_text) == puzzled);
        const auto no_words = co_await from.fact(2, "math", soon());
        BOOST_TEST(excused(no_words) == puzzled);
        const auto no_picture = co_await from.dilbert(soon());
        BOOST_TEST(excused(no_picture) == puzzled);
        const auto no_image = co_await from.peanuts(soon());
        BOOST_TEST(excused(no_image) == puzzled);
        const auto no_page = co_await from.cameras(soon());
        BOOST_TEST(excused(no_page) == "It has nothing there.");
    });
}

BOOST_AUTO_TEST_CASE(a_site_in_trouble_and_one_that_sends_too_much_are_told_apart)
{
    const auto site = std::make_shared<scripted_site>();
    page(*site, "/jokes/random", "", "text/plain", 503);
    page(*site, "/quotes/random", std::string(70'000, 'x'));
    site->pages.insert_or_assign("/dilbert", transport::make_response(302, "", "text/html"));
    with_site(site, [&](const demobot::content& from) -> awaitable<void> {
        const auto joke = co_await from.joke(soon());
        BOOST_TEST(excused(joke) == "It does not answer; try again later.");
        const auto quote = co_await from.quote(soon());
        BOOST_TEST(excused(quote) == "It sends more than I can carry.");
        const auto moved = co_await from.dilbert(soon());
        BOOST_TEST(excused(moved) == "It says something that I do not understand.");
    });
}

BOOST_AUTO_TEST_CASE(a_picture_on_another_host_is_left_to_the_library_which_asks_public_ones_only)
{
    const demobot::content from(content_urls::at("http://127.0.0.1:1"), way_out());
    postern::test::run([&](net::io_context&) -> awaitable<void> {
        page_image inside{*transport::parse_url("http://169.254.169.254/latest/meta-data"), "x"};
        const auto shown = co_await from.photo(std::move(inside), soon());
        BOOST_TEST((shown.value().file.what() == postern::file_source::kind::url));
    });
}

BOOST_AUTO_TEST_CASE(foreign_words_stay_words_in_markdown)
{
    BOOST_TEST(harmless("plain, with 20 % and €.") == "plain, with 20 % and €.");
    BOOST_TEST(harmless("<@all> **bold** [a](http://b) `c`\n# d") ==
               "@all \\*\\*bold\\*\\* \\[a\\](http://b) \\`c\\` \\# d");
}

BOOST_AUTO_TEST_CASE(every_address_can_be_set)
{
    const std::map<std::string, const char*> set{{"DEMOBOT_SITE", "http://site"},
                                                 {"DEMOBOT_CHUCK_URL", "http://jokes/now"},
                                                 {"DEMOBOT_QUOTE_URL", ""}};
    const auto urls = content_urls::from(
        [&](const char* name) {
            const auto found = set.find(name);
            return found == set.end() ? nullptr : found->second;
        },
        "http://otherwise");
    BOOST_TEST(urls.chuck == "http://jokes/now");
    BOOST_TEST(urls.quote == "http://site/quotes/random");
    BOOST_TEST(urls.traffic == "http://site/traffic/cameras.html");
    BOOST_TEST(content_urls::from(no_variables, "http://otherwise").dilbert == "http://otherwise/dilbert");
}

BOOST_AUTO_TEST_SUITE_END()
