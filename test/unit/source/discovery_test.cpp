#include "postern/source/device/discovery.hpp"

#include "unit/source/wdm_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace postern;
using namespace std::chrono_literals;

namespace {

const std::string org = "1eb65fdf-9643-417f-9974-ad72cae0e10f";
const std::string base = "https://u2c.wbx2.com/u2c/api/v1";
const std::string full_url = "GET " + base + "/catalog?format=hostmap";
const std::string limited_url = "GET " + base + "/limited/catalog?orgId=" + org + "&format=hostmap";

std::string catalogue(const std::string& wdm)
{
    return R"({"serviceLinks":{"wdm":")" + wdm + R"("},"hostCatalog":{}})";
}

struct scene : test::wdm_fixture
{
    source::discovery one{options, *calls, org, lines.writer};

    result<source::home> find(bool fresh = false)
    {
        return get([&] { return one.find(fresh, soon()); });
    }
    std::size_t warnings() const
    {
        const auto all = lines.lines();
        return static_cast<std::size_t>(std::count_if(
            all.begin(), all.end(), [](const auto& l) { return l.find(" warning ") != l.npos; }));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(discovery, scene)

BOOST_AUTO_TEST_CASE(the_full_catalogue_names_the_home)
{
    peer->answer(200, catalogue("https://wdm-r.wbx2.com/wdm/api/v1"));
    const auto found = find();
    BOOST_TEST(found.value().wdm == "https://wdm-r.wbx2.com/wdm/api/v1");
    BOOST_TEST(found.value().catalog.has_value());
    BOOST_TEST(asked() == std::vector{full_url}, boost::test_tools::per_element());
    BOOST_TEST(peer->requests()[0].headers.has("Authorization"));
    BOOST_TEST(warnings() == 0u);
}

BOOST_AUTO_TEST_CASE(its_hosts_may_see_the_token_from_then_on)
{
    const auto where = transport::parse_url("https://wdm.example.net/wdm").value();
    BOOST_TEST(!calls->hosts().covers(where));
    peer->answer(200, catalogue("https://wdm.example.net/wdm"));
    BOOST_TEST(find().has_value());
    BOOST_TEST(calls->hosts().covers(where));
}

BOOST_AUTO_TEST_CASE(a_fresh_one_is_asked_for_past_the_caches)
{
    peer->answer(200, catalogue(wdm));
    BOOST_TEST(find(true).has_value());
    const auto url = asked()[0];
    BOOST_TEST_REQUIRE(url.starts_with(full_url + "&timestamp="));
    const auto stamp = url.substr(full_url.size() + 11);
    BOOST_TEST(stamp.size() == 13u); // milliseconds
    BOOST_TEST(stamp.find_first_not_of("0123456789") == stamp.npos);
}

BOOST_AUTO_TEST_CASE(a_token_that_may_not_read_it_gets_the_limited_one_of_its_organisation)
{
    for (const unsigned status : {403u, 404u, 500u, 503u})
    {
        scene s;
        s.peer->answer(status, R"({"message":"no"})").answer(200, catalogue(wdm));
        BOOST_TEST(s.find().value().wdm == wdm, status);
        BOOST_TEST(s.asked() == (std::vector{full_url, limited_url}), boost::test_tools::per_element());
        BOOST_TEST(!s.peer->requests()[1].headers.has("Authorization"));
        BOOST_TEST(s.lines.says("the limited one of the organisation is used"));
        BOOST_TEST(s.warnings() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(where_neither_can_be_had_the_hard_coded_host_is_used_with_a_loud_warning)
{
    peer->answer(403).answer(404);
    const auto found = find();
    BOOST_TEST(found.value().wdm == "https://wdm-a.wbx2.com/wdm/api/v1");
    BOOST_TEST(!found.value().catalog.has_value());
    BOOST_TEST(warnings() == 1u);
    BOOST_TEST(lines.says("no event will ever come in"));                 // the consequence
    BOOST_TEST(lines.says("Make the catalogue reachable for this host")); // what to do
    BOOST_TEST(lines.says(base));
    BOOST_TEST(lines.says("403"));

    peer->answer(403).answer(404);
    BOOST_TEST(find().has_value());
    BOOST_TEST(warnings() == 1u); // once is enough

    peer->answer(200, catalogue(wdm));
    BOOST_TEST(find().value().wdm == wdm);
    BOOST_TEST(lines.says("can be had again"));
}

BOOST_AUTO_TEST_CASE(the_catalogue_of_before_is_better_than_the_hard_coded_host)
{
    peer->answer(200, catalogue(wdm)).answer(503).answer(503).answer(429);
    BOOST_TEST(find().has_value());
    for (int i = 0; i < 2; ++i)
    {
        const auto found = find();
        BOOST_TEST(found.value().wdm == wdm);
        BOOST_TEST(found.value().catalog.has_value());
    }
    BOOST_TEST(lines.says("the one from before is used"));
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(a_rejected_token_ends_it_and_the_gateway_knows)
{
    peer->answer(401, R"({"message":"no"})");
    BOOST_TEST(find().error().is(errc::token_rejected));
    BOOST_TEST(rejected == 1u);
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(a_catalogue_that_is_not_reached_is_an_error_and_no_reason_to_guess)
{
    for (const auto code :
         {errc::cannot_connect, errc::timed_out, errc::connection_lost, errc::tls_failed, errc::stopped})
    {
        scene s;
        s.peer->fail(code, false);
        BOOST_TEST(s.find().error().is(code));
        BOOST_TEST(s.peer->used_up());

        s.peer->answer(403).fail(code, false); // the other one may be lost as well
        BOOST_TEST(s.find().error().is(code));
        BOOST_TEST(s.warnings() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(too_many_questions_are_answered_by_waiting)
{
    peer->answer(429, "", {{"Retry-After", "9"}});
    const auto found = find();
    BOOST_TEST(found.error().is(errc::api_unavailable));
    BOOST_TEST((found.error().retry_after == std::chrono::milliseconds(9000)));
    BOOST_TEST(peer->requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_catalogue_counts_as_none)
{
    for (const std::string body :
         {"", "null", "<html>login</html>", "{}", R"({"serviceLinks":{}})",
          R"({"serviceLinks":{"wdm":null}})",
          R"({"serviceLinks":{"wdm":"wss://wdm-r.wbx2.com/"}})",  // no place to register at
          R"({"serviceLinks":{"wdm":"http://wdm-r.wbx2.com/"}})", // the token would go out in clear
          R"({"serviceLinks":{"wdm":"https://u:p@wdm-r.wbx2.com/"}})"})
    {
        scene s;
        s.peer->answer(200, body).answer(200, body);
        BOOST_TEST(s.find().value().wdm == "https://wdm-a.wbx2.com/wdm/api/v1", body);
        BOOST_TEST(s.warnings() == 1u);
        BOOST_TEST(s.peer->used_up());
    }
}

BOOST_AUTO_TEST_CASE(a_catalogue_that_can_not_be_used_opens_no_hosts)
{
    const std::string bad = R"({"serviceLinks":{"wdm":"http://evil.net/","other":"https://evil.net/"}})";
    peer->answer(200, bad).answer(200, bad);
    BOOST_TEST(find().has_value());
    BOOST_TEST(!calls->hosts().covers(transport::parse_url("https://evil.net/").value()));
}

BOOST_AUTO_TEST_CASE(a_redirect_to_a_login_page_is_not_followed)
{
    peer->answer(302, "", {{"Location", "https://evil.net/"}})
        .answer(302, "", {{"Location", "https://evil.net/"}});
    BOOST_TEST(find().value().wdm == "https://wdm-a.wbx2.com/wdm/api/v1");
    BOOST_TEST(asked() == (std::vector{full_url, limited_url}), boost::test_tools::per_element());
    BOOST_TEST(lines.says("302"));
}

BOOST_AUTO_TEST_CASE(without_an_organisation_the_limited_one_is_not_asked_for)
{
    source::discovery nobody(options, *calls, "", lines.writer);
    peer->answer(403);
    BOOST_TEST(get([&] { return nobody.find(false, soon()); }).has_value());
    BOOST_TEST(peer->requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(one_call_may_not_take_all_the_time)
{
    options.call_timeout = 20ms;
    source::discovery impatient(options, *calls, org, lines.writer);
    peer->hang();
    BOOST_TEST(get([&] { return impatient.find(false, soon()); }).error().is(errc::timed_out));
}

BOOST_AUTO_TEST_SUITE_END()
