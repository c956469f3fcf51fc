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

error api_error(errc code, unsigned status = 0)
{
    error e(code);
    e.status = status;
    e.tracking_id = "track-1";
    return e;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bot_consumer)

BOOST_AUTO_TEST_CASE(a_command_is_answered)
{
    scene s;
    add_default_commands(s.bot);
    BOOST_TEST(text(s.hear("/echo Hello  there\nyou")) == "done: /echo");
    BOOST_TEST(s.api->calls == (std::vector<std::string>{"get_message object", "post_message room"}),
               boost::test_tools::per_element());
    BOOST_TEST(s.api->posted.front().text == "Hello  there\nyou");
    BOOST_TEST(s.hops == (std::vector<std::string>{"handled /echo", "replied reply-1"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_command_sees_who_said_what_and_where)
{
    scene s;
    s.bot.command("/who", "", [&](context ctx) -> awaitable<void> {
        BOOST_TEST(ctx.command() == "/who");
        BOOST_TEST(ctx.arguments() == "am  I");
        BOOST_TEST(ctx.sender_id() == "ana");
        BOOST_TEST(ctx.sender_email() == "ana@example.com");
        BOOST_TEST(ctx.room_id() == "room");
        BOOST_TEST(ctx.is_direct());
        BOOST_TEST(ctx.message().id == "object");
        BOOST_TEST(ctx.me().id == "me");
        BOOST_TEST(ctx.inputs() == "");
        BOOST_TEST((&ctx.api() == s.api.get()));
        BOOST_TEST(!ctx.limit().passed());
        ctx.log().info("the handler speaks");
        co_return;
    });
    BOOST_TEST(text(s.hear("/WHO am  I")) == "done: /who");
    BOOST_TEST(s.logged.says("the handler speaks"));
    BOOST_TEST(s.api->posted.empty());
}

BOOST_AUTO_TEST_CASE(the_bots_own_message_is_dropped_before_any_call)
{
    scene s;
    auto e = scene::arrival("messages", "created", "me");
    BOOST_TEST(text(s.handle(e)) == "ignored: own message");
    e = scene::arrival("messages", "created", "ana");
    e.actor = "me";
    BOOST_TEST(text(s.handle(e)) == "ignored: own message");
    BOOST_TEST(s.api->calls.empty());
}

BOOST_AUTO_TEST_CASE(the_bots_own_message_is_dropped_also_when_only_the_message_tells)
{
    scene s;
    auto m = scene::said("/help");
    m.person_id = "me";
    BOOST_TEST(text(s.hear(m)) == "ignored: own message");
    BOOST_TEST(s.api->posted.empty());
}

BOOST_AUTO_TEST_CASE(what_nobody_handles_is_ignored_with_the_reason)
{
    scene s;
    BOOST_TEST(text(s.handle(scene::arrival("memberships", "deleted", "ana"))) ==
               "ignored: nothing handles memberships:deleted");
    BOOST_TEST(s.api->calls.empty());
    BOOST_TEST(s.hops.empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_command_gets_help_and_the_log_says_that_none_matched)
{
    scene s;
    BOOST_TEST(text(s.hear("/unheard-of x")) == "done: default action");
    BOOST_TEST(s.api->posted.front().markdown ==
               "I did not understand that.\n\nI know these commands:\n\n- `/help`: show what I can do");
    BOOST_TEST(s.logged.says("no command matches"));
    BOOST_TEST(!s.logged.says("unheard-of"));
    BOOST_TEST(s.hops.front() == "handled default action");
}

BOOST_AUTO_TEST_CASE(the_default_action_can_be_replaced_and_hears_all_that_was_said)
{
    scene s;
    std::string heard;
    s.bot.otherwise([&heard](context ctx) -> awaitable<void> {
        heard = ctx.command() + '|' + ctx.arguments();
        co_return;
    });
    BOOST_TEST(text(s.hear("Postern what is  up")) == "done: default action");
    BOOST_TEST(heard == "|what is  up");
    BOOST_TEST(s.api->posted.empty());
}

BOOST_AUTO_TEST_CASE(in_a_group_room_only_a_mention_is_answered)
{
    scene s;
    auto m = scene::said("Postern /help");
    m.room_type = "group";
    BOOST_TEST(text(s.hear(m)) == "ignored: the bot is not mentioned");
    m.mentioned_groups = {"all"};
    BOOST_TEST(text(s.hear(m)) == "ignored: the bot is not mentioned");
    m.mentioned_people = {"me"};
    BOOST_TEST(text(s.hear(m)) == "done: /help");
    s.options.only_when_mentioned = false;
    m.mentioned_people.clear();
    BOOST_TEST(text(s.hear(m)) == "done: /help");
    BOOST_TEST(s.api->posted.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_no_mention_may_be_a_command)
{
    scene s;
    std::string heard;
    s.bot.command("postern", "", [&heard](context ctx) -> awaitable<void> {
        heard = "postern|" + ctx.arguments();
        co_return;
    });
    s.bot.command("gateway", "", [&heard](context ctx) -> awaitable<void> {
        heard = "gateway|" + ctx.arguments();
        co_return;
    });
    s.hear("postern gateway x");
    BOOST_TEST(heard == "postern|gateway x");
    auto m = scene::said("postern gateway x"); // here "postern" is how the mention looks
    m.mentioned_people = {"me"};
    s.hear(m);
    BOOST_TEST(heard ==
               "postern|gateway x"); // "Postern Gateway" is the whole name, so "x" is left: no command
    m.text = "postern gateway gateway x";
    s.hear(m);
    BOOST_TEST(heard == "gateway|x");
}

BOOST_AUTO_TEST_CASE(a_message_that_can_not_be_read_yet_is_read_again)
{
    scene s;
    s.api->messages = {api_error(errc::not_found, 404), api_error(errc::api_rejected, 403),
                       api_error(errc::not_found, 404), scene::said("/help")};
    BOOST_TEST(text(s.handle(scene::arrival("messages", "created", "ana"))) == "done: /help");
    BOOST_TEST(s.api->calls.size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_message_that_stays_away_is_ignored_with_the_reason)
{
    scene s;
    for (int i = 0; i < 4; ++i)
        s.api->messages.push_back(api_error(errc::not_found, 404));
    BOOST_TEST(text(s.handle(scene::arrival("messages", "created", "ana"))) ==
               "ignored: message is no longer there");
    BOOST_TEST(s.api->used_up());

    for (int i = 0; i < 4; ++i)
        s.api->messages.push_back(api_error(errc::api_rejected, 403));
    BOOST_TEST(text(s.handle(scene::arrival("messages", "created", "ana"))) ==
               "ignored: message is not visible to the bot");
}

BOOST_AUTO_TEST_CASE(a_message_is_not_waited_for_past_the_deadline)
{
    scene s;
    s.options.read_again = {1h};
    s.api->messages = {api_error(errc::not_found, 404)};
    const auto became = s.handle(scene::arrival("messages", "created", "ana"));
    BOOST_TEST((became.what == outcome::kind::retry));
}

BOOST_AUTO_TEST_CASE(a_failing_api_is_retried_or_given_up_by_what_can_help)
{
    scene s;
    s.api->messages = {api_error(errc::api_unavailable, 503)};
    auto became = s.handle(scene::arrival("messages", "created", "ana"));
    BOOST_TEST(text(became) == "retry: reading the message: 503, Webex is unavailable, tracking id track-1");
    BOOST_TEST((became.pause >= 500ms));

    s.api->messages = {api_error(errc::api_rejected, 400)};
    BOOST_TEST(text(s.handle(scene::arrival("messages", "created", "ana"))) ==
               "dead: reading the message: 400, refused by Webex, tracking id track-1");
}

BOOST_AUTO_TEST_CASE(a_rejected_token_is_an_error_in_the_log_and_a_long_pause)
{
    scene s;
    s.api->messages = {api_error(errc::token_rejected, 401)};
    const auto became = s.handle(scene::arrival("messages", "created", "ana"));
    BOOST_TEST((became.what == outcome::kind::retry));
    BOOST_TEST((became.pause == 5min));
    BOOST_TEST(s.logged.says("error"));
    BOOST_TEST(s.logged.says("the access token is rejected"));

    s.api->posts = {api_error(errc::token_rejected, 401)};
    BOOST_TEST((s.hear("/help").pause == 5min));
}

BOOST_AUTO_TEST_CASE(a_message_without_room_is_answered_in_the_events_room)
{
    scene s;
    auto m = scene::said("/help");
    m.room_id.clear();
    m.room_type.clear();
    BOOST_TEST(text(s.hear(m)) == "done: /help");
    BOOST_TEST(s.api->posted.front().to.room_id == "room");
}

BOOST_AUTO_TEST_CASE(an_empty_message_is_answered_with_help)
{
    scene s;
    BOOST_TEST(text(s.hear("")) == "done: default action");
    BOOST_TEST(s.api->posted.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_bot_greets_a_room_it_was_added_to)
{
    scene s;
    s.bot.greeting("Hello, **I am** here");
    BOOST_TEST(text(s.handle(scene::arrival("memberships", "created", "me"))) == "done: greeting");
    BOOST_TEST_REQUIRE(s.api->posted.size() == 1u);
    BOOST_TEST(s.api->posted.front().markdown == "Hello, **I am** here");
    BOOST_TEST(s.api->posted.front().to.room_id == "room");
    BOOST_TEST(s.hops.front() == "handled greeting");
}

BOOST_AUTO_TEST_CASE(a_greeting_that_could_not_go_out_is_tried_again_but_not_one_that_may_have)
{
    scene s;
    s.bot.greeting("Hello");
    s.api->posts = {api_error(errc::api_unavailable, 503)};
    BOOST_TEST((s.handle(scene::arrival("memberships", "created", "me")).what == outcome::kind::retry));

    auto lost = api_error(errc::connection_lost);
    lost.maybe_sent = true;
    s.api->posts = {lost};
    BOOST_TEST((s.handle(scene::arrival("memberships", "created", "me")).what == outcome::kind::done));
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_logged_and_the_user_gets_one_polite_line)
{
    scene s;
    s.bot.command("/boom", "", [](context) -> awaitable<void> {
        throw std::runtime_error("the reason\x1b[31m");
        co_return;
    });
    BOOST_TEST(text(s.hear("/boom")) == "done: handler failed, and the user was told: the reason\\x1b[31m");
    BOOST_TEST_REQUIRE(s.api->posted.size() == 1u);
    BOOST_TEST(s.api->posted.front().text == s.options.apology + " Reference 1."); // postern events why 1
    BOOST_TEST(s.logged.says("reference"));
    BOOST_TEST(s.logged.says("handler failed"));
    BOOST_TEST(s.logged.says("the reason"));
}

BOOST_AUTO_TEST_CASE(a_handler_may_throw_anything_at_any_time)
{
    scene s;
    s.bot.command("/int", "", [](context) -> awaitable<void> {
        throw 7;
        co_return;
    });
    s.bot.command("/at once", "",
                  [](context) -> awaitable<void> { throw std::logic_error("not even a coroutine"); });
    BOOST_TEST(text(s.hear("/int")) == "done: handler failed, and the user was told: unknown exception");
    BOOST_TEST(text(s.hear("/at once")) ==
               "done: handler failed, and the user was told: not even a coroutine");
}

BOOST_AUTO_TEST_CASE(a_handler_that_takes_too_long_is_told_to_end_and_the_user_gets_one_line)
{
    scene s;
    s.with_effects = true;
    s.bot.command("/hang", "", [](context ctx) -> awaitable<void> {
        co_await ctx.reply("begun");
        net::steady_timer timer(co_await net::this_coro::executor, 1h);
        co_await timer.async_wait(as_result);
    });
    s.api->messages = {scene::said("/hang")};
    BOOST_TEST(text(s.handle({7, 1, scene::arrival("messages", "created", "ana")}, 400ms)) ==
               "done: handler failed, and the user was told: it took too long, and was stopped");
    BOOST_TEST_REQUIRE(s.api->posted.size() == 2u);
    BOOST_TEST(s.api->posted.back().text == s.options.took_too_long + " Reference 7.");
    BOOST_TEST_REQUIRE(s.effects.kept.size() == 2u); // the line has a number of its own
    BOOST_TEST(s.effects.kept.back().number == 2u);
    BOOST_TEST(s.logged.says("it took too long"));
}

BOOST_AUTO_TEST_CASE(a_handler_that_does_not_hear_that_it_is_to_end_holds_up_nothing)
{
    scene s;
    s.with_effects = true;
    bool over = false, ended = false;
    s.bot.command("/deaf", "", [&](context ctx) -> awaitable<void> {
        while (!over)
        {
            net::steady_timer timer(co_await net::this_coro::executor, 1ms);
            co_await timer.async_wait(as_result);
        }
        co_await ctx.reply("at last");
        ended = true;
    });
    s.api->messages = {scene::said("/deaf")};
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto consumer = s.make_consumer();
        delivery one{1, 1, scene::arrival("messages", "created", "ana")};
        const auto became = co_await consumer->handle(one, deadline::after(400ms));
        BOOST_TEST(text(became) ==
                   "done: handler failed, and the user was told: it took too long, and goes on");
        BOOST_TEST(!ended);
        BOOST_TEST(s.effects.kept.size() == 1u);
        over = true;
        const bool quiet = co_await consumer->close(deadline::after(1s));
        BOOST_TEST(quiet);
    });
    BOOST_TEST(ended);
    BOOST_TEST(s.effects.kept.size() == 1u); // what it says then is nobody's attempt
}

BOOST_AUTO_TEST_CASE(a_handler_has_time_to_act_on_a_call_that_came_to_nothing)
{
    scene s;
    bool late = false;
    s.bot.command("/slow", "", [&](context ctx) -> awaitable<void> {
        net::steady_timer timer(co_await net::this_coro::executor, ctx.limit().at());
        const auto [ec] = co_await timer.async_wait(as_result);
        late = ec.failed();
        co_await ctx.reply("in time");
    });
    s.api->messages = {scene::said("/slow")};
    BOOST_TEST(text(s.handle({1, 1, scene::arrival("messages", "created", "ana")}, 400ms)) == "done: /slow");
    BOOST_TEST(!late);
}

BOOST_AUTO_TEST_CASE(a_handler_that_failed_without_a_word_to_the_user_is_dead)
{
    scene s;
    s.bot.command("/boom", "", [](context) -> awaitable<void> {
        throw std::runtime_error("the reason");
        co_return;
    });
    s.api->posts = {api_error(errc::api_unavailable, 503)};
    BOOST_TEST(text(s.hear("/boom")) == "dead: handler failed: the reason");
}

BOOST_AUTO_TEST_CASE(a_refused_card_is_an_apology_with_the_tracking_id)
{
    scene s;
    s.bot.command("/card", "", [](context ctx) -> awaitable<void> { co_await ctx.card("{}", "a card"); });
    s.api->posts = {api_error(errc::api_rejected, 400), webex::message{}};
    const auto became = s.hear("/card");
    BOOST_TEST(text(became).starts_with("done: handled, but the reply did not go out"));
    BOOST_TEST(s.api->posted.back().text.ends_with("Tracking id for Webex support: track-1"));

    s.api->posts = {api_error(errc::api_rejected, 400), api_error(errc::api_rejected, 400)};
    BOOST_TEST(text(s.hear("/card")).starts_with("dead: the reply was refused: replying: 400"));
}

BOOST_AUTO_TEST_CASE(a_command_may_be_removed_while_its_handler_runs)
{
    scene s;
    auto alive = std::make_shared<std::string>("captured");
    std::weak_ptr<std::string> watched = alive;
    s.bot.command("/once", "", [&s, kept = std::move(alive)](context ctx) -> awaitable<void> {
        s.bot.remove_command("/once");
        net::steady_timer timer(co_await net::this_coro::executor, 1ms);
        co_await timer.async_wait(as_result);
        co_await ctx.reply(*kept);
    });
    BOOST_TEST(text(s.hear("/once")) == "done: /once");
    BOOST_TEST(s.api->posted.front().markdown == "captured");
    BOOST_TEST(watched.expired()); // and it is gone afterwards
}

BOOST_AUTO_TEST_CASE(a_stop_in_the_middle_of_a_handler_leaves_the_event_for_the_next_start)
{
    scene s;
    net::cancellation_signal stop;
    s.bot.command("/wait", "", [&stop](context) -> awaitable<void> {
        net::steady_timer timer(co_await net::this_coro::executor, 1h);
        net::post(timer.get_executor(), [&stop] { stop.emit(net::cancellation_type::terminal); });
        co_await timer.async_wait(net::use_awaitable);
    });
    s.api->messages = {scene::said("/wait")};
    std::optional<outcome> became;
    net::io_context io(1);
    const auto consumer = s.make_consumer();
    delivery one{1, 1, scene::arrival("messages", "created", "ana")};
    net::co_spawn(
        io, consumer->handle(one, deadline::after(3s)),
        net::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, outcome o) { became = o; }));
    io.run_for(5s);
    BOOST_TEST_REQUIRE(became.has_value());
    BOOST_TEST(text(*became) == "retry: cut short because postern is stopping");
    BOOST_TEST(s.api->posted.empty());
}

BOOST_AUTO_TEST_CASE(a_stop_while_a_message_is_waited_for_leaves_the_event_for_the_next_start)
{
    scene s;
    net::cancellation_signal stop;
    net::io_context io(1);
    s.options.read_again = {1s};
    s.api->messages = {api_error(errc::not_found, 404)};
    s.api->on_call = [&](const std::string&) {
        net::post(io, [&stop] { stop.emit(net::cancellation_type::terminal); });
    };
    std::optional<outcome> became;
    const auto consumer = s.make_consumer();
    delivery one{1, 1, scene::arrival("messages", "created", "ana")};
    net::co_spawn(
        io, consumer->handle(one, deadline::after(3s)),
        net::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, outcome o) { became = o; }));
    io.run_for(5s);
    BOOST_TEST_REQUIRE(became.has_value());
    BOOST_TEST((became->what == outcome::kind::retry));
    BOOST_TEST(s.api->calls.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_card_is_read_and_handed_over_with_its_inputs)
{
    scene s;
    std::string heard;
    s.bot.on_card([&heard](context ctx) -> awaitable<void> {
        heard = ctx.sender_id() + '|' + ctx.inputs() + '|' + ctx.message().id + '|' + ctx.arguments();
        co_await ctx.reply("thanks");
    });
    webex::attachment_action action;
    action.message_id = "card";
    action.person_id = "bob";
    action.room_id = "room";
    action.inputs = R"({"op":"ack"})";
    auto shown = scene::said("a card");
    shown.id = "card";
    shown.parent_id = "thread";
    s.api->actions = {action};
    s.api->messages = {shown};
    BOOST_TEST(text(s.handle(scene::arrival("attachmentActions", "created", "bob"))) == "done: card");
    BOOST_TEST(heard == R"(bob|{"op":"ack"}|card|)");
    BOOST_TEST(s.api->posted.front().parent_id == "thread");
    BOOST_TEST(s.hops.front() == "handled card");
}

BOOST_AUTO_TEST_CASE(a_card_whose_message_is_gone_still_counts)
{
    scene s;
    s.bot.on_card([](context ctx) -> awaitable<void> { co_await ctx.reply("thanks"); });
    webex::attachment_action action;
    action.message_id = "card";
    action.person_id = "bob";
    action.room_id = "cards room";
    s.api->actions = {action};
    s.api->messages = {api_error(errc::not_found, 404)};
    BOOST_TEST(text(s.handle(scene::arrival("attachmentActions", "created", "bob"))) == "done: card");
    BOOST_TEST(s.api->posted.front().to.room_id == "cards room");
}

BOOST_AUTO_TEST_CASE(a_card_action_that_can_not_be_read_is_treated_like_a_message)
{
    scene s;
    s.bot.on_card([](context) -> awaitable<void> { co_return; });
    s.api->actions = {api_error(errc::api_unavailable, 503)};
    BOOST_TEST(
        (s.handle(scene::arrival("attachmentActions", "created", "bob")).what == outcome::kind::retry));
    for (int i = 0; i < 4; ++i)
        s.api->actions.push_back(api_error(errc::not_found, 404));
    BOOST_TEST(text(s.handle(scene::arrival("attachmentActions", "created", "bob"))) ==
               "ignored: card action is no longer there");
    webex::attachment_action mine;
    mine.person_id = "me";
    s.api->actions = {mine};
    BOOST_TEST(text(s.handle(scene::arrival("attachmentActions", "created", ""))) ==
               "ignored: own card action");
}

BOOST_AUTO_TEST_CASE(nobody_needs_to_watch_the_hops)
{
    scene s;
    s.api->messages = {scene::said("/help")};
    outcome became;
    test::run([&](net::io_context&) -> awaitable<void> {
        ::postern::bot_consumer consumer(std::make_shared<const postern::bot>(), s.api, scene::me(),
                                         s.logged.writer, {});
        delivery one{1, 1, scene::arrival("messages", "created", "ana")};
        became = co_await consumer.handle(std::move(one), deadline::after(3s));
    });
    BOOST_TEST(text(became) == "done: /help");
}

BOOST_AUTO_TEST_CASE(message_texts_are_not_logged)
{
    scene s;
    add_default_commands(s.bot);
    s.hear("/echo swordfish");
    s.hear("swordfish");
    s.api->posts = {api_error(errc::api_rejected, 400)};
    s.hear("/echo swordfish");
    BOOST_TEST(!s.logged.lines().empty());
    BOOST_TEST(!s.logged.says("swordfish"));
}

BOOST_AUTO_TEST_SUITE_END()
