#include "postern/bot/commands/built_in.hpp"

#include "scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using test::scene;
using test::text;

namespace {

awaitable<void> nothing(context) { co_return; }

// The markdown that comes back.
std::string said_back(scene& s, std::string words)
{
    s.api->posted.clear();
    s.hear(std::move(words));
    return s.api->posted.empty() ? "" : s.api->posted.back().markdown;
}

bool lists(const std::string& words, const char* name)
{
    return words.find('`' + std::string(name) + '`') != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(built_in)

BOOST_AUTO_TEST_CASE(help_of_a_command_is_its_usage_aliases_and_details)
{
    scene s;
    s.bot.command(
        {.name = "/number", .help = "a fact", .arguments = "<int>", .aliases = {"/num"}, .details = "More."},
        nothing);
    for (const char* words : {"/help number", "/help /NUM"})
        BOOST_TEST(said_back(s, words) == "`/number <int>`: a fact\n\nAlso: `/num`\n\nMore.");
    BOOST_TEST(said_back(s, "/help nubmer") == "I do not know that command. Did you mean `/number`?");
    BOOST_TEST(said_back(s, "/help <@personEmail:x@y.z>") == "I do not know that command.");
}

BOOST_AUTO_TEST_CASE(a_mistyped_command_is_answered_with_the_one_that_was_meant)
{
    scene s;
    s.bot.command("/number", "a fact", nothing);
    s.bot.command({.name = "/numbers", .hidden = true}, nothing);
    BOOST_TEST(said_back(s, "/nubmer 7") == "I do not know that command. Did you mean `/number`?");
    BOOST_TEST(said_back(s, "nubmer 7").starts_with("I did not understand that."));
    BOOST_TEST(said_back(s, "/weather").starts_with("I did not understand that."));
}

BOOST_AUTO_TEST_CASE(help_shows_a_person_only_what_is_for_him)
{
    scene s;
    s.bot.command({.name = "/mine", .only_for = {.domains = {"example.com"}}}, nothing);
    s.bot.command({.name = "/other", .only_for = {.domains = {"else.org"}}}, nothing);
    s.bot.command({.name = "/acme", .only_for = {.organisations = {"acme"}}}, nothing);
    webex::person ana;
    ana.id = "ana";
    ana.org_id = "acme";
    s.api->people = {ana, ana};
    const auto words = said_back(s, "/help");
    BOOST_TEST(lists(words, "/mine"));
    BOOST_TEST(!lists(words, "/other"));
    BOOST_TEST(lists(words, "/acme"));
    BOOST_TEST(said_back(s, "/help other") == "I do not know that command.");
    BOOST_TEST(said_back(s, "/othre").starts_with("I did not understand that."));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_found_out_is_not_shown_and_help_comes_all_the_same)
{
    scene s;
    s.bot.command({.name = "/acme", .only_for = {.organisations = {"acme"}}}, nothing);
    s.bot.command({.name = "/free"}, nothing);
    s.api->people = {error(errc::api_unavailable)};
    const auto words = said_back(s, "/help");
    BOOST_TEST(!lists(words, "/acme"));
    BOOST_TEST(lists(words, "/free"));
    s.bot.otherwise([](context ctx) -> awaitable<void> { co_await ctx.reply(ctx.help()); });
    webex::person ana;
    ana.org_id = "acme";
    s.api->people = {ana};
    BOOST_TEST(lists(said_back(s, "anything"), "/acme")); // for a default action of the user's, too
}

BOOST_AUTO_TEST_CASE(help_may_be_a_card_with_the_text_as_its_fallback)
{
    scene s;
    s.options.help_as_card = true;
    BOOST_TEST(text(s.hear("/help")) == "done: /help");
    BOOST_TEST_REQUIRE(s.api->posted.size() == 1u);
    BOOST_TEST(s.api->posted[0].card.find("AdaptiveCard") != std::string::npos);
    BOOST_TEST(s.api->posted[0].markdown.starts_with("I know these commands"));
    s.bot.command("/long", std::string(30'000, 'x'), nothing);
    s.api->posted.clear();
    s.hear("/help");
    BOOST_TEST(s.api->posted.size() > 1u);
    BOOST_TEST(s.api->posted[0].card == "");
}

BOOST_AUTO_TEST_SUITE_END()
