#include "postern/admin/health_handler.hpp"

#include "postern/base/json.hpp"
#include "support/run.hpp"

#include <string>

using namespace postern;

namespace {

struct page
{
    std::shared_ptr<admin::health> parts = std::make_shared<admin::health>();
    admin::health_handler handler{parts};

    transport::response ask(std::string target, std::string method = "GET")
    {
        transport::request r;
        r.method = std::move(method);
        r.target = std::move(target);
        if (auto refused = handler.admit(r).refusal)
            return *refused;
        transport::response answer;
        test::run([&](net::io_context&) -> awaitable<void> { answer = co_await handler.answer(r); });
        return answer;
    }
};

std::string text(const transport::response& r, std::string_view key)
{
    return text_or(parse_json(r.body, "the page")->as_object(), key);
}

} // namespace

BOOST_AUTO_TEST_SUITE(health_handler)

BOOST_AUTO_TEST_CASE(a_living_process_says_so_whatever_its_parts_say)
{
    page p;
    p.parts->set("webhooks", false, "no tunnel yet");
    for (const std::string target : {"/healthz", "/health?live", "/health?live=1", "/health?a=b&live"})
    {
        const auto answer = p.ask(target);
        BOOST_TEST(answer.status == 200u, target);
        BOOST_TEST(text(answer, "status") == "alive");
    }
}

BOOST_AUTO_TEST_CASE(a_ready_house_says_so)
{
    page p;
    p.parts->set("webhooks", true);
    for (const std::string target : {"/ready", "/health", "/health?lively"})
    {
        const auto answer = p.ask(target);
        BOOST_TEST(answer.status == 200u, target);
        BOOST_TEST(answer.body == "{\"status\":\"ready\",\"parts\":{\"webhooks\":{\"ok\":true}}}\n");
        BOOST_TEST(answer.headers.get("Content-Type") == "application/json");
        BOOST_TEST(answer.headers.get("Cache-Control") == "no-store");
    }
}

BOOST_AUTO_TEST_CASE(a_part_that_does_not_work_makes_it_503_with_the_reason)
{
    page p;
    p.parts->set("journal", true);
    p.parts->set("webhooks", false, "no \"tunnel\" yet");
    for (const std::string target : {"/ready", "/health"})
    {
        const auto answer = p.ask(target);
        BOOST_TEST(answer.status == 503u);
        BOOST_TEST(text(answer, "status") == "not ready");
        BOOST_TEST(answer.body.find(R"("webhooks":{"ok":false,"why":"no \"tunnel\" yet"})") !=
                   std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(before_any_part_has_spoken_it_is_503)
{
    page p;
    BOOST_TEST(p.ask("/ready").status == 503u);
    BOOST_TEST(p.ask("/healthz").status == 200u);
}

BOOST_AUTO_TEST_CASE(head_is_answered_like_get)
{
    page p;
    BOOST_TEST(p.ask("/healthz", "HEAD").status == 200u);
    BOOST_TEST(p.ask("/ready", "HEAD").status == 503u);
}

BOOST_AUTO_TEST_CASE(other_methods_are_405_and_told_which_are_allowed)
{
    page p;
    for (const std::string method : {"POST", "PUT", "DELETE", "get", "OPTIONS"})
    {
        const auto answer = p.ask("/health", method);
        BOOST_TEST(answer.status == 405u, method);
        BOOST_TEST(answer.headers.get("Allow") == "GET, HEAD");
    }
}

BOOST_AUTO_TEST_CASE(other_paths_are_404_whatever_the_method)
{
    page p;
    for (const std::string target : {"/", "/health/", "/healthzz", "/Health", "", "health", "/ready%20"})
    {
        BOOST_TEST(p.ask(target).status == 404u, target);
        BOOST_TEST(p.ask(target, "POST").status == 404u, target);
    }
}

BOOST_AUTO_TEST_CASE(a_handler_that_is_asked_without_admission_refuses_all_the_same)
{
    page p;
    test::run([&](net::io_context&) -> awaitable<void> {
        transport::request r;
        r.method = "POST";
        r.target = "/health";
        const auto answer = co_await p.handler.answer(r);
        BOOST_TEST(answer.status == 405u);
    });
}

BOOST_AUTO_TEST_SUITE_END()
