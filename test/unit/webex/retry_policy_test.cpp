#include "postern/webex/retry_policy.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>

using namespace postern;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using webex::next;
using webex::step;

namespace postern::webex {
static std::ostream& operator<<(std::ostream& out, const step& s)
{
    constexpr const char* names[] = {"done", "again", "give up"};
    out << names[static_cast<int>(s.what)] << " after " << s.pause.count() << "ms";
    if (s.smaller_page)
        out << ", smaller page";
    if (s.asked)
        out << ", asked for " << s.asked->count() << "ms";
    return out;
}
} // namespace postern::webex

namespace {

const wall_time now = *parse_time("2026-02-11T09:14:27.000Z");

webex::retry_limits limits()
{
    webex::retry_limits l;
    l.attempts = 4;
    l.pauses = {100ms, 1000ms}; // with random 0: 50, 100, 200, 400, 500, 500 ...
    return l;
}

step give_up() { return {next::give_up}; }
step again(milliseconds pause) { return {next::again, pause}; }
step asked_to(milliseconds pause) { return {next::again, pause, false, pause}; }

step first_answer(std::string_view method, unsigned status, std::string_view retry_after = {})
{
    return webex::retry_policy(method, limits()).answered(status, retry_after, 1h, now, 0);
}

step first_failure(std::string_view method, errc code, bool maybe_sent)
{
    error why(code);
    why.maybe_sent = maybe_sent;
    return webex::retry_policy(method, limits()).failed(why, 1h, 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(retry_policy)

BOOST_AUTO_TEST_CASE(every_status_has_its_rule_for_every_method)
{
    struct
    {
        unsigned status;
        step get, put, remove, post;
    } const rows[] = {
        {200, {next::done}, {next::done}, {next::done}, {next::done}},
        {202, {next::done}, {next::done}, {next::done}, {next::done}},
        {204, {next::done}, {next::done}, {next::done}, {next::done}},
        {302, give_up(), give_up(), give_up(), give_up()},
        {400, give_up(), give_up(), give_up(), give_up()},
        {401, give_up(), give_up(), give_up(), give_up()},
        {403, give_up(), give_up(), give_up(), give_up()},
        {404, give_up(), give_up(), give_up(), give_up()},
        {405, give_up(), give_up(), give_up(), give_up()},
        {409, give_up(), give_up(), give_up(), give_up()},
        {410, give_up(), give_up(), give_up(), give_up()},
        {415, give_up(), give_up(), give_up(), give_up()},
        {423, again(50ms), again(50ms), again(50ms), again(50ms)},
        {428, give_up(), give_up(), give_up(), give_up()},
        {429, asked_to(15s), asked_to(15s), asked_to(15s), asked_to(15s)},
        {451, give_up(), give_up(), give_up(), give_up()},
        {500, again(50ms), give_up(), give_up(), give_up()},
        {501, give_up(), give_up(), give_up(), give_up()},
        {502, again(50ms), again(50ms), again(50ms), give_up()},
        {503, again(50ms), again(50ms), again(50ms), give_up()},
        {504, {next::again, 50ms, true}, {next::again, 50ms, true}, {next::again, 50ms, true}, give_up()},
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT("status " << row.status)
        {
            BOOST_TEST(first_answer("GET", row.status) == row.get);
            BOOST_TEST(first_answer("HEAD", row.status) == row.get);
            BOOST_TEST(first_answer("PUT", row.status) == row.put);
            BOOST_TEST(first_answer("DELETE", row.status) == row.remove);
            BOOST_TEST(first_answer("POST", row.status) == row.post);
        }
}

BOOST_AUTO_TEST_CASE(a_lost_connection_repeats_what_cannot_do_harm_twice)
{
    struct
    {
        errc code;
        bool maybe_sent;
        step get, put, remove, post;
    } const rows[] = {
        {errc::cannot_connect, false, again(50ms), again(50ms), again(50ms), again(50ms)},
        {errc::connection_lost, false, again(50ms), again(50ms), again(50ms), again(50ms)},
        {errc::connection_lost, true, again(50ms), again(50ms), again(50ms), give_up()},
        {errc::timed_out, false, again(50ms), again(50ms), again(50ms), again(50ms)},
        {errc::timed_out, true, again(50ms), again(50ms), again(50ms), give_up()},
        {errc::tls_failed, false, give_up(), give_up(), give_up(), give_up()},
        {errc::bad_response, true, give_up(), give_up(), give_up(), give_up()},
        {errc::too_large, true, give_up(), give_up(), give_up(), give_up()},
        {errc::bad_input, false, give_up(), give_up(), give_up(), give_up()},
        {errc::stopped, true, give_up(), give_up(), give_up(), give_up()},
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(make_error_code(row.code).message() << (row.maybe_sent ? ", maybe sent" : ""))
        {
            BOOST_TEST(first_failure("GET", row.code, row.maybe_sent) == row.get);
            BOOST_TEST(first_failure("HEAD", row.code, row.maybe_sent) == row.get);
            BOOST_TEST(first_failure("PUT", row.code, row.maybe_sent) == row.put);
            BOOST_TEST(first_failure("DELETE", row.code, row.maybe_sent) == row.remove);
            BOOST_TEST(first_failure("POST", row.code, row.maybe_sent) == row.post);
        }
}

BOOST_AUTO_TEST_CASE(retry_after_is_understood_in_any_shape)
{
    struct
    {
        const char* text;
        milliseconds pause;
    } const rows[] = {
        {"27", 27s},
        {" 27 ", 27s},
        {"0", 1s}, // the floor
        {"1", 1s},
        {"3600", 300s}, // the cap
        {"99999999999999999999999999", 300s},
        {"Wed, 11 Feb 2026 09:15:00 GMT", 33s},
        {"Wed, 11 Feb 2026 09:00:00 GMT", 1s}, // over already
        {"Wed, 11 Feb 2100 09:00:00 GMT", 300s},
        {"", 15s},
        {"soon", 15s},
        {"-5", 15s},
        {"2.5", 15s},
        {"rand(30),add(30)", 15s}, // seen in the field
        {"\x00\xff", 15s},
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.text)
    BOOST_TEST(first_answer("POST", 429, row.text) == asked_to(row.pause));
}

BOOST_AUTO_TEST_CASE(a_wait_that_was_asked_for_is_never_cut_short_and_a_little_spread)
{
    webex::retry_policy policy("GET", limits());
    BOOST_TEST(policy.answered(429, "5", 1h, now, 0.5) == (step{next::again, 5250ms, false, 5s}));
    BOOST_TEST(policy.answered(429, "100", 1h, now, 0.5) == (step{next::again, 100500ms, false, 100s}));
}

BOOST_AUTO_TEST_CASE(a_file_under_scan_is_asked_for_again_when_told_or_with_growing_pauses)
{
    BOOST_TEST(first_answer("GET", 423, "7") == asked_to(7s));
    webex::retry_policy policy("GET", limits());
    for (const auto pause : {50ms, 100ms, 200ms, 400ms, 500ms, 500ms, 500ms}) // more often than `attempts`
        BOOST_TEST(policy.answered(423, "rubbish", 1h, now, 0) == again(pause));
    BOOST_TEST(policy.answered(423, "", 500ms, now, 0) == give_up());
}

BOOST_AUTO_TEST_CASE(rate_limits_are_waited_out_however_often_they_come)
{
    webex::retry_policy policy("POST", limits());
    for (int i = 0; i < 50; ++i)
        BOOST_TEST(policy.answered(429, "1", 1h, now, 0) == asked_to(1s));
    BOOST_TEST(!policy.maybe_done());
}

BOOST_AUTO_TEST_CASE(a_wait_that_does_not_fit_before_the_deadline_is_not_begun)
{
    webex::retry_policy policy("GET", limits());
    BOOST_TEST(policy.answered(429, "27", 27s, now, 0) == (step{next::give_up, {}, false, 27s}));
    BOOST_TEST(policy.answered(429, "27", 27001ms, now, 0) == asked_to(27s));
    BOOST_TEST(policy.answered(503, "", 50ms, now, 0) == give_up());
    BOOST_TEST(policy.failed(error(errc::cannot_connect), 100ms, 0) == give_up());
    BOOST_TEST(policy.failed(error(errc::cannot_connect), 0ms, 0) == give_up());
}

BOOST_AUTO_TEST_CASE(server_errors_and_lost_connections_share_one_number_of_attempts)
{
    webex::retry_policy policy("GET", limits());
    BOOST_TEST(policy.answered(502, "", 1h, now, 0) == again(50ms));
    BOOST_TEST(policy.failed(error(errc::connection_lost), 1h, 0) == again(100ms));
    BOOST_TEST(policy.answered(429, "1", 1h, now, 0) == asked_to(1s)); // does not count
    BOOST_TEST(policy.answered(503, "", 1h, now, 0) == again(200ms));
    BOOST_TEST(policy.answered(503, "", 1h, now, 0) == give_up());
}

BOOST_AUTO_TEST_CASE(an_internal_error_is_worth_one_second_look)
{
    webex::retry_policy policy("GET", limits());
    BOOST_TEST(policy.answered(500, "", 1h, now, 0) == again(50ms));
    BOOST_TEST(policy.answered(500, "", 1h, now, 0) == give_up());
}

BOOST_AUTO_TEST_CASE(an_overloaded_service_may_say_when_to_come_back)
{
    BOOST_TEST(first_answer("GET", 503, "9") == asked_to(9s));
    webex::retry_policy policy("GET", limits());
    BOOST_TEST(policy.answered(503, "9", 8s, now, 0) == (step{next::give_up, {}, false, 9s}));
}

BOOST_AUTO_TEST_CASE(a_deletion_that_finds_nothing_after_a_lost_answer_is_done)
{
    error lost(errc::connection_lost);
    lost.maybe_sent = true;
    webex::retry_policy removal("DELETE", limits());
    BOOST_TEST(removal.failed(lost, 1h, 0) == again(50ms));
    BOOST_TEST(removal.answered(404, "", 1h, now, 0) == step{next::done});

    webex::retry_policy gateway("DELETE", limits());
    BOOST_TEST(gateway.answered(504, "", 1h, now, 0) == (step{next::again, 50ms, true}));
    BOOST_TEST(gateway.answered(404, "", 1h, now, 0) == step{next::done});

    // Nothing was sent the first time: somebody else deleted it, or it never was.
    webex::retry_policy unsent("DELETE", limits());
    BOOST_TEST(unsent.failed(error(errc::cannot_connect), 1h, 0) == again(50ms));
    BOOST_TEST(unsent.answered(404, "", 1h, now, 0) == give_up());

    webex::retry_policy reading("GET", limits());
    BOOST_TEST(reading.failed(lost, 1h, 0) == again(50ms));
    BOOST_TEST(reading.answered(404, "", 1h, now, 0) == give_up());
}

BOOST_AUTO_TEST_CASE(what_may_have_happened_is_remembered)
{
    error lost(errc::timed_out);
    lost.maybe_sent = true;

    webex::retry_policy posted("POST", limits());
    posted.failed(lost, 1h, 0);
    BOOST_TEST(posted.maybe_done());

    webex::retry_policy gateway("POST", limits());
    gateway.answered(502, "", 1h, now, 0);
    BOOST_TEST(gateway.maybe_done());

    webex::retry_policy put("PUT", limits());
    put.failed(lost, 1h, 0);
    put.failed(error(errc::cannot_connect), 1h, 0);
    BOOST_TEST(put.maybe_done());

    webex::retry_policy refused("POST", limits());
    refused.answered(400, "", 1h, now, 0);
    refused.answered(423, "", 1h, now, 0);
    refused.failed(error(errc::cannot_connect), 1h, 0);
    BOOST_TEST(!refused.maybe_done());

    webex::retry_policy read("GET", limits());
    read.failed(lost, 1h, 0);
    BOOST_TEST(!read.maybe_done());
}

BOOST_AUTO_TEST_CASE(a_proxy_that_refuses_our_password_is_not_asked_again_at_once)
{
    error refused(errc::cannot_connect);
    refused.status = 407;
    for (const auto* method : {"GET", "POST", "DELETE"})
        BOOST_TEST(webex::retry_policy(method, limits()).failed(refused, 1h, 0) == give_up(), method);
}

BOOST_AUTO_TEST_SUITE_END()
