#include "postern/bot/say/reply_search.hpp"
#include "scene.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace postern;
using namespace std::chrono_literals;
using test::scene;
using test::text;

namespace {

error api_error(errc code, unsigned status = 0, bool maybe_sent = false)
{
    error e(code);
    e.status = status;
    e.maybe_sent = maybe_sent;
    return e;
}

const error lost = api_error(errc::connection_lost, 0, true);

// One message, "/x", that is handed out as often as the test says, with what was noted of the replies to it.
struct story : scene
{
    webex::message question = said("/x");
    unsigned attempts = 0;
    std::vector<std::string> came_to; // what each reply came to: the id, or the error

    story() { with_effects = true; }

    void says(std::vector<std::string> words)
    {
        bot.command("/x", "", [this, words = std::move(words)](context ctx) -> awaitable<void> {
            for (const auto& one : words)
            {
                const auto done = co_await ctx.reply(one);
                came_to.push_back(done ? done->id : describe(done.error()));
            }
        });
    }

    outcome attempt()
    {
        api->messages.push_back(question);
        return hand_out(arrival("messages", "created", "ana"));
    }
    outcome hand_out(event what)
    {
        api->calls.clear();
        hops.clear();
        came_to.clear();
        delivery d{1, ++attempts, std::move(what), effects.kept};
        return handle(std::move(d));
    }

    // A reply as the room shows it.
    webex::message shown(std::string markdown, std::string id) const
    {
        webex::message m;
        m.id = std::move(id);
        m.room_id = "room";
        m.parent_id = question.parent_id;
        m.person_id = "me";
        m.markdown = std::move(markdown);
        m.created = format_time(std::chrono::system_clock::now());
        return m;
    }
    void room_shows(std::vector<webex::message> newest_first)
    {
        api->message_lists.push_back(std::move(newest_first));
    }
    void in_a_group_room()
    {
        question.room_type = "group";
        question.mentioned_people = {"me"};
        options.only_when_mentioned = false;
    }
    void called(std::vector<std::string> expected) const
    {
        BOOST_TEST(api->calls == expected, boost::test_tools::per_element());
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(say_once)

BOOST_AUTO_TEST_CASE(a_reply_is_noted_before_it_is_sent_and_its_id_after)
{
    story s;
    s.says({"one", "two"});
    BOOST_TEST(text(s.attempt()) == "done: /x");
    s.called({"get_message object", "note 1", "post_message room", "note 1 reply-1", "note 2",
              "post_message room", "note 2 reply-2"});
    BOOST_TEST_REQUIRE(s.effects.kept.size() == 2u);
    const auto& first = s.effects.kept[0];
    BOOST_TEST(first.digest.size() == 32u);
    BOOST_TEST(first.digest != s.effects.kept[1].digest);
    BOOST_TEST((std::chrono::system_clock::now() - first.at < 1min));
    BOOST_TEST(first.id == "reply-1");
}

BOOST_AUTO_TEST_CASE(each_piece_of_a_long_reply_is_noted)
{
    story s;
    s.says({std::string(8000, 'x'), "two"});
    s.attempt();
    BOOST_TEST_REQUIRE(s.effects.kept.size() == 3u);
    BOOST_TEST(s.effects.kept[2].id == "reply-3");
}

BOOST_AUTO_TEST_CASE(replies_that_are_out_are_not_sent_again_whatever_the_handler_now_says)
{
    story s;
    s.says({"it is 10:41", "two"});
    s.attempt();
    s.says({"it is 10:42", "two", "three"});
    BOOST_TEST(text(s.attempt()) == "done: /x");
    s.called({"get_message object", "note 3", "post_message room", "note 3 reply-3"});
    BOOST_TEST(s.came_to == (std::vector<std::string>{"reply-1", "reply-2", "reply-3"}),
               boost::test_tools::per_element());
    BOOST_TEST(s.hops == (std::vector<std::string>{"handled /x", "replied reply-1 (out already)",
                                                   "replied reply-2 (out already)", "replied reply-3"}),
               boost::test_tools::per_element());
    BOOST_TEST(s.logged.says("not sent again"));
}

BOOST_AUTO_TEST_CASE(a_reply_that_is_out_comes_back_with_its_id_and_its_place)
{
    story s;
    s.question.parent_id = "thread";
    s.says({"one"});
    s.attempt();
    webex::message back;
    s.bot.command("/x", "", [&back](context ctx) -> awaitable<void> {
        auto done = co_await ctx.reply("one");
        back = std::move(*done);
    });
    s.attempt();
    BOOST_TEST(back.id == "reply-1");
    BOOST_TEST(back.room_id == "room");
    BOOST_TEST(back.room_type == "direct");
    BOOST_TEST(back.parent_id == "thread");
    BOOST_TEST(back.person_id == "me");
}

BOOST_AUTO_TEST_CASE(effects_beyond_what_the_handler_now_says_are_ignored)
{
    story s;
    s.says({"one", "two"});
    s.attempt();
    s.says({"one"});
    BOOST_TEST(text(s.attempt()) == "done: /x");
    s.called({"get_message object"});
}

BOOST_AUTO_TEST_CASE(after_a_crash_right_behind_the_post_the_reply_is_found_and_not_sent_again)
{
    story s;
    s.says({"one"});
    s.effects.crash_after_post = true;
    s.attempt();
    s.effects.crash_after_post = false;
    BOOST_TEST_REQUIRE(s.effects.kept[0].id == "");

    s.room_shows({s.shown("something else", "9"), s.shown("one", "reply-1")});
    BOOST_TEST(text(s.attempt()) == "done: /x");
    s.called({"get_message object", "list_messages room", "note 1 reply-1"});
    BOOST_TEST(s.came_to.front() == "reply-1");
    BOOST_TEST(s.effects.kept[0].id == "reply-1");
    BOOST_TEST(s.hops.back() == "replied reply-1 (out already)");
}

BOOST_AUTO_TEST_CASE(after_a_crash_right_before_the_post_the_reply_is_sent)
{
    story s;
    s.says({"one"});
    s.effects.crash_after_post = true;
    s.attempt();
    s.effects.crash_after_post = false;

    s.room_shows({});
    BOOST_TEST(text(s.attempt()) == "done: /x");
    s.called({"get_message object", "list_messages room", "note 1", "post_message room", "note 1 reply-2"});
    BOOST_TEST(!s.logged.says("sent again"));
    BOOST_TEST(s.hops.back() == "replied reply-2");
}

BOOST_AUTO_TEST_CASE(two_replies_with_the_same_words_are_told_apart)
{
    story s;
    s.says({"pong", "pong"});
    s.attempt();
    s.effects.kept[1].id.clear();
    s.room_shows({s.shown("pong", "reply-1")});
    s.attempt();
    s.called({"get_message object", "list_messages room", "note 2", "post_message room", "note 2 reply-3"});
}

BOOST_AUTO_TEST_CASE(the_reply_to_another_event_is_not_taken_for_this_one)
{
    story s;
    s.says({"pong"});
    auto consumer = s.make_consumer();
    const auto hand_out = [&](record_id record, std::vector<effect> earlier) {
        s.api->messages.push_back(s.question);
        delivery d{record, 1, scene::arrival("messages", "created", "ana"), std::move(earlier)};
        test::run([&](net::io_context&) -> awaitable<void> {
            co_await consumer->handle(std::move(d), deadline::after(3s));
        });
    };
    hand_out(1, {});
    auto cut = s.effects.kept;
    cut[0].id.clear();
    s.room_shows({s.shown("pong", "reply-1")});
    s.api->calls.clear();
    hand_out(2, cut);
    s.called({"get_message object", "list_messages room", "note 1", "post_message room", "note 1 reply-2"});
}

BOOST_AUTO_TEST_CASE(a_reply_of_before_the_question_is_not_the_answer)
{
    story s;
    s.says({"pong"});
    s.attempt();
    s.effects.kept[0].id.clear();
    const auto now = std::chrono::system_clock::now();
    auto older = s.shown("pong", "older");
    older.created = format_time(now - 30s);
    s.question.created = format_time(now - 10s);
    auto what = scene::arrival("messages", "created", "ana");
    what.received = now - 9s;
    s.api->messages.push_back(s.question);
    s.room_shows({older});
    s.hand_out(what);
    s.called({"get_message object", "list_messages room", "note 1", "post_message room", "note 1 reply-2"});
}

BOOST_AUTO_TEST_CASE(a_room_that_can_not_be_asked_now_holds_the_reply_back_and_all_that_follow)
{
    story s;
    s.says({"one", "two"});
    s.effects.crash_after_post = true;
    s.attempt();
    s.effects.crash_after_post = false;

    s.effects.kept.pop_back();
    s.api->message_lists = {api_error(errc::api_unavailable, 503)};
    const auto became = s.attempt();
    BOOST_TEST(text(became) == "retry: looking for an earlier reply: 503, Webex is unavailable");
    BOOST_TEST((became.pause >= 500ms));
    s.called({"get_message object", "list_messages room"});
    BOOST_TEST(s.came_to.size() == 2u);

    s.room_shows({s.shown("one", "reply-1")});
    BOOST_TEST(text(s.attempt()) == "done: /x");
    BOOST_TEST(s.came_to == (std::vector<std::string>{"reply-1", "reply-3"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_because_its_reply_was_held_back_is_not_apologised_for)
{
    story s;
    s.bot.command("/x", "", [](context ctx) -> awaitable<void> {
        const auto done = co_await ctx.reply("one");
        if (!done)
            throw std::runtime_error("no reply");
    });
    s.attempt();
    s.effects.kept[0].id.clear();
    s.api->message_lists = {api_error(errc::timed_out)};
    BOOST_TEST((s.attempt().what == outcome::kind::retry));
    BOOST_TEST(s.api->posted.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_bot_can_not_look_into_a_group_room_so_a_double_is_possible_and_said)
{
    story s;
    webex::person me = scene::me();
    me.type = "bot";
    s.in_a_group_room();
    s.says({"one"});
    s.attempt();
    s.effects.kept[0].id.clear();
    s.api->message_lists = {api_error(errc::api_rejected, 403)}; // nobody told that it is a bot
    BOOST_TEST(text(s.attempt()) == "done: /x");
    s.called({"get_message object", "list_messages room", "note 1", "post_message room", "note 1 reply-2"});
    BOOST_TEST(s.logged.says("a reply is sent again"));
    BOOST_TEST(s.hops.back() == "replied reply-2 (may be there twice)");

    s.effects.kept[0].id.clear();
    s.who = me; // now it is known, and the call is not made
    s.attempt();
    s.called({"get_message object", "note 1", "post_message room", "note 1 reply-3"});
    BOOST_TEST(s.hops.back() == "replied reply-3 (may be there twice)");
}

BOOST_AUTO_TEST_CASE(in_a_thread_the_thread_is_tried)
{
    story s;
    s.in_a_group_room();
    s.who.type = "bot";
    s.question.parent_id = "root";
    s.says({"one"});
    s.attempt();
    s.effects.kept[0].id.clear();
    s.room_shows({s.shown("one", "reply-1")});
    s.attempt();
    s.called({"get_message object", "list_thread room root", "note 1 reply-1"});

    s.effects.kept[0].id.clear();
    s.room_shows({});
    s.attempt();
    BOOST_TEST(s.hops.back() == "replied reply-2 (may be there twice)");
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_looked_for_at_once)
{
    story s;
    s.says({"one"});
    s.api->posts = {lost};
    s.room_shows({s.shown("one", "there")});
    BOOST_TEST(text(s.attempt()) == "done: /x");
    s.called({"get_message object", "note 1", "post_message room", "list_messages room", "note 1 there"});
    BOOST_TEST(s.came_to.front() == "there");
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_not_looked_for_before_it_can_be_there)
{
    story s;
    s.says({"one"});
    s.options.settling = 30ms;
    s.api->posts = {lost};
    s.room_shows({});
    wall_time looked;
    s.api->on_call = [&](const std::string& call) {
        if (call.starts_with("list"))
            looked = std::chrono::system_clock::now();
    };
    s.attempt();
    BOOST_TEST((looked - s.effects.kept[0].at >= 29ms));
}

BOOST_AUTO_TEST_CASE(a_look_for_which_no_time_is_left_is_the_next_attempts)
{
    story s;
    s.says({"one"});
    s.attempt();
    s.effects.kept[0].id.clear();
    s.options.settling = 1h;
    BOOST_TEST(text(s.attempt()) == "retry: looking for an earlier reply: no answer in time");
    s.called({"get_message object"});
}

BOOST_AUTO_TEST_CASE(a_reply_that_is_certainly_not_there_is_sent_once_more)
{
    story s;
    s.says({"one"});
    s.api->posts = {lost, s.shown("one", "second")};
    s.room_shows({});
    BOOST_TEST(text(s.attempt()) == "done: /x");
    s.called({"get_message object", "note 1", "post_message room", "list_messages room", "post_message room",
              "note 1 second"});

    story twice;
    twice.says({"one"});
    twice.api->posts = {lost, lost};
    twice.room_shows({});
    twice.room_shows({});
    BOOST_TEST(text(twice.attempt()).starts_with("done: handled, but the reply did not go out"));
    twice.called({"get_message object", "note 1", "post_message room", "list_messages room",
                  "post_message room", "list_messages room", "note 1 withdrawn"});
}

BOOST_AUTO_TEST_CASE(a_lost_answer_that_can_not_be_looked_up_is_not_sent_again)
{
    story s;
    s.says({"one"});
    s.api->posts = {lost};
    s.api->message_lists = {api_error(errc::api_rejected, 403)};
    BOOST_TEST(text(s.attempt()).starts_with("done: handled, but the reply did not go out"));
    s.called({"get_message object", "note 1", "post_message room", "list_messages room"});
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_looked_for_without_a_journal_too)
{
    story s;
    s.with_effects = false;
    s.says({"one"});
    s.api->posts = {lost};
    s.room_shows({s.shown("one", "there")});
    s.attempt();
    s.called({"get_message object", "post_message room", "list_messages room"});
    BOOST_TEST(s.came_to.front() == "there");
}

BOOST_AUTO_TEST_CASE(a_reply_that_was_refused_is_withdrawn_and_not_looked_for_later)
{
    story s;
    s.says({"one"});
    s.api->posts = {api_error(errc::api_rejected, 400)};
    s.attempt(); // with an apology, the second effect
    s.called({"get_message object", "note 1", "post_message room", "note 1 withdrawn", "note 2",
              "post_message room", "note 2 reply-2"});

    s.api->posts = {api_error(errc::api_rejected, 400)};
    s.attempt();
    s.called({"get_message object", "note 1", "post_message room", "note 1 withdrawn"});
    BOOST_TEST(s.hops.back() == "replied reply-2 (out already)");
}

BOOST_AUTO_TEST_CASE(without_its_note_a_reply_is_held_back)
{
    story s;
    s.says({"one", "two"});
    s.effects.answers = {error(errc::journal_full, "noting")};
    BOOST_TEST(text(s.attempt()) == "retry: noting: journal refused the record");
    s.called({"get_message object", "note 1"});
    BOOST_TEST(text(s.attempt()) == "done: /x");
    BOOST_TEST(s.api->posted.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_reply_whose_id_could_not_be_noted_is_sent_all_the_same)
{
    story s;
    s.says({"one"});
    s.effects.answers = {result<>(), error(errc::timed_out)};
    BOOST_TEST(text(s.attempt()) == "done: /x");
    BOOST_TEST(s.came_to.front() == "reply-1");
    BOOST_TEST(s.logged.says("what became of a reply is not noted"));
}

BOOST_AUTO_TEST_CASE(what_is_said_after_the_handler_ended_is_sent_without_a_note)
{
    story s;
    std::optional<postern::context> kept;
    s.bot.command("/x", "", [&kept](context ctx) -> awaitable<void> {
        kept = ctx;
        co_return;
    });
    s.attempt();
    s.api->calls.clear();
    test::run([&](net::io_context&) -> awaitable<void> { co_await kept->reply("late"); });
    s.called({"post_message room"});
}

BOOST_AUTO_TEST_CASE(a_delivery_that_the_journal_holds_to_be_over_is_answered_without_a_note)
{
    story s;
    s.says({"one"});
    s.effects.answers = {error(errc::bad_input), error(errc::bad_input)};
    BOOST_TEST(text(s.attempt()) == "done: /x");
    BOOST_TEST(s.came_to.front() == "reply-1");
}

BOOST_AUTO_TEST_CASE(the_greeting_is_a_reply_like_others)
{
    story s;
    s.bot.greeting("Hello");
    const auto joined = scene::arrival("memberships", "created", "me");
    s.hand_out(joined);
    s.called({"note 1", "post_message room", "note 1 reply-1"});
    s.effects.kept[0].id.clear();
    s.room_shows({s.shown("Hello", "reply-1")});
    BOOST_TEST(text(s.hand_out(joined)) == "done: greeting");
    s.called({"list_messages room", "note 1 reply-1"});
}

BOOST_AUTO_TEST_CASE(the_apology_is_a_reply_like_others)
{
    story s;
    s.bot.command("/x", "", [](context) -> awaitable<void> {
        throw std::runtime_error("the reason");
        co_return;
    });
    s.attempt();
    BOOST_TEST(text(s.attempt()) == "done: handler failed, and the user was told: the reason");
    s.called({"get_message object"});

    s.effects.kept[0].id.clear();
    s.api->message_lists = {api_error(errc::api_unavailable, 503)};
    BOOST_TEST(text(s.attempt()).starts_with("retry: looking for an earlier reply"));
}

BOOST_AUTO_TEST_CASE(a_greeting_that_may_have_gone_out_is_tried_again_when_the_room_can_tell_later)
{
    story s;
    s.bot.greeting("Hello");
    const auto joined = scene::arrival("memberships", "created", "me");
    s.api->posts = {lost};
    s.api->message_lists = {api_error(errc::timed_out)};
    BOOST_TEST((s.hand_out(joined).what == outcome::kind::retry));
    s.room_shows({s.shown("Hello", "there")});
    BOOST_TEST(text(s.hand_out(joined)) == "done: greeting");
    BOOST_TEST(s.api->posted.size() == 1u);

    story blind;
    blind.bot.greeting("Hello");
    blind.api->posts = {lost};
    blind.api->message_lists = {api_error(errc::api_rejected, 403)};
    BOOST_TEST((blind.hand_out(joined).what == outcome::kind::done));
}

BOOST_AUTO_TEST_CASE(what_a_stop_cuts_in_half_goes_on_where_it_was)
{
    story s;
    bool hang = true;
    net::cancellation_signal stop;
    s.bot.command("/x", "", [&](context ctx) -> awaitable<void> {
        co_await ctx.reply("one");
        if (hang)
        {
            net::steady_timer timer(co_await net::this_coro::executor, 1h);
            net::post(timer.get_executor(), [&stop] { stop.emit(net::cancellation_type::terminal); });
            co_await timer.async_wait(net::use_awaitable);
        }
        co_await ctx.reply("two");
    });
    s.api->messages = {s.question};
    const auto consumer = s.make_consumer();
    std::optional<outcome> became;
    net::io_context io(1);
    delivery one{1, 1, scene::arrival("messages", "created", "ana")};
    net::co_spawn(
        io, consumer->handle(one, deadline::after(3s)),
        net::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, outcome o) { became = o; }));
    io.run_for(5s);
    BOOST_TEST_REQUIRE(became.has_value());
    BOOST_TEST(text(*became) == "retry: cut short because postern is stopping");
    BOOST_TEST(s.api->posted.size() == 1u);

    hang = false;
    BOOST_TEST(text(s.attempt()) == "done: /x");
    s.called({"get_message object", "note 2", "post_message room", "note 2 reply-2"});
}

BOOST_AUTO_TEST_CASE(a_card_is_found_by_its_fallback_text)
{
    story s;
    s.bot.command("/x", "", [](context ctx) -> awaitable<void> {
        co_await ctx.card(R"({"type":"AdaptiveCard","body":[]})", "a card");
    });
    s.attempt();
    s.effects.kept[0].id.clear();
    auto shown = s.shown("a card", "card");
    shown.attachments = {{std::string(webex::card_content_type), R"({"type":"AdaptiveCard"})"}};
    s.room_shows({s.shown("a card", "no card"), shown});
    s.attempt();
    s.called({"get_message object", "list_messages room", "note 1 card"});
}

BOOST_AUTO_TEST_CASE(an_answer_to_a_card_comes_after_the_button_was_pressed)
{
    story s;
    s.bot.on_card([](context ctx) -> awaitable<void> { co_await ctx.reply("thanks"); });
    const auto now = std::chrono::system_clock::now();
    webex::attachment_action pressed;
    pressed.message_id = "card";
    pressed.person_id = "ana";
    pressed.room_id = "room";
    pressed.created = format_time(now - 10s);
    auto what = scene::arrival("attachmentActions", "created", "ana");
    what.received = now - 9s;
    effect cut{1, {}, now, {}};
    webex::new_message thanks;
    thanks.to.room_id = "room";
    thanks.markdown = "thanks";
    cut.digest = matching::fingerprint(thanks);
    s.effects.kept = {cut};

    auto for_an_earlier_press = s.shown("thanks", "older");
    for_an_earlier_press.created = format_time(now - 30s);
    s.api->actions = {pressed};
    s.api->messages = {scene::said("the card")};
    s.room_shows({for_an_earlier_press});
    BOOST_TEST(text(s.hand_out(what)) == "done: card");
    BOOST_TEST(s.api->posted.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_logged_of_a_reply_holds_none_of_its_words)
{
    story s;
    s.says({"swordfish"});
    s.attempt();
    s.effects.kept[0].id.clear();
    s.api->message_lists = {api_error(errc::api_rejected, 403)};
    s.attempt();
    s.attempt();
    BOOST_TEST(!s.logged.lines().empty());
    BOOST_TEST(!s.logged.says("swordfish"));
}

BOOST_AUTO_TEST_SUITE_END()
