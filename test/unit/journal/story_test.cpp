#include "a_story.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::journal;
using namespace postern::test;
using namespace std::chrono_literals;
using kind = outcome::kind;

namespace {

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

boost::json::object parsed(const story& s) { return boost::json::parse(to_json(s)).as_object(); }

} // namespace

BOOST_AUTO_TEST_SUITE(story)

BOOST_AUTO_TEST_CASE(a_story_begins_with_what_came_how_and_when)
{
    const auto text = tell(a_story());
    BOOST_TEST(text.starts_with("event 42: messages:created\n"
                                "  came by websocket at 2026-02-11T09:14:27.318Z\n"
                                "  said at 2026-02-11T09:14:27.000Z, 318 ms before it came\n"
                                "  message "));
    BOOST_TEST(text.ends_with("\n"));
}

BOOST_AUTO_TEST_CASE(every_way_in_is_named_in_words)
{
    auto s = a_story();
    s.what.from = origin::webhook;
    s.what.signature_checked = true;
    BOOST_TEST(says(tell(s), "came by webhook at 2026-02-11T09:14:27.318Z, its signature checked\n"));
    s.what.signature_checked = false;
    BOOST_TEST(says(tell(s), "its signature was not checked"));
    s.what.from = origin::recovery;
    BOOST_TEST(says(tell(s), "came by recovery at 2026-02-11T09:14:27.318Z: nobody was listening"));
    s.what.from = origin::replay;
    BOOST_TEST(says(tell(s), "came by replay at"));
}

BOOST_AUTO_TEST_CASE(ids_are_whole_and_beside_them_what_a_person_can_compare)
{
    const auto s = a_story();
    const auto text = tell(s);
    BOOST_TEST(says(text, s.what.data_id + "  (8f14e45f-0728-11f1-9c1a-0242ac120002)"));
    BOOST_TEST(says(text, s.what.room + "  (6a0c5d60-0728-11f1-8e55-17a4d1b0b1c0)"));
    BOOST_TEST(says(text, s.what.actor));
    BOOST_TEST(says(text, "key     " + s.what.key + '\n'));
    BOOST_TEST(says(text, "lane    events of this bot in this room"));
}

BOOST_AUTO_TEST_CASE(lateness_is_said_in_the_unit_that_fits)
{
    auto s = a_story();
    const auto late = [&](std::chrono::milliseconds by) {
        s.what.received = s.what.happened + by;
        return tell(s);
    };
    BOOST_TEST(says(late(7300ms), ", 7.3 s before it came"));
    BOOST_TEST(says(late(336s), ", 5 min 36 s before it came"));
    BOOST_TEST(says(late(192min), ", 3 h 12 min before it came"));
    BOOST_TEST(says(late(52h), ", 2 d 4 h before it came"));
    BOOST_TEST(says(late(-400ms), ", 400 ms after it came: the clocks"));
}

BOOST_AUTO_TEST_CASE(when_it_was_said_is_left_out_where_nobody_knows)
{
    auto s = a_story();
    s.what.happened = {};
    BOOST_TEST(!says(tell(s), "said at"));
}

BOOST_AUTO_TEST_CASE(repetitions_are_counted)
{
    auto s = a_story();
    s.repeats = 1;
    BOOST_TEST(says(tell(s), "came again once; that changed nothing"));
    s.repeats = 3;
    s.repeated = moment("2026-02-11T10:00:00Z");
    BOOST_TEST(says(tell(s), "came again 3 times, the last time at 2026-02-11T10:00:00.000Z"));
}

BOOST_AUTO_TEST_CASE(a_handled_event_names_its_handler_its_attempts_and_its_reply)
{
    auto s = a_story();
    const auto reply = message_id("0e11e45f-0728-11f1-9c1a-0242ac120002");
    auto d = for_bot(progress::done,
                     {attempt(1, kind::retry, "Webex is busy", 2500ms), attempt(2, kind::done, "/echo")});
    d.effects.push_back({1, "digest", moment("2026-02-11T09:14:30Z"), reply});
    s.deliveries.push_back(d);
    const auto text = tell(s);
    BOOST_TEST(
        says(text, "\n  bot: done by /echo\n"
                   "    attempt 1 at 2026-02-11T09:14:29.000Z took 2.5 s: not this time: Webex is busy\n"
                   "    attempt 2 at 2026-02-11T09:14:30.000Z took 120 ms: done by /echo\n"
                   "    reply 1 at 2026-02-11T09:14:30.000Z: " +
                       reply));
    BOOST_TEST(!says(text, "postern events"));
}

BOOST_AUTO_TEST_CASE(a_reply_of_which_nothing_was_heard_is_not_called_sent)
{
    auto s = a_story();
    auto d = for_bot(progress::waiting);
    d.effects.push_back({1, "digest", moment("2026-02-11T09:14:30Z"), ""});
    s.deliveries.push_back(d);
    BOOST_TEST(says(tell(s), "reply 1 at 2026-02-11T09:14:30.000Z: it may have gone out"));
}

BOOST_AUTO_TEST_CASE(what_waits_says_since_when_and_for_what)
{
    auto s = a_story();
    s.deliveries.push_back(for_bot(progress::waiting));
    BOOST_TEST(
        says(tell(s), "bot: waiting since 2026-02-11T09:14:27.318Z: attempt 1 is under way, or comes when"));
    s.deliveries[0].attempts.push_back(attempt(1, kind::retry, "Webex is busy"));
    s.deliveries[0].due = moment("2026-02-11T09:15:00Z");
    BOOST_TEST(says(tell(s), "attempt 2 is due at 2026-02-11T09:15:00.000Z\n"));
}

BOOST_AUTO_TEST_CASE(what_is_replayed_is_not_called_waiting_since_it_came)
{
    auto s = a_story();
    s.deliveries.push_back(for_bot(progress::waiting, {attempt(1, kind::done, "/echo")}));
    BOOST_TEST(says(tell(s), "bot: to be handled again: attempt 2 is under way"));
}

BOOST_AUTO_TEST_CASE(what_was_not_done_says_why_and_what_one_can_do)
{
    auto s = a_story();
    s.deliveries.push_back(
        for_bot(progress::ignored, {attempt(1, kind::ignored, "the bot is not mentioned")}));
    BOOST_TEST(says(tell(s), "bot: ignored: the bot is not mentioned\n"));
    BOOST_TEST(says(tell(s), "postern events replay 42\n"));
    BOOST_TEST(!says(tell(s), "retry"));
    s.deliveries[0] = for_bot(progress::dead, {attempt(1, kind::dead, "handler failed: out of paper")});
    BOOST_TEST(says(tell(s), "bot: dead: handler failed: out of paper\n"));
    BOOST_TEST(says(tell(s), "postern events retry 42;"));
    BOOST_TEST(says(tell(s), "postern events replay 42\n"));
    s.deliveries[0].asked = "retry";
    BOOST_TEST(says(tell(s), "a retry was asked for"));
    BOOST_TEST(!says(tell(s), "postern events"));
}

BOOST_AUTO_TEST_CASE(what_the_guard_said_stands_below_each_attempt_it_was_asked_of)
{
    auto s = a_story();
    const std::string rule = "eve@other.example (organisation 1b2c) does not belong to us";
    s.deliveries.push_back(
        for_bot(progress::ignored,
                {attempt(1, kind::retry, "the bot stops"),
                 judged(attempt(2, kind::retry, "the guard cannot decide: x"), verdict::undecided, "x"),
                 judged(attempt(3, kind::ignored, "the guard does not admit it: " + rule), verdict::refused,
                        rule, true)}));
    const auto text = tell(s);
    BOOST_TEST(says(text, "not this time: the bot stops\n    attempt 2"));
    BOOST_TEST(says(text, "cannot decide: x\n      the guard: undecided: x (asked)\n    attempt 3"));
    BOOST_TEST(says(text, "\n      the guard: refused: " + rule + " (known)\n"));
}

BOOST_AUTO_TEST_CASE(an_event_without_a_reader_says_so)
{
    BOOST_TEST(says(tell(a_story()), "nobody was to handle it"));
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_no_control_bytes_from_strangers)
{
    auto s = a_story();
    const std::string evil = "\x1b]0;pwned\x07\r\n";
    s.what.resource = s.what.name = s.what.room = s.what.actor = s.what.data_id = s.what.key = s.what.bot =
        evil;
    auto d = for_bot(progress::dead, {attempt(1, kind::dead, evil)});
    d.consumer = d.asked = evil;
    d.effects.push_back({1, evil, {}, evil});
    d.attempts.push_back(judged(attempt(2, kind::dead), verdict::refused, evil));
    s.deliveries.push_back(d);
    for (const char c : tell(s))
        BOOST_TEST((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    BOOST_TEST(says(tell(s), "pwned"));
    BOOST_TEST(!says(tell(s), "\r"));
}

BOOST_AUTO_TEST_CASE(json_holds_the_same_with_stable_names)
{
    auto s = a_story();
    s.repeats = 2;
    s.repeated = moment("2026-02-11T10:00:00Z");
    auto d = for_bot(progress::done, {attempt(1, kind::done, "/echo")});
    d.effects.push_back({1, "digest", moment("2026-02-11T09:14:30Z"), ""});
    s.deliveries.push_back(d);
    const auto o = parsed(s);
    BOOST_TEST(o.at("record").to_number<int>() == 42);
    BOOST_TEST(o.at("kind").as_string() == "messages:created");
    BOOST_TEST(o.at("origin").as_string() == "websocket");
    BOOST_TEST(o.at("received").as_string() == "2026-02-11T09:14:27.318Z");
    BOOST_TEST(o.at("happened").as_string() == "2026-02-11T09:14:27.000Z");
    BOOST_TEST(o.at("signature_checked").as_bool() == false);
    BOOST_TEST(o.at("key").as_string() == s.what.key);
    BOOST_TEST(o.at("lane").as_string() == s.what.lane());
    BOOST_TEST(o.at("data_id").as_string() == s.what.data_id);
    BOOST_TEST(o.at("repeats").to_number<int>() == 2);
    BOOST_TEST(o.at("repeated").as_string() == "2026-02-11T10:00:00.000Z");
    BOOST_TEST(!o.contains("body"));
    const auto& delivery = o.at("deliveries").as_array().at(0).as_object();
    BOOST_TEST(delivery.at("consumer").as_string() == "bot");
    BOOST_TEST(delivery.at("state").as_string() == "done");
    BOOST_TEST(delivery.at("due").is_null());
    const auto& attempt_made = delivery.at("attempts").as_array().at(0).as_object();
    BOOST_TEST(attempt_made.at("number").to_number<int>() == 1);
    BOOST_TEST(attempt_made.at("took_ms").to_number<int>() == 120);
    BOOST_TEST(attempt_made.at("outcome").as_string() == "done");
    BOOST_TEST(attempt_made.at("reason").as_string() == "/echo");
    BOOST_TEST(attempt_made.at("guard").is_null());
    const auto& reply = delivery.at("replies").as_array().at(0).as_object();
    BOOST_TEST(reply.at("id").is_null());
    BOOST_TEST(reply.at("at").as_string() == "2026-02-11T09:14:30.000Z");
    BOOST_TEST(!says(to_json(s), "digest"));
}

BOOST_AUTO_TEST_CASE(json_has_what_the_guard_said_of_each_attempt)
{
    auto s = a_story();
    s.deliveries.push_back(for_bot(
        progress::ignored, {judged(attempt(1, kind::ignored, "x"), verdict::refused, "eve \xff", true)}));
    const auto o = parsed(s);
    const auto& made = o.at("deliveries").at(0).at("attempts").at(0).as_object();
    const auto& guard = made.at("guard").as_object();
    BOOST_TEST(guard.at("verdict").as_string() == "refused");
    BOOST_TEST(guard.at("rule").as_string().starts_with("eve "));
    BOOST_TEST(guard.at("cached").as_bool());
}

BOOST_AUTO_TEST_CASE(json_stays_json_whatever_bytes_came)
{
    auto s = a_story();
    s.what.happened = {};
    s.what.body = "{\"x\":\"\xff\xfe\x01\"}";
    s.deliveries.push_back(for_bot(progress::dead, {attempt(1, kind::dead, "\xc3(")}));
    const auto o = parsed(s);
    BOOST_TEST(o.at("happened").is_null());
    BOOST_TEST(says(std::string(o.at("body").as_string()), "{\"x\":\""));
}

BOOST_AUTO_TEST_CASE(words_of_progress_are_read_as_they_are_written)
{
    for (const auto p : {progress::waiting, progress::done, progress::ignored, progress::dead})
        BOOST_TEST((parse_progress(to_string(p)) == p));
    BOOST_TEST(!parse_progress("Dead").has_value());
    BOOST_TEST(!parse_progress("").has_value());
    for (const auto v : {verdict::admitted, verdict::refused, verdict::undecided})
        BOOST_TEST((parse_verdict(to_string(v)) == v));
    BOOST_TEST(!parse_verdict("unknown").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
