#include "postern/bot/commands/help_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace postern;
using matching::command;

namespace {

matching::shared_handler some_handler()
{
    return std::make_shared<const handler>([](context) -> awaitable<void> { co_return; });
}

command make(const char* name, const char* help, const char* group = "", bool hidden = false)
{
    command c{name, help, some_handler()};
    c.group = group;
    c.hidden = hidden;
    return c;
}

bool everything(const command&) { return true; }

matching::registry some()
{
    matching::registry r;
    r.put(make("/help", "show this"));
    r.put(make("/quote", "a quote", "Fun"));
    command number = make("/number", "a fact", "fun");
    number.takes = std::make_shared<const matching::argument_spec>("<int>");
    number.aliases = {"/num", "/n"};
    number.details = "Of *numbersapi*.";
    r.put(std::move(number));
    r.put(make("/boot", "", "admin"));
    r.put(make("/secret", "hidden", "admin", true));
    r.put({matching::pattern("net-[0-9]+"), "tickets", some_handler()});
    r.put({matching::pattern("x"), "", some_handler()});
    return r;
}

} // namespace

BOOST_AUTO_TEST_SUITE(help_text)

BOOST_AUTO_TEST_CASE(groups_are_headings_and_hidden_commands_are_left_out)
{
    BOOST_TEST(matching::help_text(some(), everything) == "I know these commands:\n"
                                                          "\n- `/help`: show this"
                                                          "\n\n**admin**\n"
                                                          "\n- `/boot`"
                                                          "\n\n**fun**\n"
                                                          "\n- `/number <int>`: a fact"
                                                          "\n- `/quote`: a quote"
                                                          "\n\nI also listen for:\n"
                                                          "\n- tickets");
}

BOOST_AUTO_TEST_CASE(what_one_may_not_do_is_not_shown_and_a_group_without_commands_neither)
{
    const auto words = matching::help_text(some(), [](const command& c) { return c.group != "admin"; });
    BOOST_TEST(words.find("boot") == std::string::npos);
    BOOST_TEST(words.find("admin") == std::string::npos);
    BOOST_TEST(matching::help_text({}, everything) == "I know no commands.");
}

BOOST_AUTO_TEST_CASE(one_command_is_explained_with_usage_aliases_and_details)
{
    const auto r = some();
    BOOST_TEST(matching::command_help(*r.named("num")) ==
               "`/number <int>`: a fact\n\nAlso: `/num`, `/n`\n\nOf *numbersapi*.");
    BOOST_TEST(matching::command_help(*r.named("boot")) == "`/boot`");
}

BOOST_AUTO_TEST_CASE(only_what_may_be_seen_is_suggested)
{
    const auto r = some();
    BOOST_TEST(matching::nearest_command(r, "/nubmer 7", everything) == "/number");
    BOOST_TEST(matching::nearest_command(r, "/secrte", everything) == "");
    BOOST_TEST(matching::nearest_command(r, "/nubmer", [](const command& c) { return c.group != "fun"; }) ==
               "");
}

BOOST_AUTO_TEST_CASE(the_card_is_an_adaptive_card_that_says_the_same)
{
    const auto card = boost::json::parse(matching::help_card(some(), "Postern", everything));
    BOOST_TEST(card.at("type").as_string() == "AdaptiveCard");
    BOOST_TEST(card.at("version").as_string() == "1.3");
    const auto& body = card.at("body").as_array();
    BOOST_TEST_REQUIRE(body.size() == 8u); // bot, help, admin, boot, fun, number, quote, tickets
    BOOST_TEST(body[0].at("text").as_string() == "Postern");
    BOOST_TEST(body[4].at("text").as_string() == "fun");
    BOOST_TEST(body[5].at("items").at(0).at("text").as_string() == "/number <int>");
    BOOST_TEST(body[5].at("items").at(1).at("text").as_string() == "a fact");
    BOOST_TEST(boost::json::serialize(card).find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_card_that_would_be_too_large_or_is_no_text_is_none)
{
    matching::registry r;
    for (int i = 0; i < 300; ++i)
        r.put(make(("/c" + std::to_string(i)).c_str(), "help"));
    BOOST_TEST(matching::help_card(r, "Postern", everything) == "");
    BOOST_TEST(matching::help_card({}, "\xFF", everything) == "");
}

BOOST_AUTO_TEST_SUITE_END()
