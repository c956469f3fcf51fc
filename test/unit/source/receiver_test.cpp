#include "postern/source/webhook/receiver.hpp"

#include "postern/base/crypto.hpp"
#include "postern/verify/verifier.hpp"

#include "support/captured_log.hpp"
#include "support/run.hpp"

using namespace postern;
using namespace postern::source;

namespace {

class scripted_intake final : public intake_port
{
public:
    result<stored> answer = stored{1, true};
    std::vector<raw_event> taken;

    awaitable<result<stored>> accept(raw_event raw, deadline) override
    {
        taken.push_back(std::move(raw));
        co_return answer;
    }
};

transport::request post_of(std::string signature = "abc")
{
    transport::request asked;
    asked.method = "POST";
    asked.target = "/webhook";
    asked.headers.add("Content-Type", "application/json; charset=UTF-8");
    if (!signature.empty())
        asked.headers.add("X-Spark-Signature", std::move(signature));
    asked.body = "{}";
    return asked;
}

struct scene
{
    test::captured_log log;
    postern::source::receiver one{{}, log.writer};
    std::shared_ptr<scripted_intake> intake = std::make_shared<scripted_intake>();

    scene() { one.open(intake, "bot-id"); }

    // As the server does it: the head first, then the whole request.
    unsigned status(transport::request asked)
    {
        auto admission = one.admit(asked);
        if (admission.refusal)
            return admission.refusal->status;
        unsigned status = 0;
        test::run([&](net::io_context&) -> awaitable<void> {
            const auto answer = co_await one.answer(asked);
            status = answer.status;
        });
        return status;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(receiver)

BOOST_AUTO_TEST_CASE(a_delivery_is_handed_on_byte_for_byte)
{
    scene s;
    auto asked = post_of("sig");
    asked.body = "{\"a\": 1 }\n";
    BOOST_TEST(s.status(asked) == 204u);
    BOOST_TEST_REQUIRE(s.intake->taken.size() == 1u);
    BOOST_TEST(s.intake->taken[0].body == "{\"a\": 1 }\n");
    BOOST_TEST(s.intake->taken[0].signature == "sig");
    BOOST_TEST(s.intake->taken[0].bot == "bot-id");
    BOOST_TEST((s.intake->taken[0].from == origin::webhook));
}

BOOST_AUTO_TEST_CASE(what_the_pipeline_says_becomes_the_status)
{
    const std::pair<errc, unsigned> rows[] = {{errc::not_signed, 401},   {errc::bad_signature, 401},
                                              {errc::not_an_event, 400}, {errc::journal_full, 503},
                                              {errc::timed_out, 503},    {errc::stopped, 503}};
    for (const auto& [code, status] : rows)
    {
        scene s;
        s.intake->answer = error(code);
        BOOST_TEST(s.status(post_of()) == status);
    }
}

BOOST_AUTO_TEST_CASE(a_full_journal_asks_the_cloud_to_come_again)
{
    scene s;
    s.intake->answer = error(errc::journal_full);
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto answer = co_await s.one.answer(post_of());
        BOOST_TEST(answer.headers.has("Retry-After"));
    });
}

BOOST_AUTO_TEST_CASE(nothing_is_taken_before_it_is_open_and_after_it_is_closed)
{
    test::captured_log log;
    postern::source::receiver closed{{}, log.writer};
    BOOST_TEST(closed.admit(post_of()).refusal->status == 503u);
    scene s;
    s.one.close();
    BOOST_TEST(s.status(post_of()) == 503u);
    BOOST_TEST(s.intake->taken.empty());
}

BOOST_AUTO_TEST_CASE(a_flood_of_forgeries_is_one_line_in_the_log)
{
    scene s;
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST(s.status(post_of("")) == 401u);
    BOOST_TEST(s.log.lines().size() == 1u);
    BOOST_TEST(s.one.counted().refused == 1000u);
}

BOOST_AUTO_TEST_CASE(accepted_and_repeated_are_counted_apart)
{
    scene s;
    s.status(post_of());
    s.intake->answer = stored{1, false};
    s.status(post_of());
    s.status(post_of());
    BOOST_TEST(s.one.counted().accepted == 1u);
    BOOST_TEST(s.one.counted().repeated == 2u);
}

namespace {

// With a self-check and a reconciler beside it.
struct company
{
    secret key{"s3cr3t"};
    verify::verifier verifier{key};
    std::shared_ptr<ping_book> pings = std::make_shared<ping_book>(authentic_by(verifier));
    std::vector<std::string> forged;
    test::captured_log log;
    postern::source::receiver one{
        {}, log.writer, {pings, [this](std::string_view body) { forged.emplace_back(body); }}};
    std::shared_ptr<scripted_intake> intake = std::make_shared<scripted_intake>();

    company() { one.open(intake, "bot-id"); }

    transport::request ping(const std::string& nonce) const
    {
        auto asked = post_of("");
        asked.body = ping_book::body_for(nonce);
        asked.headers.add("X-Spark-Signature", hmac_sha1_hex(key, asked.body));
        asked.headers.add("x-postern-ping", nonce);
        return asked;
    }
    transport::response answer(transport::request asked)
    {
        auto admission = one.admit(asked);
        if (admission.refusal)
            return *admission.refusal;
        transport::response given;
        test::run([&](net::io_context&) -> awaitable<void> { given = co_await one.answer(asked); });
        return given;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_ping_of_ours_is_answered_and_never_reaches_the_intake)
{
    company c;
    const auto nonce = c.pings->expect();
    const auto answer = c.answer(c.ping(nonce));
    BOOST_TEST(answer.status == 200u);
    BOOST_TEST(answer.body == ping_book::answer_for(nonce));
    BOOST_TEST(c.pings->forget(nonce).answered);
    BOOST_TEST(c.intake->taken.empty());
    BOOST_TEST(c.one.counted().accepted == 0u);
}

BOOST_AUTO_TEST_CASE(a_ping_that_nobody_sent_is_answered_like_what_is_no_event)
{
    company c;
    c.intake->answer = error(errc::not_an_event);
    const auto ping = c.answer(c.ping(std::string(32, 'a')));
    const auto other = c.answer(post_of("sig"));
    BOOST_TEST(ping.status == 400u);
    BOOST_TEST(ping.status == other.status);
    BOOST_TEST(ping.body == other.body);
}

BOOST_AUTO_TEST_CASE(a_forged_ping_is_answered_like_a_forged_delivery)
{
    company c;
    const auto nonce = c.pings->expect();
    auto asked = c.ping(nonce);
    asked.headers.set("X-Spark-Signature", std::string(40, '0'));
    const auto ping = c.answer(asked);
    c.intake->answer = error(errc::bad_signature);
    const auto other = c.answer(post_of("sig"));
    BOOST_TEST(ping.status == 401u);
    BOOST_TEST(ping.body == other.body);
    BOOST_TEST(c.forged.size() == 1u); // a ping is nothing that the cloud has signed
}

BOOST_AUTO_TEST_CASE(a_ping_learns_why_it_was_refused)
{
    company c;
    auto nonce = c.pings->expect();
    auto unsigned_ping = c.ping(nonce);
    unsigned_ping.headers.remove("X-Spark-Signature");
    BOOST_TEST(c.answer(unsigned_ping).status == 401u);
    BOOST_TEST(c.pings->forget(nonce).refused.starts_with("not signed"));

    nonce = c.pings->expect();
    c.one.close();
    BOOST_TEST(c.answer(c.ping(nonce)).status == 503u);
    BOOST_TEST(c.pings->forget(nonce).refused == "not ready to take deliveries");
}

BOOST_AUTO_TEST_CASE(deliveries_refused_for_their_signature_are_told_with_what_they_said)
{
    company c;
    c.intake->answer = error(errc::bad_signature);
    BOOST_TEST(c.answer(post_of("sig")).status == 401u);
    BOOST_TEST(c.answer(post_of("")).status == 401u);
    c.intake->answer = error(errc::journal_full);
    BOOST_TEST(c.answer(post_of("sig")).status == 503u);
    BOOST_TEST(c.forged == (std::vector<std::string>{"{}", ""}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
