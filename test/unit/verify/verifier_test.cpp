#include "postern/verify/verifier.hpp"

#include "postern/base/crypto.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <string>
#include <thread>

using namespace postern;

namespace {

const std::string body =
    R"({"resource":"messages","event":"created","actorId":"ANA","data":{"id":"M1","roomId":"R1"}})";

raw_event raw(std::string signature, origin from = origin::webhook)
{
    raw_event r;
    r.from = from;
    r.bot = "BOT";
    r.body = body;
    r.signature = std::move(signature);
    return r;
}

std::string signed_with(const std::string& key) { return hmac_sha1_hex(secret(key), body); }

errc refusal(const result<event>& checked)
{
    BOOST_TEST_REQUIRE(checked.has_error());
    return static_cast<errc>(checked.error().code.value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(verifier)

BOOST_AUTO_TEST_CASE(a_signed_delivery_becomes_an_event_that_knows_where_it_came_from)
{
    const verify::verifier v(secret("one"));
    const auto before = std::chrono::system_clock::now();
    const auto e = v.check(raw(signed_with("one")));
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST((e->from == origin::webhook));
    BOOST_TEST(e->bot == "BOT");
    BOOST_TEST(e->key == "messages:created:M1");
    BOOST_TEST(e->body == body);
    BOOST_TEST((e->received >= before));
}

BOOST_AUTO_TEST_CASE(a_delivery_without_signature_is_refused_when_a_secret_is_configured)
{
    const verify::verifier v(secret("one"));
    BOOST_TEST((refusal(v.check(raw(""))) == errc::not_signed));
}

BOOST_AUTO_TEST_CASE(a_wrong_signature_is_refused)
{
    const verify::verifier v(secret("one"));
    BOOST_TEST((refusal(v.check(raw(signed_with("two")))) == errc::bad_signature));
    BOOST_TEST((refusal(v.check(raw("x"))) == errc::bad_signature));
}

BOOST_AUTO_TEST_CASE(the_signature_is_judged_before_the_body_is_read)
{
    const verify::verifier v(secret("one"));
    auto junk = raw("x");
    junk.body = "no JSON";
    BOOST_TEST((refusal(v.check(junk)) == errc::bad_signature));
    junk.signature = hmac_sha1_hex(secret("one"), junk.body);
    BOOST_TEST((refusal(v.check(junk)) == errc::not_an_event));
}

BOOST_AUTO_TEST_CASE(without_a_secret_no_signature_is_needed)
{
    const verify::verifier v;
    BOOST_TEST(!v.requires_signature());
    BOOST_TEST(v.check(raw("")).has_value());
    BOOST_TEST(v.check(raw("whatever")).has_value());
}

BOOST_AUTO_TEST_CASE(an_empty_secret_is_none)
{
    const verify::verifier v{secret()};
    BOOST_TEST(!v.requires_signature());
}

BOOST_AUTO_TEST_CASE(what_did_not_come_by_webhook_needs_no_signature)
{
    const verify::verifier v(secret("one"));
    for (const auto from : {origin::websocket, origin::recovery, origin::replay})
        BOOST_TEST(v.check(raw("", from)).has_value(), to_string(from));
}

BOOST_AUTO_TEST_CASE(both_secrets_are_good_while_one_replaces_the_other)
{
    verify::verifier v(secret("old"));
    v.trust(secret("new"), secret("old"));
    BOOST_TEST(v.check(raw(signed_with("old"))).has_value());
    BOOST_TEST(v.check(raw(signed_with("new"))).has_value());
    BOOST_TEST((refusal(v.check(raw(signed_with("third")))) == errc::bad_signature));

    v.trust(secret("new"));
    BOOST_TEST((refusal(v.check(raw(signed_with("old")))) == errc::bad_signature));
    BOOST_TEST(v.check(raw(signed_with("new"))).has_value());
}

BOOST_AUTO_TEST_CASE(no_delivery_is_lost_while_secrets_are_replaced)
{
    verify::verifier v(secret("constant"));
    std::atomic<bool> over{false};
    std::thread rotating([&] {
        for (int i = 0; !over; ++i)
            v.trust(secret(std::to_string(i)), secret("constant"));
    });
    int refused = 0;
    for (int i = 0; i < 2'000; ++i)
        refused += v.check(raw(signed_with("constant"))).has_error() ? 1 : 0;
    over = true;
    rotating.join();
    BOOST_TEST(refused == 0);
}

BOOST_AUTO_TEST_CASE(errors_quote_neither_body_nor_signature_nor_secret)
{
    const verify::verifier v(secret("top-secret"));
    for (const auto& delivery : {raw(""), raw("given-signature")})
    {
        const auto line = describe(v.check(delivery).error());
        for (const std::string word : {"top-secret", "given-signature", "M1", "ANA"})
            BOOST_TEST(line.find(word) == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
