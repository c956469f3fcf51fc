#include "postern/source/webhook/ping_book.hpp"

#include "postern/base/crypto.hpp"
#include "postern/verify/verifier.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::source;

namespace {

using book = postern::source::ping_book;

struct scene
{
    secret key{"s3cr3t"};
    verify::verifier verifier{key};
    book one{authentic_by(verifier)};

    book::kind judge(const std::string& body) { return one.judge(body, hmac_sha1_hex(key, body)); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ping_book)

BOOST_AUTO_TEST_CASE(a_signed_ping_that_is_expected_is_ours)
{
    scene s;
    const auto nonce = s.one.expect();
    BOOST_TEST((s.judge(book::body_for(nonce)) == book::kind::ours));
    BOOST_TEST((s.judge(book::body_for(nonce)) == book::kind::ours)); // an edge may send it twice
    BOOST_TEST(s.one.forget(nonce).answered);
    BOOST_TEST((s.judge(book::body_for(nonce)) == book::kind::unknown)); // a replay
}

BOOST_AUTO_TEST_CASE(the_signature_is_looked_at_before_the_nonce)
{
    scene s;
    const auto nonce = s.one.expect();
    const auto body = book::body_for(nonce);
    BOOST_TEST((s.one.judge(body, "") == book::kind::forged));
    BOOST_TEST((s.one.judge(body, hmac_sha1_hex(secret("other"), body)) == book::kind::forged));
    BOOST_TEST((s.one.judge(book::body_for(random_hex(16)), "") == book::kind::forged));
    BOOST_TEST(!s.one.forget(nonce).arrived());
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_being_replaced_is_as_good_as_for_deliveries)
{
    scene s;
    const auto nonce = s.one.expect();
    s.verifier.trust(secret("next"), s.key);
    BOOST_TEST((s.judge(book::body_for(nonce)) == book::kind::ours));
    s.verifier.trust(secret("next"));
    BOOST_TEST((s.judge(book::body_for(nonce)) == book::kind::forged));
}

BOOST_AUTO_TEST_CASE(nonces_are_never_the_same)
{
    scene s;
    BOOST_TEST(s.one.expect() != s.one.expect());
}

BOOST_AUTO_TEST_CASE(whatever_is_not_exactly_a_ping_is_a_delivery)
{
    const auto right = book::body_for(std::string(32, 'a'));
    BOOST_TEST(book::nonce_in(right).value() == std::string(32, 'a'));
    for (const auto& body :
         {std::string(), std::string("{}"), right + ' ', ' ' + right, right.substr(1),
          right.substr(0, right.size() - 1), book::body_for("short"), book::body_for(std::string(32, 'A')),
          book::body_for(std::string(32, '"')), book::body_for(std::string(32, '\0')),
          book::body_for(std::string(100'000, 'a'))})
        BOOST_TEST(!book::nonce_in(body).has_value());
}

BOOST_AUTO_TEST_CASE(what_was_refused_is_remembered_for_our_own_pings_only)
{
    scene s;
    const auto nonce = s.one.expect();
    s.one.refused("another nonce", "not ready");
    s.one.refused("", "not ready");
    BOOST_TEST(!s.one.forget(nonce).arrived());
    const auto second = s.one.expect();
    s.one.refused(second, "not ready");
    const auto fate = s.one.forget(second);
    BOOST_TEST(fate.arrived());
    BOOST_TEST(!fate.answered);
    BOOST_TEST(fate.refused == "not ready");
}

BOOST_AUTO_TEST_CASE(pings_that_nobody_asks_about_do_not_pile_up)
{
    scene s;
    const auto first = s.one.expect();
    for (int i = 0; i < 1000; ++i)
        s.one.expect();
    BOOST_TEST((s.judge(book::body_for(first)) == book::kind::unknown));
}

BOOST_AUTO_TEST_SUITE_END()
