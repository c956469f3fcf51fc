#include "postern/source/device/frames.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>

using namespace postern;
using namespace postern::source;
using kind = frame::kind;

namespace {

kind kind_of(std::string_view text) { return read_frame(text).what; }

json::object sent(std::string_view text) { return json::parse(text).as_object(); }

std::uint64_t missing(sequence_watch& watch, std::int64_t number)
{
    frame f;
    f.sequence = number;
    return watch.missing_before(f);
}

} // namespace

BOOST_AUTO_TEST_SUITE(frames)

BOOST_AUTO_TEST_CASE(the_ready_signal_of_the_recorded_session_is_understood)
{
    const auto f = read_frame(
        R"({"id":"0afaa01f-a6cd-4555-9217-9829a1f72867","data":{"eventType":"mercury.buffer_state",)"
        R"("bufferState":{"conversation":"UNKNOWN","locus":"UNKNOWN","board":"UNKNOWN"}},)"
        R"("timestamp":1795290913090,"trackingId":"EMU","sequenceNumber":1,"filterMessage":false})");
    BOOST_TEST((f.what == kind::ready));
    BOOST_TEST(f.id == "0afaa01f-a6cd-4555-9217-9829a1f72867");
    BOOST_TEST(f.type == "mercury.buffer_state");
    BOOST_TEST(f.tracking_id == "EMU");
    BOOST_TEST((f.sequence == 1));
    BOOST_TEST(!f.in_sync);
}

BOOST_AUTO_TEST_CASE(both_ready_signals_count_and_only_conversations_decide_what_was_kept)
{
    const auto f = read_frame(R"({"data":{"eventType":"mercury.registration_status",)"
                              R"("bufferState":{"conversation":"IN_SYNC","locus":"UNKNOWN"}}})");
    BOOST_TEST((f.what == kind::ready));
    BOOST_TEST(f.in_sync);
    for (const auto* state : {R"({"locus":"IN_SYNC"})", R"({"conversation":7})", "[]", "null", "\"IN_SYNC\""})
        BOOST_TEST(!read_frame(std::string(R"({"data":{"eventType":"mercury.buffer_state","bufferState":)") +
                               state + "}}")
                        .in_sync);
}

BOOST_AUTO_TEST_CASE(an_activity_comes_with_its_data_and_the_envelopes_overrides)
{
    const auto f =
        read_frame(R"({"id":"e1","data":{"eventType":"conversation.activity","activity":{"id":"a"}},)"
                   R"("headers":{"data.activity.x":1},"sequenceNumber":"12"})");
    BOOST_TEST((f.what == kind::activity));
    BOOST_TEST(f.id == "e1");
    BOOST_TEST((f.sequence == 12)); // as text
    BOOST_TEST(text_or(*get_object(f.data, "activity"), "id") == "a");
    BOOST_TEST(f.headers.contains("data.activity.x"));
}

BOOST_AUTO_TEST_CASE(each_kind_is_told_from_the_others)
{
    BOOST_TEST((kind_of(R"({"id":"p","type":"pong","sequenceNumber":2})") == kind::pong));
    BOOST_TEST((kind_of(R"({"type":"shutdown"})") == kind::shutdown));
    BOOST_TEST((kind_of(R"({"data":{"eventType":"ActiveClusterStatusEvent"}})") == kind::catalogue_changed));
    BOOST_TEST((kind_of(R"({"data":{"eventType":"u2c.cache-invalidation"}})") == kind::catalogue_changed));
    BOOST_TEST((kind_of(R"({"data":{"eventType":"locus.difference"}})") == kind::other));
    BOOST_TEST((kind_of(R"({"data":{"eventType":"encryption.kms_message"}})") == kind::other));
    BOOST_TEST((kind_of(R"({"type":"error"})") == kind::other));
    BOOST_TEST((kind_of("{}") == kind::other));
    BOOST_TEST((kind_of(R"({"data":{"eventType":"conversation.activity"}})") == kind::other)); // holds none
}

BOOST_AUTO_TEST_CASE(garbage_is_named_without_being_quoted)
{
    for (const auto* text : {"", "hello", "{\"id\":", "[1,2]", "null", "\"x\"", "{} {}", "\xff\xfe"})
    {
        const auto f = read_frame(text);
        BOOST_TEST((f.what == kind::not_understood), text);
        BOOST_TEST(!f.why.empty());
        BOOST_TEST(f.why.find("hello") == std::string::npos);
    }
    BOOST_TEST((kind_of(std::string(100'000, '[')) == kind::not_understood)); // depth is bounded
}

BOOST_AUTO_TEST_CASE(members_of_another_type_are_as_good_as_absent)
{
    const auto f = read_frame(R"({"id":7,"type":{},"data":[],"trackingId":null,"sequenceNumber":true})");
    BOOST_TEST((f.what == kind::other));
    BOOST_TEST(f.id.empty());
    BOOST_TEST(f.type.empty());
    BOOST_TEST(!f.sequence.has_value());
    for (const auto* number :
         {"\"12x\"", "\"\"", "1e300", "18446744073709551615", "\"99999999999999999999\""})
        BOOST_TEST(!read_frame(std::string(R"({"sequenceNumber":)") + number + '}').sequence.has_value());
    BOOST_TEST((read_frame(R"({"sequenceNumber":12.0})").sequence == 12));
}

BOOST_AUTO_TEST_CASE(an_endless_id_is_none)
{
    BOOST_TEST(read_frame(R"({"id":")" + std::string(10'000, 'x') + "\"}").id.empty());
}

BOOST_AUTO_TEST_CASE(what_we_send_is_what_the_sdk_sends)
{
    const auto auth = sent(authorization_frame("u-1", secret("to\"k"), "postern_1"));
    BOOST_TEST(text_or(auth, "id") == "u-1");
    BOOST_TEST(text_or(auth, "type") == "authorization");
    BOOST_TEST(text_or(auth, "trackingId") == "postern_1");
    BOOST_TEST(text_or(*get_object(auth, "data"), "token") == "Bearer to\"k");
    BOOST_TEST(ack_frame("e\"1") == R"({"messageId":"e\"1","type":"ack"})");
    BOOST_TEST(ping_frame("p1") == R"({"id":"p1","type":"ping"})");
}

BOOST_AUTO_TEST_CASE(missing_numbers_are_counted_and_repeated_ones_are_not)
{
    sequence_watch watch;
    BOOST_TEST(missing(watch, 700) == 0u); // begins anywhere
    BOOST_TEST(missing(watch, 701) == 0u);
    BOOST_TEST(missing(watch, 704) == 2u);
    BOOST_TEST(missing(watch, 704) == 0u);
    BOOST_TEST(missing(watch, 702) == 0u); // late
    BOOST_TEST(missing(watch, 705) == 0u);
}

// Nobody knows whether real pongs are numbered (mercury.md 10.6): they must not look like a gap either way.
BOOST_AUTO_TEST_CASE(a_pong_without_a_number_explains_one_missing_frame)
{
    sequence_watch watch;
    missing(watch, 1);
    frame pong;
    pong.what = kind::pong;
    watch.missing_before(pong);
    BOOST_TEST(missing(watch, 3) == 0u);
    BOOST_TEST(missing(watch, 5) == 1u);
}

BOOST_AUTO_TEST_CASE(hostile_numbers_do_not_overflow)
{
    sequence_watch watch;
    missing(watch, std::numeric_limits<std::int64_t>::min());
    BOOST_TEST(missing(watch, std::numeric_limits<std::int64_t>::max()) ==
               std::numeric_limits<std::uint64_t>::max() - 1);
    BOOST_TEST(missing(watch, -5) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
