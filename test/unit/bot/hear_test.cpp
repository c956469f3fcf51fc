#include "postern/bot/hear/hear.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>

namespace postern::matching {

static std::ostream& operator<<(std::ostream& os, const utterance& u)
{
    return os << (u.mentioned ? "mentioned: " : "") << '"' << u.text << "\" of \"" << u.whole << '"';
}

static bool operator==(const utterance& a, const utterance& b)
{
    return a.text == b.text && a.whole == b.whole && a.mentioned == b.mentioned;
}

} // namespace postern::matching

using namespace postern;
using matching::utterance;

namespace {

const webex::person& me()
{
    static const webex::person one = [] {
        webex::person p;
        p.id = "bot-id";
        p.display_name = "Postern Gateway";
        return p;
    }();
    return one;
}

utterance hear_text(std::string text)
{
    webex::message m;
    m.text = std::move(text);
    return matching::hear(m, me());
}

} // namespace

BOOST_AUTO_TEST_SUITE(hear)

BOOST_AUTO_TEST_CASE(a_mention_in_html_decides_and_the_text_is_not_looked_at)
{
    webex::message m;
    m.text = "Postern something else";
    m.html =
        "<p><spark-mention data-object-type=\"person\" data-object-id=\"bot-id\">Postern</spark-mention> "
        "status &amp; more</p>";
    BOOST_TEST(matching::hear(m, me()) == (utterance{"status & more", "status & more", true}));
}

BOOST_AUTO_TEST_CASE(without_html_the_leading_name_or_its_first_word_is_taken_off)
{
    BOOST_TEST(hear_text("Postern Gateway /help") == (utterance{"/help", "Postern Gateway /help", false}));
    BOOST_TEST(hear_text("postern /help") == (utterance{"/help", "postern /help", false}));
    BOOST_TEST(hear_text("@POSTERN: /help").text == "/help");
    BOOST_TEST(hear_text("Postern\u00A0Gateway,/help").text == "/help");
    BOOST_TEST(hear_text("postern").text == "");
}

BOOST_AUTO_TEST_CASE(a_longer_word_is_not_the_name)
{
    BOOST_TEST(hear_text("Posterns /help").text == "Posterns /help");
    BOOST_TEST(hear_text("postern-gw /help").text == "postern-gw /help");
    BOOST_TEST(hear_text("ask postern /help").text == "ask postern /help");
    BOOST_TEST(hear_text("@someone /help").text == "@someone /help");
}

BOOST_AUTO_TEST_CASE(text_keeps_its_inner_white_space)
{
    BOOST_TEST(hear_text("  Postern  /note a  b\n\n\tc \n").text == "/note a  b\n\n\tc");
}

BOOST_AUTO_TEST_CASE(html_without_a_mention_leaves_the_text_in_charge)
{
    webex::message m;
    m.text = "/echo  bold";
    m.html = "<p>/echo <strong>bold</strong></p>";
    BOOST_TEST(matching::hear(m, me()) == (utterance{"/echo  bold", "/echo  bold", false}));
    m.text.clear();
    BOOST_TEST(matching::hear(m, me()).text == "/echo bold");
}

BOOST_AUTO_TEST_CASE(other_people_who_are_mentioned_are_heard_with_or_without_a_mention_of_the_bot)
{
    webex::message m;
    m.text = "/invite Ana Berg";
    m.html =
        "/invite <spark-mention data-object-type=\"person\" data-object-id=\"ana\">Ana Berg</spark-mention>";
    const auto direct = matching::hear(m, me());
    BOOST_TEST(direct.text == "/invite Ana Berg");
    BOOST_TEST_REQUIRE(direct.others.size() == 1u);
    BOOST_TEST((direct.others[0] == matching::mention{"ana", "Ana Berg"}));
    m.html = "<spark-mention data-object-id=\"bot-id\">Postern</spark-mention> " + m.html;
    const auto in_group = matching::hear(m, me());
    BOOST_TEST(in_group.text == "/invite Ana Berg");
    BOOST_TEST(in_group.others.size() == 1u);
}

BOOST_AUTO_TEST_CASE(broken_html_falls_back_to_the_text_and_the_list_of_mentions)
{
    webex::message m;
    m.text = "Postern status";
    m.html = "<p><spark-mention data-object-id=\"bot-id\">Postern status";
    m.mentioned_people = {"someone", "bot-id"};
    BOOST_TEST(matching::hear(m, me()) == (utterance{"status", "Postern status", true}));
}

BOOST_AUTO_TEST_CASE(a_mention_of_everyone_is_no_mention_of_the_bot)
{
    webex::message m;
    m.text = "All hi";
    m.html =
        "<spark-mention data-object-type=\"groupMention\" data-group-type=\"all\">All</spark-mention> hi";
    m.mentioned_groups = {"all"};
    BOOST_TEST(matching::hear(m, me()) == (utterance{"All hi", "All hi", false}));
}

BOOST_AUTO_TEST_CASE(odd_names_are_compared_as_they_are)
{
    BOOST_TEST(matching::without_name(".*+?[](){}|^$\\ go", ".*+?[](){}|^$\\") == "go");
    BOOST_TEST(matching::without_name("anything go", ".*") == "anything go");
    BOOST_TEST(matching::without_name("ÜBER-BOT los", "Über-Bot der Zweite") == "los");
    BOOST_TEST(matching::without_name("🙂 go", "🙂") == "go");
    BOOST_TEST(matching::without_name("go", "") == "go");
    BOOST_TEST(matching::without_name("go", " \n") == "go");
    BOOST_TEST(matching::without_name("x", std::string(100'000, 'x')) == "x");
    BOOST_TEST(matching::without_name("\xFF\xC3 x", "\xFF\xC3") == "x");
}

BOOST_AUTO_TEST_CASE(an_empty_message_is_heard_as_nothing)
{
    BOOST_TEST(matching::hear({}, me()) == (utterance{}));
    BOOST_TEST(matching::hear({}, {}) == (utterance{}));
}

BOOST_AUTO_TEST_SUITE_END()
