#include "postern/bot/say/safe_url.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;

namespace {

bool is_public(const char* text) { return is_public_address(boost::asio::ip::make_address(text)); }
bool may_be_asked(const char* text) { return parse_public_url(text).has_value(); }

} // namespace

BOOST_AUTO_TEST_SUITE(safe_url)

BOOST_AUTO_TEST_CASE(addresses_of_the_internet_are_public)
{
    for (const auto* address :
         {"1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.63.255.255",
          "100.128.0.1", "198.17.255.255", "223.255.255.255", "2606:2800:220:1::1", "2a00:1450:4001::1",
          "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:0808:0808::1"})
        BOOST_TEST(is_public(address), address);
}

BOOST_AUTO_TEST_CASE(addresses_of_this_machine_and_of_inner_networks_are_not)
{
    for (const auto* address : {"0.0.0.0",
                                "0.1.2.3",
                                "10.0.0.1",
                                "10.255.255.255",
                                "100.64.0.1",
                                "100.127.255.255",
                                "127.0.0.1",
                                "127.255.255.254",
                                "169.254.169.254",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.0.0.170",
                                "192.0.2.1",
                                "192.168.1.1",
                                "198.18.0.1",
                                "198.19.255.255",
                                "198.51.100.1",
                                "203.0.113.1",
                                "224.0.0.1",
                                "239.255.255.255",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "::127.0.0.1",
                                "::ffff:127.0.0.1",
                                "::ffff:10.0.0.1",
                                "::ffff:169.254.169.254",
                                "64:ff9b::10.0.0.1",
                                "64:ff9b:1::1",
                                "100::1",
                                "fc00::1",
                                "fd00:ec2::254",
                                "fe80::1",
                                "fec0::1",
                                "ff02::1",
                                "2001::1",
                                "2001:db8::1",
                                "2002:7f00:1::1",
                                "2002:0a00:0001::1",
                                "3fff::1",
                                "4000::1"})
        BOOST_TEST(!is_public(address), address);
}

BOOST_AUTO_TEST_CASE(http_and_https_to_names_of_the_internet_may_be_asked)
{
    for (const auto* url : {"http://example.com/a.png", "https://example.com:8443/a?b=c", "https://8.8.8.8/",
                            "https://[2606:2800:220:1::1]/", "https://xkcd.example.co.uk/"})
        BOOST_TEST(may_be_asked(url), url);
}

BOOST_AUTO_TEST_CASE(everything_else_may_not_be_asked)
{
    for (const auto* url : {"",
                            "example.com",
                            "/etc/passwd",
                            "file:///etc/passwd",
                            "ftp://example.com/",
                            "gopher://example.com/",
                            "http://user:secret@example.com/",
                            "http://localhost/",
                            "http://localhost./",
                            "http://a.localhost/",
                            "http://127.0.0.1/",
                            "http://127.1/",
                            "http://2130706433/",
                            "http://0x7f000001/",
                            "http://0x7f.1/",
                            "http://0177.0.0.1/",
                            "http://[::1]/",
                            "http://[::ffff:127.0.0.1]/",
                            "http://[fe80::1]/",
                            "http://169.254.169.254/latest/meta-data",
                            "http://metadata/",
                            "http://metadata.google.internal/",
                            "http://printer.local/",
                            "http://intranet/",
                            "http://wiki.corp/",
                            "http://10.in-addr.arpa/",
                            "http://127.0.0.1./"})
        BOOST_TEST(!may_be_asked(url), url);
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_quote_the_url)
{
    const auto refused = parse_public_url("http://10.0.0.1/secret-path?key=secret");
    BOOST_TEST(describe(refused.error()).find("secret") == std::string::npos);
    BOOST_TEST(refused.error().is(errc::bad_input));
}

BOOST_AUTO_TEST_SUITE_END()
