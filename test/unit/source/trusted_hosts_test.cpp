#include "postern/source/device/trusted_hosts.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;
using transport::parse_url;
using transport::parse_websocket_url;

namespace {

source::trusted_hosts hosts(const std::string& u2c,
                            std::vector<std::string> suffixes = {"wbx2.com", "webex.com"})
{
    return source::trusted_hosts(parse_url(u2c).value(), std::move(suffixes));
}

bool covered(const source::trusted_hosts& h, const std::string& url)
{
    const auto where = url.starts_with("ws") ? parse_websocket_url(url) : parse_url(url);
    return h.covers(where.value());
}

source::service_catalog naming(const std::string& host)
{
    return source::service_catalog::parse(R"({"serviceLinks":{"wdm":"https://)" + host + R"(/wdm"}})")
        .value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(trusted_hosts)

BOOST_AUTO_TEST_CASE(a_suffix_ends_at_a_label)
{
    const auto h = hosts("https://u2c.wbx2.com/u2c/api/v1");
    for (const auto* url :
         {"https://wbx2.com/", "https://wdm-a.wbx2.com/wdm", "https://a.b.wbx2.com/",
          "https://WDM-A.WBX2.COM/", "wss://mercury-connection-partition2-a.wbx2.com/v1/apps",
          "https://webex.com:8443/"})
        BOOST_TEST(covered(h, url), url);
    for (const auto* url :
         {"https://evilwbx2.com/", "https://wbx2.com.evil.net/", "https://evil.net/wbx2.com",
          "https://evil.net/?h=.wbx2.com", "https://wbx2.co/", "https://com/", "https://xwbx2-com/",
          "wss://evilwebex.com/", "https://127.0.0.1/"})
        BOOST_TEST(!covered(h, url), url);
}

BOOST_AUTO_TEST_CASE(nothing_goes_out_in_clear)
{
    auto h = hosts("https://u2c.wbx2.com/u2c/api/v1");
    h.take(naming("wdm.example.net"));
    for (const auto* url : {"http://wdm-a.wbx2.com/", "ws://mercury.wbx2.com/", "http://u2c.wbx2.com/",
                            "http://wdm.example.net/", "ws://wdm.example.net/"})
        BOOST_TEST(!covered(h, url), url);
}

BOOST_AUTO_TEST_CASE(the_hosts_of_the_catalogue_are_trusted_until_another_catalogue_comes)
{
    auto h = hosts("https://u2c.wbx2.com/u2c/api/v1");
    BOOST_TEST(!covered(h, "https://wdm.example.net/"));
    h.take(naming("wdm.example.net"));
    BOOST_TEST(covered(h, "https://wdm.example.net/"));
    BOOST_TEST(covered(h, "wss://wdm.example.net/"));
    BOOST_TEST(!covered(h, "https://sub.wdm.example.net/"));
    h.take(naming("other.example.net"));
    BOOST_TEST(!covered(h, "https://wdm.example.net/"));
}

BOOST_AUTO_TEST_CASE(the_catalogues_own_host_is_trusted_wherever_it_is)
{
    const auto h = hosts("https://catalogue.example.net:8443/u2c");
    BOOST_TEST(covered(h, "https://catalogue.example.net:8443/u2c/catalog"));
    BOOST_TEST(!covered(h, "https://example.net/"));
}

BOOST_AUTO_TEST_CASE(a_catalogue_configured_in_clear_opens_its_hosts_only)
{
    auto h = hosts("http://127.0.0.1:8080/u2c/api/v1");
    h.take(naming("wdm.example.net"));
    for (const auto* url : {"http://127.0.0.1:8080/wdm", "ws://127.0.0.1:9090/v1", "http://wdm.example.net/",
                            "https://wdm.example.net/", "https://wdm-a.wbx2.com/"})
        BOOST_TEST(covered(h, url), url);
    for (const auto* url :
         {"http://wdm-a.wbx2.com/", "ws://mercury.wbx2.com/", "http://127.0.0.2/", "http://evil.net/"})
        BOOST_TEST(!covered(h, url), url);
}

BOOST_AUTO_TEST_CASE(suffixes_are_understood_as_people_write_them_and_an_empty_one_opens_nothing)
{
    const auto h = hosts("https://u2c.wbx2.com/", {".Example.NET", "*.example.org", "", ".", "*"});
    BOOST_TEST(covered(h, "https://a.example.net/"));
    BOOST_TEST(covered(h, "https://a.example.org/"));
    BOOST_TEST(!covered(h, "https://evil.com/"));
}

BOOST_AUTO_TEST_SUITE_END()
