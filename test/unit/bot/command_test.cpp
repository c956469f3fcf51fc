#include "postern/bot/command.hpp"

#include "scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;
using test::scene;
using test::text;

namespace {

error api_error(errc code, unsigned status = 0)
{
    error e(code);
    e.status = status;
    return e;
}

// A bot with one described command; what its handler saw is in `saw`.
struct desk : scene
{
    std::string saw;
    unsigned runs = 0;
    record_id record = 0;
    deadline::clock::time_point now{};
    std::unique_ptr<bot_consumer> consumer; // one for the whole test: it remembers

    desk()
    {
        options.clock = [this] { return now; };
    }

    handler taking(std::string (*look)(const context&) = nullptr)
    {
        return [this, look](context ctx) -> awaitable<void> {
            ++runs;
            saw = look ? look(ctx) : ctx.arguments();
            co_return;
        };
    }

    std::string say(std::string words) { return say(said(std::move(words))); }
    std::string say(webex::message m)
    {
        api->messages = {std::move(m)};
        api->posted.clear();
        outcome became;
        const delivery one{++record, 1, arrival("messages", "created", "ana")};
        test::run([&](net::io_context&) -> awaitable<void> {
            if (!consumer)
                consumer = make_consumer();
            became = co_await consumer->handle(one, deadline::after(3s));
        });
        return test::text(became);
    }
    std::string answer() const
    {
        if (api->posted.empty())
            return "";
        return api->posted.back().text + api->posted.back().markdown;
    }

    static webex::message in_group(std::string words)
    {
        auto m = said(std::move(words));
        m.room_type = "group";
        m.mentioned_people = {"me"};
        return m;
    }

    void members(bool moderator)
    {
        webex::membership m;
        m.person_id = "ana";
        m.is_moderator = moderator;
        api->membership_lists.push_back(std::vector<webex::membership>{m});
    }
};

std::string number_and_kind(const context& ctx)
{
    return std::to_string(ctx.argument<int>("int")) + ' ' + ctx.option("kind", "trivia") +
           (ctx.option("kind") ? " given" : "") + (ctx.flag("loud") ? " loud" : "");
}

} // namespace

BOOST_AUTO_TEST_SUITE(command)

BOOST_AUTO_TEST_CASE(typed_arguments_reach_the_handler)
{
    desk d;
    d.bot.command(
        {.name = "/number", .arguments = "<int> [--kind trivia|math] [--loud]", .aliases = {"/num"}},
        d.taking(number_and_kind));
    BOOST_TEST(d.say("/number 7") == "done: /number");
    BOOST_TEST(d.saw == "7 trivia");
    BOOST_TEST(d.say("/NUM —kind ‘Math’ 8 --loud") == "done: /number");
    BOOST_TEST(d.saw == "8 math given loud");
}

BOOST_AUTO_TEST_CASE(arguments_that_do_not_fit_are_answered_with_one_line_of_usage_and_nothing_runs)
{
    desk d;
    d.bot.command({.name = "/number", .arguments = "<int> [--kind trivia|math]"}, d.taking());
    BOOST_TEST(d.say("/number swordfish") == "done: usage of /number");
    BOOST_TEST(d.answer() == "\"swordfish\" is no whole number. Usage: /number <int> [--kind trivia|math]");
    BOOST_TEST(d.api->posted.back().markdown == ""); // what was typed could be a mention
    BOOST_TEST(d.runs == 0u);
    BOOST_TEST(d.hops.front() == "handled usage of /number");
    BOOST_TEST(!d.logged.says("swordfish"));
    d.bot.command({.name = "/now", .arguments = "-"}, d.taking());
    BOOST_TEST(d.say("/now then") == "done: usage of /now");
    BOOST_TEST(d.answer() == "it takes no arguments. Usage: /now");
}

BOOST_AUTO_TEST_CASE(a_handler_may_find_fault_with_the_arguments_itself)
{
    desk d;
    d.bot.command({.name = "/day", .arguments = "<int>"}, [](context ctx) -> awaitable<void> {
        if (ctx.argument<int>("int") > 31)
            throw usage_error("No month has so many days.");
        co_return;
    });
    BOOST_TEST(d.say("/day 32") == "done: /day");
    BOOST_TEST(d.answer() == "No month has so many days. Usage: /day <int>");
    BOOST_TEST(d.say("/day 5000000000") == "done: /day");
    BOOST_TEST(d.answer() == "5000000000 is out of range. Usage: /day <int>");
    BOOST_TEST(!d.logged.says("handler failed"));
}

BOOST_AUTO_TEST_CASE(asking_for_an_argument_that_is_not_described_is_a_failure_of_the_handler)
{
    desk d;
    d.bot.command({.name = "/x", .arguments = "[y]"},
                  [](context ctx) -> awaitable<void> { co_await ctx.reply(ctx.argument("z")); });
    BOOST_TEST(d.say("/x") ==
               "done: handler failed, and the user was told: the command describes no argument \"z\"");
    BOOST_TEST(d.answer().ends_with("Reference 1."));
}

BOOST_AUTO_TEST_CASE(a_person_may_be_mentioned)
{
    desk d;
    d.bot.command({.name = "/invite", .arguments = "<who:person> [why:text]"},
                  d.taking([](const context& ctx) {
                      return ctx.argument<addressee>("who").id + '|' + ctx.argument("why", "just so");
                  }));
    auto m = scene::said("/invite Ana Berg to lunch");
    m.html = "/invite <spark-mention data-object-id=\"ana-id\">Ana Berg</spark-mention> to lunch";
    BOOST_TEST(d.say(m) == "done: /invite");
    BOOST_TEST(d.saw == "ana-id|to lunch");
}

BOOST_AUTO_TEST_CASE(what_is_heard_comes_after_commands_and_before_files_and_the_default_action)
{
    desk d;
    const auto hear = [&d](context ctx) -> awaitable<void> {
        d.saw = ctx.capture("team") + '/' + ctx.capture(2) + '/' + ctx.capture(9) + ctx.capture("x") + '/' +
                ctx.arguments();
        co_return;
    };
    d.bot.command("net-12", "", d.taking());
    d.bot.hear("(?P<team>[a-z]+)-([0-9]+)", hear).hear("see", "never reached", d.taking());
    d.bot.otherwise(d.taking([](const context&) { return std::string("otherwise"); }));
    d.bot.on_file(d.taking([](const context& ctx) { return "file " + ctx.message().files.at(0); }));
    BOOST_TEST(d.say("see NET-12") == "done: hears (?P<team>[a-z]+)-([0-9]+)");
    BOOST_TEST(d.saw == "NET/12//see NET-12");
    BOOST_TEST(d.say("net-12") == "done: net-12");
    auto m = scene::said("look");
    m.files = {"url"};
    BOOST_TEST(d.say(m) == "done: file");
    BOOST_TEST(d.saw == "file url");
    m.text = "see";
    BOOST_TEST(d.say(m) == "done: hears see");
    BOOST_TEST(d.say("look") == "done: default action");
    BOOST_TEST(d.saw == "otherwise");
}

BOOST_AUTO_TEST_CASE(who_may_not_is_told_and_the_trail_tells_who_was_not_let_in_and_why)
{
    desk d;
    d.bot.command({.name = "/boot", .arguments = "<int>", .only_for = {.domains = {"else.org"}}}, d.taking());
    BOOST_TEST(d.say("/boot x") == "ignored: /boot is not for this person: not in domains else.org");
    BOOST_TEST(d.answer() == "That is not for you here: /boot is for people of else.org.");
    BOOST_TEST(d.runs == 0u);
    BOOST_TEST(d.logged.says("a command is not for who gave it"));
    BOOST_TEST(d.logged.says("ana"));
    for (const auto& h : d.hops)
        BOOST_TEST(!h.starts_with("handled"));

    d.bot.command({.name = "/boot", .only_for = {.domains = {"else.org"}, .refusal = ""}}, d.taking());
    BOOST_TEST(d.say("/boot") == "ignored: /boot is not for this person: not in domains else.org");
    BOOST_TEST(d.answer() == "");
    d.bot.command({.name = "/boot", .only_for = {.domains = {"example.com"}}}, d.taking());
    BOOST_TEST(d.say("/boot now") == "done: /boot");
    BOOST_TEST(d.runs == 1u);
}

BOOST_AUTO_TEST_CASE(a_refusal_that_can_not_go_out_is_tried_again)
{
    desk d;
    d.bot.command({.name = "/boot", .only_for = {.people = {"bob"}}}, d.taking());
    d.api->posts = {api_error(errc::api_unavailable, 503)};
    BOOST_TEST(d.say("/boot").starts_with("retry: "));
}

BOOST_AUTO_TEST_CASE(moderators_are_looked_up_once_and_an_undecided_question_runs_nothing)
{
    desk d;
    d.bot.command({.name = "/boot", .only_for = {.moderators = true}}, d.taking());
    d.api->membership_lists.push_back(api_error(errc::api_rejected, 403));
    BOOST_TEST(d.say(desk::in_group("/boot")) == "retry: finding out who may give a command: asking for the "
                                                 "room's moderators: 403, refused by Webex");
    BOOST_TEST(d.answer() == "");
    BOOST_TEST(d.runs == 0u);

    d.members(true);
    BOOST_TEST(d.say(desk::in_group("/boot")) == "done: /boot");
    BOOST_TEST(d.say(desk::in_group("/boot")) == "done: /boot");
    BOOST_TEST(d.runs == 2u);
    BOOST_TEST(d.api->membership_lists.empty());
    BOOST_TEST(d.say("/boot") == "ignored: /boot is not for this person: a room of two has no moderators");

    d.now += 60s;
    d.members(false);
    BOOST_TEST(d.say(desk::in_group("/boot")) ==
               "ignored: /boot is not for this person: not a moderator of the room");
}

BOOST_AUTO_TEST_CASE(a_change_of_members_makes_a_moderator_be_looked_up_again)
{
    desk d;
    d.bot.command({.name = "/boot", .only_for = {.moderators = true}}, d.taking());
    d.members(true);
    BOOST_TEST(d.say(desk::in_group("/boot")) == "done: /boot");
    test::run([&](net::io_context&) -> awaitable<void> {
        const delivery one{99, 1, scene::arrival("memberships", "updated", "ana")};
        co_await d.consumer->handle(one, deadline::after(3s));
    });
    d.members(false);
    BOOST_TEST(d.say(desk::in_group("/boot")).starts_with("ignored: "));
}

BOOST_AUTO_TEST_CASE(within_its_cooldown_a_command_says_once_how_long_to_wait)
{
    desk d;
    d.bot.command({.name = "/slow", .arguments = "[int]", .aliases = {"/s"}, .cooldown = 5s}, d.taking());
    BOOST_TEST(d.say("/slow x") == "done: usage of /slow"); // costs nothing
    BOOST_TEST(d.say("/slow") == "done: /slow");
    d.now += 1500ms;
    BOOST_TEST(d.say("/s 7") == "ignored: /slow ran for this person a moment ago: 4 s to wait");
    BOOST_TEST(d.answer() == "Wait 4 s.");
    BOOST_TEST(d.say("/slow") ==
               "ignored: /slow ran for this person a moment ago: 4 s to wait, which was said already");
    BOOST_TEST(d.answer() == "");
    auto elsewhere = scene::said("/slow");
    elsewhere.room_id = "another room";
    BOOST_TEST(d.say(elsewhere) == "done: /slow");
    auto somebody = scene::said("/slow");
    somebody.person_id = "bob";
    BOOST_TEST(d.say(somebody) == "done: /slow");
    d.now += 3500ms;
    BOOST_TEST(d.say("/slow") == "done: /slow");
}

BOOST_AUTO_TEST_SUITE_END()
