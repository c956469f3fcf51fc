#include "postern/admin/routes.hpp"

#include "support/run.hpp"

#include <memory>
#include <string>

using namespace postern;

namespace {

// Answers with its name; admits nothing longer than its limit.
class named final : public transport::http_handler
{
public:
    named(std::string name, std::size_t limit) : name_(std::move(name)), limit_(limit) {}

    admission admit(const transport::request&) override
    {
        admission a;
        a.body_limit = limit_;
        return a;
    }
    awaitable<transport::response> answer(transport::request r) override
    {
        co_return transport::make_response(200, name_ + ' ' + r.body, "text/plain");
    }

private:
    std::string name_;
    std::size_t limit_;
};

struct two_routes
{
    admin::router::table table{{"/webex", std::make_shared<named>("webhook", 10)},
                               {"/health", std::make_shared<named>("health", 20)},
                               {"/empty", nullptr},
                               {"/below/", std::make_shared<named>("below", 30)}};
    admin::router router{table};

    static transport::request request(std::string target)
    {
        transport::request r;
        r.target = std::move(target);
        r.body = "body";
        return r;
    }
    transport::response answer(std::string target)
    {
        transport::response said;
        test::run(
            [&](net::io_context&) -> awaitable<void> { said = co_await router.answer(request(target)); });
        return said;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(routes)

BOOST_AUTO_TEST_CASE(each_path_has_its_handler)
{
    two_routes r;
    BOOST_TEST(r.answer("/webex").body == "webhook body");
    BOOST_TEST(r.answer("/health?live").body == "health body");
}

BOOST_AUTO_TEST_CASE(a_path_that_ends_with_a_slash_has_what_is_one_level_below_it)
{
    two_routes r;
    BOOST_TEST(r.answer("/below/").body == "below body");
    BOOST_TEST(r.answer("/below/4711?x/y").body == "below body");
    for (const std::string target : {"/below", "/below/4711/deeper", "/other/4711"})
        BOOST_TEST(r.answer(target).status == 404u, target);
}

BOOST_AUTO_TEST_CASE(each_handler_admits_for_itself)
{
    two_routes r;
    const auto webhook = r.router.admit(two_routes::request("/webex"));
    BOOST_TEST(!webhook.refusal.has_value());
    BOOST_TEST((webhook.body_limit == 10u));
    BOOST_TEST((r.router.admit(two_routes::request("/health")).body_limit == 20u));
}

BOOST_AUTO_TEST_CASE(any_other_path_is_404_before_its_body_is_read)
{
    two_routes r;
    for (const std::string target : {"/", "", "/webex/", "/Webex", "/web", "/webex%2f", "//webex", "/empty"})
    {
        const auto refused = r.router.admit(two_routes::request(target)).refusal;
        BOOST_TEST_REQUIRE(refused.has_value(), target);
        BOOST_TEST(refused->status == 404u);
        BOOST_TEST(r.answer(target).status == 404u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
