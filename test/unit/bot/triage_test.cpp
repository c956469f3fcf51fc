#include "postern/bot/hear/triage.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;
using matching::task;

namespace {

event make_event(std::string resource, std::string name, std::string actor, std::string person)
{
    event e;
    e.resource = std::move(resource);
    e.name = std::move(name);
    e.actor = std::move(actor);
    e.room = "room";
    e.data_id = "object";
    e.body = R"({"data":{"personId":")" + person + R"("}})";
    return e;
}

matching::registry all_set()
{
    matching::registry r;
    r.greeting = "Hello";
    r.on_card = std::make_shared<const handler>([](context) -> awaitable<void> { co_return; });
    return r;
}

// The task, or why there is none.
std::string decide(const event& e, const matching::registry& known = all_set())
{
    const auto asked = matching::triage(e, "me", known);
    switch (asked.what)
    {
    case task::nothing: return asked.why_not;
    case task::read_message: return "[message]";
    case task::greet: return "[greet]";
    case task::read_card: return "[card]";
    case task::read_edit: return "[edit]";
    case task::hand_over: return asked.run ? '[' + std::string(asked.name) + ']' : "[nobody]";
    }
    return "?";
}

error api_error(errc code, unsigned status = 0)
{
    error e(code, "calling");
    e.status = status;
    return e;
}

std::string text(const outcome& o)
{
    return std::string(to_string(o.what)) + ' ' + std::to_string(o.pause.count()) + "ms " + o.reason;
}

struct ended
{
    matching::ending e;

    ended& threw() { return e.threw = true, e.what = "boom", *this; }
    ended& cancelled() { return e.cancelled = true, *this; }
    ended& only_answers() { return e.only_answers = true, *this; }
    ended& noted() { return e.noted = true, *this; }
    ended& held_back(error why) { return e.said.held_back = std::move(why), *this; }
    ended& in_doubt() { return e.said.in_doubt = true, *this; }
    ended& sent(unsigned n) { return e.said.sent = n, *this; }
    ended& unsaid(error why) { return e.said.unsaid = std::move(why), *this; }
    ended& refused(error why) { return e.said.refused = true, unsaid(std::move(why)); }

    std::string decide() const
    {
        const auto d = matching::after_handler(e, {}, 1, 0.0);
        return (d.apologise ? "apologise, " : "") + text(d.result);
    }
    std::string untold(const error& why) const { return text(matching::after_apology(e, why, {}, 1, 0.0)); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(triage)

BOOST_AUTO_TEST_CASE(a_message_of_somebody_else_is_read)
{
    BOOST_TEST(decide(make_event("messages", "created", "ana", "ana")) == "[message]");
    BOOST_TEST(decide(make_event("messages", "created", "", "")) == "[message]");
}

BOOST_AUTO_TEST_CASE(the_bots_own_messages_are_ignored_by_actor_or_by_author)
{
    BOOST_TEST(decide(make_event("messages", "created", "me", "me")) == "own message");
    BOOST_TEST(decide(make_event("messages", "created", "", "me")) == "own message");
    BOOST_TEST(decide(make_event("messages", "created", "me", "")) == "own message");
}

BOOST_AUTO_TEST_CASE(the_bot_joining_a_room_is_greeted)
{
    BOOST_TEST(decide(make_event("memberships", "created", "ana", "me")) == "[greet]");
    BOOST_TEST(decide(make_event("memberships", "created", "ana", "bob")) == "somebody else joined the room");
    BOOST_TEST(decide(make_event("memberships", "created", "me", "me")) == "the bot made this room itself");
    BOOST_TEST(decide(make_event("memberships", "created", "ana", "me"), {}) == "no greeting is set");
}

BOOST_AUTO_TEST_CASE(cards_are_read_only_for_a_handler)
{
    BOOST_TEST(decide(make_event("attachmentActions", "created", "ana", "ana")) == "[card]");
    BOOST_TEST(decide(make_event("attachmentActions", "created", "me", "me")) == "own card action");
    BOOST_TEST(decide(make_event("attachmentActions", "created", "ana", "ana"), {}) ==
               "no handler for cards is set");
}

BOOST_AUTO_TEST_CASE(everything_else_is_ignored_by_name)
{
    BOOST_TEST(decide(make_event("memberships", "deleted", "ana", "me")) ==
               "nothing handles memberships:deleted");
    BOOST_TEST(decide(make_event("messages", "deleted", "ana", "ana")) == "nothing handles messages:deleted");
    BOOST_TEST(decide(make_event("x\n\x1b[31m", "", "", "")) == "nothing handles x\\x0a\\x1b[31m:");
    BOOST_TEST(decide({}) == "nothing handles :");
}

BOOST_AUTO_TEST_CASE(what_else_happens_goes_to_the_handler_that_is_for_it_before_the_general_one)
{
    const auto run = all_set().on_card;
    matching::registry general;
    for (const char* kind :
         {"messages:updated", "messages:deleted", "memberships:created", "memberships:updated",
          "memberships:deleted", "rooms:created", "rooms:updated", "attachmentactions:created"})
        general.on_event[kind] = run;
    matching::registry exact = general;
    exact.on_added = exact.on_removed = exact.on_member_joined = exact.on_member_left = exact.on_room =
        exact.on_edit = exact.on_delete = run;
    const auto both = [&](const char* resource, const char* name, const char* person) {
        const auto e = make_event(resource, name, "ana", person);
        return decide(e, exact) + decide(e, general);
    };
    BOOST_TEST(both("memberships", "created", "me") == "[added][event]");
    BOOST_TEST(both("memberships", "created", "bob") == "[member joined][event]");
    BOOST_TEST(both("memberships", "deleted", "me") == "[removed][event]");
    BOOST_TEST(both("memberships", "deleted", "bob") == "[member left][event]");
    BOOST_TEST(both("memberships", "updated", "me") == "[event][event]");
    BOOST_TEST(both("messages", "updated", "bob") == "[edit][event]");
    BOOST_TEST(both("messages", "deleted", "bob") == "[deletion][event]");
    BOOST_TEST(both("messages", "deleted", "me") ==
               "[deletion][event]"); // somebody deleted what the bot said
    BOOST_TEST(both("rooms", "created", "") == "[room][event]");
    BOOST_TEST(both("rooms", "updated", "") == "[room][event]");
    BOOST_TEST(both("rooms", "migrated", "") == "[room]nothing handles rooms:migrated");
    BOOST_TEST(both("attachmentActions", "created", "bob") == "[event][event]");
    exact.greeting = "Hello";
    BOOST_TEST(both("memberships", "created", "me") == "[greet][event]");
}

BOOST_AUTO_TEST_CASE(what_the_bot_did_itself_goes_to_no_handler_but_for_a_room_that_it_made)
{
    matching::registry r;
    r.on_added = r.on_removed = r.on_member_joined = r.on_member_left = r.on_room = r.on_edit = r.on_delete =
        all_set().on_card;
    r.on_event["memberships:updated"] = all_set().on_card;
    const auto mine = [&r](const char* resource, const char* name, const char* person) {
        return decide(make_event(resource, name, "me", person), r);
    };
    BOOST_TEST(mine("memberships", "created", "bob") == "the bot added somebody itself");
    BOOST_TEST(mine("memberships", "deleted", "bob") == "the bot did this itself");
    BOOST_TEST(mine("memberships", "deleted", "me") == "the bot did this itself");
    BOOST_TEST(mine("memberships", "updated", "bob") == "the bot did this itself");
    BOOST_TEST(mine("messages", "updated", "me") == "own message");
    BOOST_TEST(mine("messages", "deleted", "bob") == "the bot did this itself");
    BOOST_TEST(mine("rooms", "updated", "") == "the bot did this itself");
    BOOST_TEST(mine("rooms", "created", "") == "[room]");
}

BOOST_AUTO_TEST_CASE(an_event_without_its_object_is_ignored_and_a_hostile_envelope_is_survived)
{
    auto e = make_event("messages", "created", "ana", "ana");
    for (const char* body :
         {"", "null", "[]", "{", R"({"data":[]})", R"({"data":{"personId":["me"]}})", "\xFF"})
    {
        e.body = body;
        BOOST_TEST(decide(e) == "[message]");
    }
    e.data_id.clear();
    BOOST_TEST(decide(e) == "the event names no message");

    auto joined = make_event("memberships", "created", "ana", "me");
    joined.room.clear();
    BOOST_TEST(decide(joined) == "the event names no room");

    auto card = make_event("attachmentActions", "created", "ana", "ana");
    card.data_id.clear();
    BOOST_TEST(decide(card) == "the event names no card action");
}

BOOST_AUTO_TEST_CASE(a_failed_call_is_retried_with_growing_pauses_if_it_can_help)
{
    const matching::pauses how;
    const auto after = [&](const error& e, unsigned attempt) {
        return text(matching::after_failed_call(e, how, attempt, 0.0));
    };
    BOOST_TEST(after(api_error(errc::api_unavailable), 1) == "retry 500ms calling: Webex is unavailable");
    BOOST_TEST(after(api_error(errc::cannot_connect), 4) == "retry 4000ms calling: cannot connect");
    BOOST_TEST(after(api_error(errc::cannot_connect), 99) == "retry 150000ms calling: cannot connect");
    BOOST_TEST(after(api_error(errc::cannot_connect), 0) == "retry 500ms calling: cannot connect");
    BOOST_TEST(after(api_error(errc::api_rejected, 400), 1) == "dead 0ms calling: 400, refused by Webex");
}

BOOST_AUTO_TEST_CASE(a_longer_wish_of_the_service_is_respected)
{
    error e = api_error(errc::api_unavailable, 429);
    e.retry_after = 60s;
    BOOST_TEST(matching::after_failed_call(e, {}, 1, 0.0).pause.count() == 60'000);
    e.retry_after = 1ms;
    BOOST_TEST(matching::after_failed_call(e, {}, 1, 0.0).pause.count() == 500);
}

BOOST_AUTO_TEST_CASE(a_rejected_token_is_retried_after_a_long_pause)
{
    const auto o = matching::after_failed_call(api_error(errc::token_rejected, 401), {}, 1, 0.0);
    BOOST_TEST((o.what == outcome::kind::retry));
    BOOST_TEST((o.pause == 5min));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_found_out_is_asked_again_whatever_failed)
{
    for (const auto& e : {api_error(errc::api_rejected, 403), api_error(errc::not_found, 404),
                          api_error(errc::api_unavailable, 500), api_error(errc::bad_response)})
        BOOST_TEST((matching::after_undecided(e, {}, 1, 0.0).pause == 500ms));
    BOOST_TEST((matching::after_undecided(api_error(errc::token_rejected, 401), {}, 1, 0.0).pause == 5min));
}

BOOST_AUTO_TEST_CASE(not_found_and_forbidden_are_alike_invisible)
{
    BOOST_TEST(matching::is_invisible(api_error(errc::not_found, 404)));
    BOOST_TEST(matching::is_invisible(api_error(errc::api_rejected, 403)));
    BOOST_TEST(!matching::is_invisible(api_error(errc::api_rejected, 400)));
    BOOST_TEST(!matching::is_invisible(api_error(errc::token_rejected, 401)));
}

BOOST_AUTO_TEST_CASE(a_handler_that_ends_well_is_done)
{
    BOOST_TEST(ended().decide() == "done 0ms ");
    BOOST_TEST(ended().sent(2).decide() == "done 0ms ");
    BOOST_TEST(ended().sent(1).cancelled().decide() == "done 0ms ");
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_apologised_for)
{
    BOOST_TEST(ended().threw().decide() == "apologise, done 0ms handler failed, and the user was told: boom");
    BOOST_TEST(ended().threw().sent(1).decide() ==
               "apologise, done 0ms handler failed, and the user was told: boom");
}

BOOST_AUTO_TEST_CASE(a_refused_reply_is_apologised_for)
{
    BOOST_TEST(ended().unsaid(api_error(errc::api_rejected, 400)).decide() ==
               "apologise, done 0ms handled, but the reply did not go out: calling: 400, refused by Webex");
    BOOST_TEST(ended().unsaid(api_error(errc::bad_input)).decide().starts_with("apologise, done"));
    BOOST_TEST(ended().unsaid(api_error(errc::api_unavailable)).decide().starts_with("done"));
    BOOST_TEST(ended().refused(api_error(errc::api_unavailable)).decide().starts_with("apologise, done"));
}

BOOST_AUTO_TEST_CASE(only_a_handler_that_does_nothing_but_answer_runs_again_for_its_reply)
{
    const auto down = api_error(errc::api_unavailable, 503);
    auto maybe = down;
    maybe.maybe_sent = true;
    BOOST_TEST(ended().only_answers().unsaid(down).decide() ==
               "retry 500ms calling: 503, Webex is unavailable");
    BOOST_TEST(ended().only_answers().unsaid(maybe).decide().starts_with("done 0ms handled, but"));
    BOOST_TEST(ended().only_answers().sent(1).unsaid(down).decide().starts_with("done 0ms handled, but"));
    BOOST_TEST(ended().unsaid(down).decide().starts_with("done 0ms handled, but"));
    BOOST_TEST(ended().only_answers().unsaid(api_error(errc::not_found, 404)).decide().starts_with("done"));
}

BOOST_AUTO_TEST_CASE(a_rejected_token_brings_any_silent_handler_back)
{
    const auto rejected = api_error(errc::token_rejected, 401);
    BOOST_TEST(ended().unsaid(rejected).decide().starts_with("retry 300000ms"));
    BOOST_TEST(ended().threw().unsaid(rejected).decide().starts_with("retry 300000ms"));
    BOOST_TEST(ended().sent(1).unsaid(rejected).decide().starts_with("done 0ms handled, but"));
}

BOOST_AUTO_TEST_CASE(what_a_stop_cuts_short_is_there_at_the_next_start_unless_something_was_said)
{
    BOOST_TEST(ended().threw().cancelled().decide().starts_with("retry 0ms cut short"));
    BOOST_TEST(
        ended().unsaid(api_error(errc::stopped)).cancelled().decide().starts_with("retry 0ms cut short"));
    BOOST_TEST(ended().threw().cancelled().sent(1).decide().starts_with("done 0ms cut short"));
}

BOOST_AUTO_TEST_CASE(what_a_stop_cuts_short_after_something_was_said_goes_on_later_if_it_is_noted)
{
    BOOST_TEST(ended().noted().threw().cancelled().sent(1).decide().starts_with("retry 0ms cut short"));
    BOOST_TEST(ended().noted().cancelled().sent(1).decide() == "done 0ms ");
    const auto rejected = api_error(errc::token_rejected, 401);
    BOOST_TEST(ended().noted().sent(1).unsaid(rejected).decide().starts_with("retry 300000ms"));
}

BOOST_AUTO_TEST_CASE(noted_replies_let_a_handler_that_only_answers_run_again_unless_one_is_in_doubt)
{
    auto maybe = api_error(errc::api_unavailable, 503);
    maybe.maybe_sent = true;
    BOOST_TEST(ended().noted().only_answers().sent(1).unsaid(maybe).decide().starts_with("retry 500ms"));
    BOOST_TEST(ended().noted().only_answers().unsaid(maybe).in_doubt().decide().starts_with(
        "done 0ms handled, but"));
    BOOST_TEST(ended().noted().unsaid(maybe).decide().starts_with("done 0ms handled, but"));
    BOOST_TEST(ended()
                   .noted()
                   .unsaid(api_error(errc::cannot_connect))
                   .decide()
                   .starts_with("done 0ms handled, but"));
}

BOOST_AUTO_TEST_CASE(a_reply_that_was_held_back_brings_any_handler_back)
{
    const auto why = api_error(errc::journal_full);
    for (auto e : {ended(), ended().threw(), ended().sent(1), ended().unsaid(why)})
        BOOST_TEST(e.noted().held_back(why).decide() == "retry 500ms calling: journal refused the record");
    BOOST_TEST(
        ended().noted().threw().held_back(why).cancelled().decide().starts_with("retry 0ms cut short"));
}

BOOST_AUTO_TEST_CASE(who_could_not_be_told_of_a_failure_makes_the_event_dead_unless_it_can_be_told_later)
{
    const auto down = api_error(errc::api_unavailable, 503);
    const auto refused = api_error(errc::api_rejected, 400);
    BOOST_TEST(ended().threw().untold(down) == "dead 0ms handler failed: boom");
    BOOST_TEST(ended().unsaid(refused).untold(down) ==
               "dead 0ms the reply was refused: calling: 400, refused by Webex");
    BOOST_TEST(ended().noted().threw().held_back(down).untold(down) ==
               "retry 500ms calling: 503, Webex is unavailable");
    BOOST_TEST(ended().noted().threw().untold(api_error(errc::stopped)).starts_with("retry 0ms cut short"));
    BOOST_TEST(ended().threw().untold(api_error(errc::stopped)) == "dead 0ms handler failed: boom");
}

BOOST_AUTO_TEST_SUITE_END()
