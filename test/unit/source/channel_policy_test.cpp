#include "postern/source/device/channel_policy.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <vector>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using time_point = channel_policy::time_point;

namespace postern::source {

std::ostream& operator<<(std::ostream& os, remedy r) { return os << to_string(r); }

} // namespace postern::source

namespace {

setback closed_with(std::uint16_t code, std::string reason = {}, stage where = stage::serving)
{
    setback s;
    s.what = setback::kind::closed;
    s.where = where;
    s.code = code;
    s.reason = std::move(reason);
    return s;
}

setback answered_with(unsigned status, stage where = stage::handshake,
                      std::optional<milliseconds> retry_after = {})
{
    error why(errc::api_rejected, "opening the event channel");
    why.status = status;
    why.retry_after = retry_after;
    return setback::of(where, std::move(why));
}

setback of_kind(setback::kind what, stage where = stage::serving)
{
    setback s;
    s.what = what;
    s.where = where;
    return s;
}

setback failed_with(errc code, stage where = stage::handshake)
{
    return setback::of(where, error(code, "opening the event channel"));
}

setback unusable_device()
{
    error why(errc::bad_response, "registering the device");
    why.maybe_sent = true;
    why.status = 200;
    return setback::of(stage::registration, std::move(why));
}

// --- the table --------------------------------------------------------------------------------------------

enum class pause
{
    none,      // at once
    short_one, // under a second
    minute,    // a minute, or a little more
    half_a_minute_or_more,
    five_minutes
};

struct row
{
    const char* what;
    setback happened; // the first of an outage
    remedy answer;
    pause wait;
};
std::ostream& operator<<(std::ostream& os, const row& r) { return os << r.what; }

constexpr auto before = stage::authorising;
constexpr auto after = stage::serving;

// One row per close code (protocol/mercury.md 4.7 and RFC 6455 7.4.1).
const std::vector<row> close_codes{
    {"1000 idle", closed_with(1000, "idle"), remedy::reconnect, pause::short_one},
    {"1000 done (forced)", closed_with(1000, "Done (forced)"), remedy::reconnect, pause::short_one},
    {"1000 pong not received", closed_with(1000, "Pong not received"), remedy::reconnect, pause::short_one},
    {"1000 pong mismatch", closed_with(1000, "Pong mismatch"), remedy::reconnect, pause::short_one},
    {"1000 other reason", closed_with(1000, "bye"), remedy::reconnect, pause::short_one},
    {"1000 before ready", closed_with(1000, "", before), remedy::reconnect, pause::short_one},
    {"1001 going away", closed_with(1001), remedy::reconnect, pause::short_one},
    {"1001 before ready", closed_with(1001, "", before), remedy::reconnect, pause::short_one},
    {"1002 protocol error", closed_with(1002), remedy::reconnect, pause::short_one},
    {"1003 last message rejected", closed_with(1003), remedy::reconnect, pause::short_one},
    {"1004 reserved", closed_with(1004), remedy::reconnect, pause::short_one},
    {"1005 before ready", closed_with(1005, "", before), remedy::refresh_device, pause::short_one},
    {"1005 after ready", closed_with(1005, "", after), remedy::reconnect, pause::short_one},
    {"1005 replaced", closed_with(1005, "replaced", before), remedy::register_anew,
     pause::half_a_minute_or_more},
    {"1005 authentication failed", closed_with(1005, "authentication failed", before), remedy::doubt_token,
     pause::short_one},
    {"1006 lost before ready", closed_with(1006, "", before), remedy::reconnect, pause::short_one},
    {"1006 lost after ready", closed_with(1006), remedy::reconnect, pause::short_one},
    {"1007 not text", closed_with(1007), remedy::reconnect, pause::short_one},
    {"1008 authentication failed", closed_with(1008, "Authentication failed", before), remedy::doubt_token,
     pause::short_one},
    {"1008 authentication too late",
     closed_with(1008, "authentication did not happen within the timeout window of 30000 seconds.", before),
     remedy::reconnect, pause::short_one},
    {"1008 other reason", closed_with(1008, "policy"), remedy::reconnect, pause::short_one},
    {"1009 too large", closed_with(1009), remedy::reconnect, pause::short_one},
    {"1010 extension missing", closed_with(1010), remedy::reconnect, pause::short_one},
    {"1011 server error", closed_with(1011), remedy::reconnect, pause::short_one},
    {"1012 restart", closed_with(1012), remedy::reconnect, pause::short_one},
    {"1013 try again later", closed_with(1013), remedy::reconnect, pause::short_one},
    {"1014 bad gateway", closed_with(1014), remedy::reconnect, pause::short_one},
    {"1015 TLS", closed_with(1015), remedy::reconnect, pause::short_one},
    {"3000 unknown", closed_with(3000), remedy::reconnect, pause::short_one},
    {"3050 logout form", closed_with(3050, "done"), remedy::reconnect, pause::short_one},
    {"4000 replaced", closed_with(4000, "replaced"), remedy::register_anew, pause::half_a_minute_or_more},
    {"4000 without a reason", closed_with(4000), remedy::register_anew, pause::half_a_minute_or_more},
    {"4000 other reason", closed_with(4000, "maintenance"), remedy::reconnect, pause::short_one},
    {"4001 replaced during shutdown", closed_with(4001, "replaced during shutdown"), remedy::reconnect,
     pause::short_one},
    {"4002 unknown", closed_with(4002), remedy::reconnect, pause::short_one},
    {"4400 bad request", closed_with(4400), remedy::alarm, pause::five_minutes},
    {"4401 token rejected before ready", closed_with(4401, "", before), remedy::doubt_token,
     pause::short_one},
    {"4401 token rejected after ready", closed_with(4401), remedy::doubt_token, pause::short_one},
    {"4403 not entitled", closed_with(4403), remedy::alarm, pause::five_minutes},
    {"4404 registration unknown", closed_with(4404, "", before), remedy::refresh_device, pause::short_one},
    {"4404 registration expired", closed_with(4404), remedy::refresh_device, pause::short_one},
    {"4408 timeout", closed_with(4408), remedy::reconnect, pause::short_one},
    {"4410 registration gone", closed_with(4410), remedy::refresh_device, pause::short_one},
    {"4429 too many requests", closed_with(4429), remedy::reconnect, pause::minute},
    {"4451 legal block", closed_with(4451), remedy::alarm, pause::five_minutes},
    {"4500 error in the cloud", closed_with(4500), remedy::reconnect, pause::short_one},
    {"4503 unavailable", closed_with(4503), remedy::reconnect, pause::short_one},
    {"4999 unknown", closed_with(4999), remedy::reconnect, pause::short_one},
    {"0 no code at all", closed_with(0), remedy::reconnect, pause::short_one},
    {"65535 nonsense", closed_with(65535), remedy::reconnect, pause::short_one},
};

// One row per status of the handshake.
const std::vector<row> handshake_statuses{
    {"200 no websocket here", answered_with(200), remedy::reconnect, pause::short_one},
    {"301 redirect", answered_with(301), remedy::reconnect, pause::short_one},
    {"302 captive portal", answered_with(302), remedy::reconnect, pause::short_one},
    {"400 bad request", answered_with(400), remedy::alarm, pause::five_minutes},
    {"401 token rejected", answered_with(401), remedy::doubt_token, pause::short_one},
    {"403 not entitled", answered_with(403), remedy::alarm, pause::five_minutes},
    {"404 registration unknown", answered_with(404), remedy::register_anew, pause::none},
    {"405 wrong method", answered_with(405), remedy::reconnect, pause::short_one},
    {"407 the proxy wants a password", answered_with(407), remedy::reconnect, pause::short_one},
    {"408 timeout", answered_with(408), remedy::reconnect, pause::short_one},
    {"409 conflict", answered_with(409), remedy::reconnect, pause::short_one},
    {"410 registration gone", answered_with(410), remedy::register_anew, pause::none},
    {"426 other version", answered_with(426), remedy::reconnect, pause::short_one},
    {"429 too many requests", answered_with(429), remedy::reconnect, pause::minute},
    {"431 header too large", answered_with(431), remedy::reconnect, pause::short_one},
    {"451 legal block", answered_with(451), remedy::alarm, pause::five_minutes},
    {"500 error in the cloud", answered_with(500), remedy::reconnect, pause::short_one},
    {"501 not implemented", answered_with(501), remedy::reconnect, pause::short_one},
    {"502 bad gateway", answered_with(502), remedy::reconnect, pause::short_one},
    {"503 unavailable", answered_with(503), remedy::reconnect, pause::short_one},
    {"504 gateway timeout", answered_with(504), remedy::reconnect, pause::short_one},
    {"599 unknown", answered_with(599), remedy::reconnect, pause::short_one},
    {"name not found, refused", failed_with(errc::cannot_connect), remedy::reconnect, pause::short_one},
    {"TLS failed", failed_with(errc::tls_failed), remedy::reconnect, pause::short_one},
    {"no answer", failed_with(errc::timed_out), remedy::reconnect, pause::short_one},
    {"cut off", failed_with(errc::connection_lost), remedy::reconnect, pause::short_one},
    {"no HTTP", failed_with(errc::bad_response), remedy::reconnect, pause::short_one},
    {"a URL that may not see the token", failed_with(errc::bad_input), remedy::alarm, pause::five_minutes},
};

// The same for catalogue and registration, and for the ends that are neither code nor status.
const std::vector<row> other_ends{
    {"catalogue 401", answered_with(401, stage::catalogue), remedy::doubt_token, pause::short_one},
    {"catalogue 403", answered_with(403, stage::catalogue), remedy::alarm, pause::five_minutes},
    {"catalogue 429", answered_with(429, stage::catalogue), remedy::reconnect, pause::minute},
    {"catalogue 503", answered_with(503, stage::catalogue), remedy::reconnect, pause::short_one},
    {"catalogue out of reach", failed_with(errc::cannot_connect, stage::catalogue), remedy::reconnect,
     pause::short_one},
    {"registration 400", answered_with(400, stage::registration), remedy::alarm, pause::five_minutes},
    {"registration 401", answered_with(401, stage::registration), remedy::doubt_token, pause::short_one},
    {"registration 403", answered_with(403, stage::registration), remedy::alarm, pause::five_minutes},
    {"registration 404: no WDM there", answered_with(404, stage::registration), remedy::discover_anew,
     pause::short_one},
    {"registration 429", answered_with(429, stage::registration), remedy::reconnect, pause::minute},
    {"registration 451", answered_with(451, stage::registration), remedy::alarm, pause::five_minutes},
    {"registration answered with what is no device", unusable_device(), remedy::alarm, pause::five_minutes},
    {"registration without an answer", failed_with(errc::timed_out, stage::registration), remedy::reconnect,
     pause::short_one},
    {"registration 500", answered_with(500, stage::registration), remedy::reconnect, pause::short_one},
    {"refresh 400", answered_with(400, stage::refresh), remedy::register_anew, pause::short_one},
    {"refresh 401", answered_with(401, stage::refresh), remedy::doubt_token, pause::short_one},
    {"refresh 403", answered_with(403, stage::refresh), remedy::register_anew, pause::short_one},
    {"refresh 404: the device is gone", answered_with(404, stage::refresh), remedy::register_anew,
     pause::none},
    {"refresh: not found", failed_with(errc::not_found, stage::refresh), remedy::register_anew, pause::none},
    {"refresh 410", answered_with(410, stage::refresh), remedy::register_anew, pause::none},
    {"refresh 429", answered_with(429, stage::refresh), remedy::reconnect, pause::minute},
    {"refresh 502", answered_with(502, stage::refresh), remedy::reconnect, pause::short_one},
    {"no ready signal", of_kind(setback::kind::never_ready, before), remedy::reconnect, pause::short_one},
    {"no first pong", of_kind(setback::kind::silent, before), remedy::reconnect, pause::short_one},
    {"no pong", of_kind(setback::kind::silent), remedy::reconnect, pause::short_one},
    {"no pong after a sleep", of_kind(setback::kind::slept), remedy::reconnect, pause::none},
    {"announced shutdown", of_kind(setback::kind::announced), remedy::reconnect, pause::none},
    {"another registration service", of_kind(setback::kind::moved), remedy::discover_anew, pause::none},
};

std::vector<row> whole_table()
{
    auto all = close_codes;
    all.insert(all.end(), handshake_statuses.begin(), handshake_statuses.end());
    all.insert(all.end(), other_ends.begin(), other_ends.end());
    return all;
}

bool fits(milliseconds p, pause expected)
{
    switch (expected)
    {
    case pause::none: return p == 0ms;
    case pause::short_one: return p >= 100ms && p < 1s;
    case pause::minute: return p >= 60s && p <= 66s;
    case pause::half_a_minute_or_more: return p >= 30s && p <= 60s;
    case pause::five_minutes: return p >= 5min && p <= 330s;
    }
    return false;
}

// A policy whose channel has been ready for an hour.
struct outage
{
    device_options options;
    time_point now{};
    channel_policy policy{options, now};

    outage()
    {
        policy.ready(now);
        now += 1h;
    }

    treatment next(const setback& s, double random = 0.5) { return policy.after(s, now, random); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(channel_policy)

BOOST_DATA_TEST_CASE(each_end_has_its_remedy_and_its_pause, boost::unit_test::data::make(whole_table()),
                     given)
{
    for (const double random : {0.0, 0.5, 0.999})
    {
        outage o;
        const auto t = o.next(given.happened, random);
        BOOST_TEST(t.what == given.answer);
        BOOST_TEST(fits(t.pause, given.wait), given.what << ": " << t.pause.count() << " ms");
        BOOST_TEST(!t.words.empty());
    }
}

// Promise 6: whatever happens, however often, something follows, and within minutes.
BOOST_DATA_TEST_CASE(nothing_is_final_however_often_it_happens, boost::unit_test::data::make(whole_table()),
                     given)
{
    outage o;
    for (int n = 0; n < 200; ++n)
    {
        const auto t = o.next(given.happened, 0.999);
        BOOST_TEST(t.pause <= 330s);
        o.now += t.pause;
    }
}

// A cloud that lets us in and throws us out again, or denies one thing for ever, is not hammered.
BOOST_DATA_TEST_CASE(no_end_makes_us_hammer_the_cloud, boost::unit_test::data::make(whole_table()), given)
{
    outage o;
    const auto began = o.now;
    for (int n = 0; n < 40; ++n)
    {
        o.now += o.next(given.happened, 0.0).pause;
        if (given.happened.where == stage::serving)
            o.policy.ready(o.now);
    }
    BOOST_TEST((o.now - began >= 30s));
}

BOOST_AUTO_TEST_CASE(a_cloud_that_comes_back_within_a_minute_finds_us_within_three_seconds)
{
    for (const auto length : {6s, 60s})
        for (const double random : {0.0, 0.3, 0.999})
        {
            outage o;
            const auto back = o.now + length;
            o.now += o.next(closed_with(1006), random).pause;
            while (o.now < back)
                o.now += o.next(failed_with(errc::cannot_connect), random).pause;
            BOOST_TEST((o.now - back < 3s), "after " << length.count() << " s");
        }
}

BOOST_AUTO_TEST_CASE(pauses_grow_with_the_outage_to_half_a_minute_and_no_further)
{
    outage o;
    milliseconds longest{};
    const auto began = o.now;
    while (o.now - began < 3h)
    {
        const auto t = o.next(failed_with(errc::cannot_connect), 0.999);
        longest = std::max(longest, t.pause);
        if (o.now - began < 1min)
            BOOST_TEST((t.pause <= 2500ms));
        BOOST_TEST((t.pause <= std::max<milliseconds>(
                                   2500ms, std::chrono::duration_cast<milliseconds>(o.now - began) / 24)));
        o.now += t.pause;
    }
    BOOST_TEST((longest > 30s && longest <= 32s));
}

BOOST_AUTO_TEST_CASE(every_third_failure_in_a_row_asks_for_the_device_first)
{
    outage o;
    BOOST_TEST(o.next(closed_with(1011)).what == remedy::reconnect);
    BOOST_TEST(o.next(answered_with(503)).what == remedy::reconnect);
    BOOST_TEST(o.next(answered_with(503)).what == remedy::refresh_device);
    BOOST_TEST(o.next(answered_with(503)).what == remedy::reconnect);
}

BOOST_AUTO_TEST_CASE(a_device_that_wdm_confirms_and_the_channel_denies_is_replaced)
{
    outage o;
    BOOST_TEST(o.next(closed_with(4404, "", before)).what == remedy::refresh_device);
    BOOST_TEST(o.next(closed_with(4404, "", before)).what == remedy::register_anew);
}

BOOST_AUTO_TEST_CASE(a_second_404_in_a_row_waits_and_a_ready_channel_forgives_it)
{
    outage o;
    BOOST_TEST((o.next(answered_with(404)).pause == 0ms));
    const auto second = o.next(answered_with(404));
    BOOST_TEST(second.what == remedy::register_anew);
    BOOST_TEST((second.pause > 0ms));
    o.policy.ready(o.now);
    o.now += 1h;
    BOOST_TEST((o.next(answered_with(404)).pause == 0ms));
}

BOOST_AUTO_TEST_CASE(a_gone_device_is_replaced_without_a_second_pause)
{
    for (const auto& denial :
         {closed_with(1005, "", before), closed_with(4404, "", before), closed_with(4404)})
    {
        outage o;
        BOOST_TEST(o.next(denial).what == remedy::refresh_device);
        const auto t = o.next(answered_with(404, stage::refresh));
        BOOST_TEST(t.what == remedy::register_anew);
        BOOST_TEST((t.pause == 0ms));
    }
}

BOOST_AUTO_TEST_CASE(replaced_twice_in_a_quarter_of_an_hour_is_told_as_what_it_is)
{
    outage o;
    BOOST_TEST(o.next(closed_with(4000, "replaced")).what == remedy::register_anew);
    o.now += 1min;
    o.policy.ready(o.now);
    o.now += 5min;
    const auto again = o.next(closed_with(4000, "replaced"));
    BOOST_TEST(again.what == remedy::alarm);
    BOOST_TEST(again.words.find("two processes share this token") != std::string::npos);

    o.now += 1min;
    o.policy.ready(o.now);
    o.now += 1h;
    BOOST_TEST(o.next(closed_with(4000, "replaced")).what == remedy::register_anew);
}

BOOST_AUTO_TEST_CASE(the_cloud_is_obeyed_when_it_names_a_time)
{
    outage o;
    const auto t = o.next(answered_with(429, stage::handshake, 20s), 0.999);
    BOOST_TEST((t.pause >= 20s && t.pause <= 22s));
    BOOST_TEST((o.next(answered_with(503, stage::handshake, 20s)).pause == 20s));
    BOOST_TEST((o.next(answered_with(429, stage::handshake, 0ms)).pause >= 1s));
    // But not for a year.
    BOOST_TEST((o.next(answered_with(429, stage::handshake, 24h * 365)).pause <= 17min));
    BOOST_TEST((o.next(answered_with(503, stage::handshake, 24h * 365)).pause <= 15min));
}

BOOST_AUTO_TEST_CASE(after_a_set_silence_everything_is_made_anew_and_again_each_such_span)
{
    outage o;
    unsigned anew = 0;
    const auto began = o.now;
    while (o.now - began < 16min)
    {
        const auto t = o.next(answered_with(503));
        anew += t.what == remedy::discover_anew;
        if (o.now - began < 5min)
            BOOST_TEST(anew == 0u);
        o.now += t.pause;
    }
    BOOST_TEST(anew == 3u);
}

BOOST_AUTO_TEST_CASE(a_start_without_success_is_an_outage_too)
{
    const device_options options;
    source::channel_policy policy(options, time_point{});
    BOOST_TEST(policy.after(answered_with(401), time_point{} + 6min, 0.5).what == remedy::discover_anew);
}

BOOST_AUTO_TEST_CASE(a_channel_that_dies_young_again_and_again_is_not_asked_for_twice_a_second)
{
    outage o;
    std::vector<milliseconds> pauses;
    for (int n = 0; n < 8; ++n)
    {
        const auto t = o.next(closed_with(1001));
        pauses.push_back(t.pause);
        o.now += t.pause;
        o.policy.ready(o.now);
        o.now += 1s;
    }
    for (std::size_t n = 0; n < 4; ++n)
        BOOST_TEST((pauses[n] < 1s));
    BOOST_TEST((pauses.back() > 1s));
    o.now += 1min;
    BOOST_TEST((o.next(closed_with(1001)).pause < 1s)); // a minute's life forgives
}

BOOST_AUTO_TEST_CASE(the_words_name_code_and_meaning_and_defuse_what_the_cloud_says)
{
    outage o;
    BOOST_TEST(o.next(closed_with(1001)).words == "closed by the cloud with 1001 (going away)");
    BOOST_TEST(o.next(closed_with(4999, "a\nb")).words == "closed by the cloud with 4999: \"a\\x0ab\"");
    BOOST_TEST(o.next(answered_with(503)).words.find("503") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
