#include "postern/flow/pipeline.hpp"

#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <boost/core/ignore_unused.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace postern;
using namespace std::chrono_literals;

namespace {

event an_event()
{
    event e;
    e.bot = "BOT";
    e.key = "messages:created:M1";
    e.resource = "messages";
    e.name = "created";
    e.room = "ROOM";
    e.data_id = "M1";
    e.body = "the body";
    return e;
}

// Every stage answers from its script and notes that it was asked.
struct stages final : check_port, journal_port, guard_port, consumer_port
{
    std::vector<std::string> asked;
    result<event> checked = an_event();
    result<stored> kept = stored{7, true};
    result<judgement> judged = judgement{verdict::admitted, "all are ours"};
    outcome became = outcome::done("said hello");

    result<event> check(raw_event raw) const override
    {
        const_cast<stages*>(this)->asked.push_back("check " + raw.body); // a fake may remember
        return checked;
    }
    awaitable<result<stored>> append(event e, deadline) override
    {
        asked.push_back("append " + e.key);
        co_return kept;
    }
    void heard(const event& e) override { asked.push_back("heard " + e.key); }
    awaitable<result<judgement>> judge(event e, deadline) override
    {
        asked.push_back("judge " + e.key);
        co_return judged;
    }
    awaitable<outcome> handle(delivery d, deadline) override
    {
        asked.push_back("handle " + d.what.key + " record " + std::to_string(d.record));
        co_return became;
    }
};

struct house
{
    stages all;
    test::captured_log log;
    std::vector<hop_record> hops;
    flow::pipeline flow{all, all,        all,
                        all, log.writer, [this](hop_record r) { hops.push_back(std::move(r)); }};

    result<stored> accept(origin from = origin::webhook)
    {
        raw_event raw;
        raw.from = from;
        raw.body = "the body";
        if (all.checked)
            all.checked->from = from;
        result<stored> answer = error(errc::stopped);
        test::run([&](net::io_context&) -> awaitable<void> {
            answer = co_await flow.accept(raw, deadline::after(1s));
        });
        return answer;
    }
    outcome act(origin from = origin::webhook)
    {
        delivery d;
        d.record = 7;
        d.attempt = 3;
        d.what = an_event();
        d.what.from = from;
        outcome answer;
        test::run(
            [&](net::io_context&) -> awaitable<void> { answer = co_await flow.act(d, deadline::after(1s)); });
        return answer;
    }
    std::string way() const // the hops in words
    {
        std::string words;
        for (const auto& h : hops)
            (words += words.empty() ? "" : " ") += to_string(h.what);
        return words;
    }
};

using words = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(pipeline)

BOOST_AUTO_TEST_CASE(a_good_delivery_is_checked_then_stored)
{
    house h;
    const auto answer = h.accept();
    BOOST_TEST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->record == 7u);
    BOOST_TEST(answer->fresh);
    BOOST_TEST(
        (h.all.asked == words{"check the body", "heard messages:created:M1", "append messages:created:M1"}));
    BOOST_TEST(h.way() == "delivered verified stored");
    BOOST_TEST(h.hops[0].data_id == "M1");
    BOOST_TEST(h.hops[0].note == "webhook");
    BOOST_TEST(h.hops[2].key == "messages:created:M1");
    BOOST_TEST(h.hops[2].data_id == "M1");
    BOOST_TEST((h.hops[2].at.time_since_epoch() > 0s));
}

BOOST_AUTO_TEST_CASE(a_repeated_delivery_says_so)
{
    house h;
    h.all.kept = stored{7, false};
    BOOST_TEST(!h.accept()->fresh);
    BOOST_TEST(h.way() == "delivered verified repeated");
}

BOOST_AUTO_TEST_CASE(the_way_in_of_a_delivery_is_told)
{
    for (const auto from : {origin::webhook, origin::websocket, origin::recovery, origin::replay})
    {
        house h;
        h.accept(from);
        BOOST_TEST_REQUIRE(!h.hops.empty());
        BOOST_TEST(h.hops[0].note == to_string(from));
    }
}

BOOST_AUTO_TEST_CASE(a_recovered_event_is_said_once_in_the_log)
{
    house h;
    h.accept(origin::recovery);
    BOOST_TEST(h.log.says("event recovered"));
    const auto lines = h.log.lines();
    BOOST_TEST(std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
        return line.find("event recovered") != line.npos && line.find("messages:created:M1") != line.npos &&
               line.find("info") != line.npos;
    }));

    house known; // it had come live
    known.all.kept = stored{7, false};
    known.accept(origin::recovery);
    BOOST_TEST(!known.log.says("event recovered"));

    house live;
    live.accept(origin::websocket);
    BOOST_TEST(!live.log.says("event recovered"));
}

BOOST_AUTO_TEST_CASE(a_replayed_event_is_said_in_the_log)
{
    house h;
    h.act(origin::replay);
    const auto lines = h.log.lines();
    BOOST_TEST(std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
        return line.find("event replayed") != line.npos && line.find("messages:created:M1") != line.npos &&
               line.find("info") != line.npos;
    }));
    house live;
    live.act();
    BOOST_TEST(!live.log.says("event replayed"));
}

BOOST_AUTO_TEST_CASE(a_refused_delivery_never_reaches_the_journal_and_leaves_its_reason)
{
    house h;
    h.all.checked = error(errc::bad_signature, "checking");
    const auto answer = h.accept();
    BOOST_TEST(answer.error().is(errc::bad_signature));
    BOOST_TEST((h.all.asked == words{"check the body"}));
    BOOST_TEST(h.way() == "ignored");
    BOOST_TEST(h.hops.back().note == "checking: signature does not match the body");
    BOOST_TEST(h.log.says("signature does not match the body"));
}

BOOST_AUTO_TEST_CASE(what_the_journal_refuses_is_not_accepted)
{
    house h;
    h.all.kept = error(errc::journal_full, "keeping");
    const auto answer = h.accept();
    BOOST_TEST(answer.error().is(errc::journal_full));
    BOOST_TEST(h.way() == "delivered verified failed");
    BOOST_TEST(h.hops.back().key == "messages:created:M1");
    BOOST_TEST(h.log.says("journal refused the record"));
}

BOOST_AUTO_TEST_CASE(an_admitted_event_is_handled)
{
    house h;
    const auto became = h.act();
    BOOST_TEST((became.what == outcome::kind::done));
    BOOST_TEST((h.all.asked == words{"judge messages:created:M1", "handle messages:created:M1 record 7"}));
    BOOST_TEST(h.way() == "admitted done");
    BOOST_TEST(h.hops.back().note == "said hello");
}

BOOST_AUTO_TEST_CASE(an_event_of_a_refused_room_is_never_handled)
{
    house h;
    h.all.judged = judgement{verdict::refused, "a stranger is in the room"};
    const auto became = h.act();
    BOOST_TEST((became.what == outcome::kind::ignored));
    BOOST_TEST(became.reason == "the guard does not admit it: a stranger is in the room");
    BOOST_TEST((became.guard->what == verdict::refused));
    BOOST_TEST(became.guard->reason == "a stranger is in the room");
    BOOST_TEST((h.all.asked == words{"judge messages:created:M1"}));
    BOOST_TEST(h.way() == "ignored");
    BOOST_TEST(h.log.says("the guard does not admit it: a stranger is in the room"));
    BOOST_TEST(h.log.says("messages:created:M1"));
}

BOOST_AUTO_TEST_CASE(a_guard_that_cannot_decide_keeps_the_gate_closed_and_is_asked_again)
{
    house h;
    auto unsure = error(errc::api_unavailable, "listing members").quoting("their words");
    unsure.retry_after = 12s;
    h.all.judged = unsure;
    const auto became = h.act();
    BOOST_TEST((became.what == outcome::kind::retry));
    BOOST_TEST((became.pause == 12s));
    BOOST_TEST(became.reason == "the guard cannot decide: listing members: Webex is unavailable");
    BOOST_TEST((h.all.asked == words{"judge messages:created:M1"}));
    BOOST_TEST(h.way() == "failed");
}

BOOST_AUTO_TEST_CASE(whatever_became_of_an_event_the_reason_is_told)
{
    struct
    {
        outcome became;
        std::string way, level;
    } const cases[] = {
        {outcome::ignored("no command matches"), "admitted ignored", "info"},
        {outcome::retry("the target answered 500", 3s), "admitted failed", "warning"},
        {outcome::dead("the target answered 410"), "admitted failed", "warning"},
    };
    for (const auto& c : cases)
    {
        house h;
        h.all.became = c.became;
        const auto became = h.act();
        BOOST_TEST((became.what == c.became.what));
        BOOST_TEST((became.pause == c.became.pause));
        BOOST_TEST(h.way() == c.way);
        BOOST_TEST(h.hops.back().note == c.became.reason);
        BOOST_TEST(h.log.says(c.became.reason));
        BOOST_TEST(h.log.says(c.level));
    }
}

BOOST_AUTO_TEST_CASE(the_body_of_an_event_is_never_logged)
{
    house h;
    boost::ignore_unused(h.accept(), h.act());
    BOOST_TEST(!h.log.says("the body"));
    for (const auto& hop : h.hops)
        BOOST_TEST(hop.note.find("the body") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_trail_is_not_needed)
{
    stages all;
    flow::pipeline flow(all, all, all, all, quiet_log());
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto answer = co_await flow.accept(raw_event(), deadline::after(1s));
        BOOST_TEST(answer.has_value());
    });
}

BOOST_AUTO_TEST_SUITE_END()
