// What may go wrong with a list of members, over loopback, and only with that.

#include "emulator_stage.hpp"

#include <boost/json/serialize.hpp>

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

namespace {

// One fault at a time.
struct troubled : stage
{
    using stage::stage;

    awaitable<transport::response> with(json::object fault, std::string url)
    {
        co_await ask("", "DELETE", cloud->control_url() + "/faults");
        const auto added = co_await ask("", "POST", cloud->control_url() + "/faults", json::serialize(fault));
        BOOST_TEST(added.status == 200u);
        auto answer = co_await ask("bot", "GET", std::move(url));
        co_return answer;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(members_faults)

BOOST_AUTO_TEST_CASE(each_can_be_had_for_lists_of_members_alone)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        troubled s(io);
        s.start();
        const json::object crowd{{"members", 250}, {"with", {"alice", "bot"}}};
        const auto made =
            co_await s.ask("", "POST", s.cloud->control_url() + "/crowd", json::serialize(crowd));
        BOOST_TEST_REQUIRE(made.status == 200u);
        const auto list = s.cloud->api_url() + "/memberships?roomId=" + text_of(made, "roomId");

        for (const unsigned status : {500u, 403u, 429u})
        {
            const json::object fault{
                {"path", "/v1/memberships"}, {"status", status}, {"headers", {{"Retry-After", 1}}}};
            const auto refused = co_await s.with(fault, list);
            BOOST_TEST(refused.status == status);
            BOOST_TEST(refused.headers.get("Retry-After") == "1");
            const auto again = co_await s.ask("bot", "GET", list);
            BOOST_TEST(again.status == status); // until it is removed
            const auto other = co_await s.ask("bot", "GET", s.cloud->api_url() + "/people/me");
            BOOST_TEST(other.status == 200u);
        }

        const json::object malformed{{"path", "/v1/memberships"},
                                     {"status", 200},
                                     {"body", R"({"items":[{"id":)"},
                                     {"contentType", "application/json;charset=UTF-8"}};
        const auto broken = co_await s.with(malformed, list);
        BOOST_TEST(broken.status == 200u);
        BOOST_TEST(!parse_json(broken.body, "it").has_value());

        const json::object half{{"path", "/v1/memberships"}, {"truncateAfter", 3000}};
        const auto cut = co_await s.with(half, list);
        BOOST_TEST(cut.status == 0u, "the connection ends in the middle of the page");

        const json::object second{{"path", "/v1/memberships"}, {"query", "cursor="}, {"status", 500}};
        const auto first = co_await s.with(second, list);
        BOOST_TEST(first.status == 200u);
        const std::string link(first.headers.get("Link"));
        const auto next = co_await s.ask("bot", "GET", link.substr(1, link.find('>') - 1));
        BOOST_TEST(next.status == 500u);
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(an_answer_can_be_held_back_for_longer_than_anybody_waits)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        troubled s(io);
        s.start();
        const json::object hang{{"path", "/v1/memberships"}, {"delayMs", 600'000}};
        co_await s.ask("", "POST", s.cloud->control_url() + "/faults", json::serialize(hang));
        transport::request r;
        r.headers.add("Authorization", "Bearer " + s.cloud->token("bot"));
        auto where = transport::parse_url(s.cloud->api_url() + "/memberships").value();
        r.target = where.target;
        const auto late = co_await s.client->send(std::move(where), std::move(r),
                                                  deadline::after(std::chrono::milliseconds(300)));
        BOOST_TEST_REQUIRE(late.has_error());
        BOOST_TEST(late.error().is(errc::timed_out));
        const auto other = co_await s.ask("bot", "GET", s.cloud->api_url() + "/rooms");
        BOOST_TEST(other.status == 200u);
        co_await s.close();
    });
}

BOOST_AUTO_TEST_SUITE_END()
