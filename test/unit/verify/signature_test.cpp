#include "postern/verify/signature.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <string>

using postern::secret;
using postern::verify::signature_matches;

namespace {

// The vectors of protocol/webex-rest.md 5.5.
const secret key("s3cr3t");
constexpr std::string_view body_1 =
    R"({"id":"W1","name":"postern","resource":"messages","event":"created","data":{"id":"M1"}})";
constexpr std::string_view hex_1 = "98b1101982cf5c47e42178e1b290ee24053d85b3";
constexpr std::string_view body_2 =
    "{\"id\":\"W2\",\"name\":\"caf\xc3\xa9 "
    "\xe2\x98\x95\",\"resource\":\"rooms\",\"event\":\"updated\",\"data\":{\"id\":\"R1\"}}";
constexpr std::string_view hex_2 = "451262e65b6e052f7ff7970a02fbe6d012581f5a";

} // namespace

BOOST_AUTO_TEST_SUITE(signature)

BOOST_AUTO_TEST_CASE(the_vectors_of_the_protocol_match)
{
    BOOST_TEST(body_1.size() == 87u);
    BOOST_TEST(body_2.size() == 86u);
    BOOST_TEST(signature_matches(body_1, hex_1, key));
    BOOST_TEST(signature_matches(body_2, hex_2, key));
}

BOOST_AUTO_TEST_CASE(capital_hex_digits_match_too)
{
    std::string capital(hex_1);
    std::transform(capital.begin(), capital.end(), capital.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    BOOST_TEST(signature_matches(body_1, capital, key));
}

BOOST_AUTO_TEST_CASE(a_flipped_digit_anywhere_does_not_match)
{
    for (std::size_t i = 0; i < hex_1.size(); ++i)
    {
        std::string forged(hex_1);
        forged[i] = forged[i] == '0' ? '1' : '0';
        BOOST_TEST(!signature_matches(body_1, forged, key), "digit " << i);
    }
}

BOOST_AUTO_TEST_CASE(a_changed_byte_of_the_body_does_not_match)
{
    std::string longer(body_1);
    longer += '\n';
    BOOST_TEST(!signature_matches(longer, hex_1, key));
    BOOST_TEST(!signature_matches(body_1.substr(1), hex_1, key));
    BOOST_TEST(!signature_matches(body_2, hex_1, key));
}

BOOST_AUTO_TEST_CASE(another_key_does_not_match)
{
    BOOST_TEST(!signature_matches(body_1, hex_1, secret("s3cr3T")));
    BOOST_TEST(!signature_matches(body_1, hex_1, secret()));
}

BOOST_AUTO_TEST_CASE(what_is_no_signature_does_not_match)
{
    const std::string doubled = std::string(hex_1) + std::string(hex_1);
    for (const std::string& junk :
         {std::string(), std::string(hex_1.substr(1)), std::string(hex_1) + '0', "sha1=" + std::string(hex_1),
          doubled, std::string(40, '\0'), std::string(1'000'000, 'a')})
        BOOST_TEST(!signature_matches(body_1, junk, key));
}

BOOST_AUTO_TEST_CASE(an_empty_body_has_a_signature_like_any_other)
{
    BOOST_TEST(!signature_matches("", hex_1, key));
    BOOST_TEST(signature_matches("", "319e5f42b6b9dc5daa3b1d411df1a3f7c891f358", key));
}

BOOST_AUTO_TEST_SUITE_END()
