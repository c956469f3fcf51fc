#include "postern/bot/hear/html.hpp"

#include <boost/test/unit_test.hpp>

#include <ctime>
#include <string>

using postern::matching::read_html;

namespace {

constexpr const char* me = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8xYjZmMGM1Mi03ZDBlLTRiMWEtOWM1NS0yZjNhOGU2ZDRjMTA";

std::string mention(std::string_view id = me, std::string_view name = "Postern")
{
    return "<spark-mention data-object-type=\"person\" data-object-id=\"" + std::string(id) + "\">" +
           std::string(name) + "</spark-mention>";
}

// The text; "+" in front when the bot is mentioned; "unclosed" when there is no answer.
std::string read(std::string_view html)
{
    const auto found = read_html(html, me);
    return found ? (found->mentioned ? "+" : "") + found->text : "unclosed";
}

} // namespace

BOOST_AUTO_TEST_SUITE(html)

BOOST_AUTO_TEST_CASE(the_bots_mention_is_dropped_wherever_it_stands)
{
    BOOST_TEST(read("<p>" + mention() + " status please</p>") == "+status please");
    BOOST_TEST(read("<p>status " + mention() + " please</p>") == "+status please");
    BOOST_TEST(read("<p>status please " + mention() + "</p>") == "+status please");
    BOOST_TEST(read(mention() + mention() + " /help " + mention()) == "+/help");
    BOOST_TEST(read(mention() + "/help") == "+/help");
    BOOST_TEST(read(mention()) == "+");
}

BOOST_AUTO_TEST_CASE(other_peoples_mentions_keep_their_text)
{
    BOOST_TEST(read(mention() + " /invite " + mention("other", "Ana Lee") + " now") ==
               "+/invite Ana Lee now");
    BOOST_TEST(read(mention("other", "Ana")) == "Ana");
    BOOST_TEST(read("<spark-mention data-object-type=\"groupMention\" data-group-type=\"all\">All"
                    "</spark-mention> hi") == "All hi");
    BOOST_TEST(read("<spark-mention data-object-type=\"groupMention\" data-object-id=\"" + std::string(me) +
                    "\">x</spark-mention>") == "x");
    BOOST_TEST(read("<spark-mention>x</spark-mention>") == "x");
}

BOOST_AUTO_TEST_CASE(a_comma_or_colon_goes_with_a_leading_mention)
{
    BOOST_TEST(read(mention() + ", status") == "+status");
    BOOST_TEST(read("<p>" + mention() + ": status</p>") == "+status");
    BOOST_TEST(read(mention() + " , x") == "+, x");
    BOOST_TEST(read("now " + mention() + ", status") == "+now , status");
}

BOOST_AUTO_TEST_CASE(the_mentioned_id_may_be_quoted_in_any_way_or_be_a_bare_uuid)
{
    const std::string id(me);
    BOOST_TEST(read("<SPARK-MENTION DATA-OBJECT-ID='" + id + "'>P</Spark-Mention> x") == "+x");
    BOOST_TEST(read("<spark-mention data-object-id = " + id +
                    " data-object-type=person>P</spark-mention> x") == "+x");
    BOOST_TEST(read("<spark-mention\n data-object-id=\"1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10\" "
                    ">P</spark-mention\n> x") == "+x");
    // Of an attribute given twice the first counts, as in every browser.
    BOOST_TEST(read("<spark-mention data-object-id=\"o\" data-object-id=\"" + id + "\">P</spark-mention>") ==
               "P");
}

BOOST_AUTO_TEST_CASE(blocks_and_breaks_are_line_ends)
{
    BOOST_TEST(read("<p>" + mention() + " /note one<br/>two</p><p>three</p>") == "+/note one\ntwo\nthree");
    BOOST_TEST(read("<ul><li>a</li><li>b</li></ul>c") == "a\nb\nc");
    BOOST_TEST(read("a<div>b</div>c") == "a\nb\nc");
    BOOST_TEST(read("line<br>" + mention() + " next") == "+line\nnext");
}

BOOST_AUTO_TEST_CASE(white_space_stays_as_typed_apart_from_where_a_mention_was)
{
    BOOST_TEST(read(mention() + "  /note  a   b\n\n  c") == "+/note  a   b\n\n  c");
    BOOST_TEST(read("<pre>x\n  y</pre>") == "x\n  y");
    BOOST_TEST(read("a   " + mention() + "   b") == "+a b");
    BOOST_TEST(read("a \n " + mention() + " b") == "+a\nb");
}

BOOST_AUTO_TEST_CASE(entities_are_decoded_and_unknown_ones_are_text)
{
    BOOST_TEST(read("&lt;b&gt; &amp;amp; &quot;&apos;&#39;&#x41;&#X42;") == "<b> &amp; \"''AB");
    BOOST_TEST(read("&#128578;&#x1F642;") == "🙂🙂");
    BOOST_TEST(read("a&nbsp;b") == "a b");
    BOOST_TEST(read("&copy; &; &#; &#x; &#xZZ; & &amp") == "&copy; &; &#; &#x; &#xZZ; & &amp");
    BOOST_TEST(read("x&#0;&#xD800;&#99999999;") == "x\uFFFD\uFFFD\uFFFD");
    // What an entity spells is text, not markup.
    BOOST_TEST(read("&lt;spark-mention data-object-id=\"" + std::string(me) + "\"&gt;") ==
               "<spark-mention data-object-id=\"" + std::string(me) + "\">");
}

BOOST_AUTO_TEST_CASE(formatting_comments_and_declarations_leave_no_trace)
{
    BOOST_TEST(read("<!DOCTYPE html><!-- <b> > --><strong>a</strong><em>b</em><a href='x>y'>c</a>") == "abc");
    BOOST_TEST(read("a<?xml x?>b</ >c") == "abc");
    BOOST_TEST(read("<!-- never closed") == "");
}

BOOST_AUTO_TEST_CASE(a_less_than_sign_without_a_name_is_text)
{
    BOOST_TEST(read("1 < 2 <3 <<p>x") == "1 < 2 <3 <\nx");
    BOOST_TEST(read("a<") == "a<");
}

BOOST_AUTO_TEST_CASE(a_tag_that_is_never_closed_ends_the_text)
{
    BOOST_TEST(read("a <b") == "a");
    BOOST_TEST(read("a <b c") == "a");
    BOOST_TEST(read("a <b c=") == "a");
    BOOST_TEST(read("a <b c=\"d>e") == "a");
    BOOST_TEST(read("a </") == "a");
    BOOST_TEST(read("a <spark-mention data-object-id=\"" + std::string(me)) == "a");
}

BOOST_AUTO_TEST_CASE(a_mention_of_the_bot_that_is_never_closed_makes_the_html_unusable)
{
    const std::string open = "<spark-mention data-object-id=\"" + std::string(me) + "\">";
    BOOST_TEST(read("<p>" + open + "Postern /help</p>") == "unclosed");
    BOOST_TEST(read(open + "Postern" + open + "</spark-mention> x") == "unclosed");
}

BOOST_AUTO_TEST_CASE(mentions_inside_the_bots_mention_go_with_it)
{
    const std::string open = "<spark-mention data-object-id=\"" + std::string(me) + "\">";
    BOOST_TEST(read(open + "<p>a" + mention("other", "Ana") + "</p>b</spark-mention> x") == "+x");
    BOOST_TEST(read("</spark-mention> x </spark-mention>") == "x");
}

BOOST_AUTO_TEST_CASE(hostile_html_costs_linear_time)
{
    const auto repeated = [](std::string_view part, std::size_t times) {
        std::string out;
        for (std::size_t i = 0; i < times; ++i)
            out += part;
        return out;
    };
    const std::clock_t start =
        std::clock(); // this process's own time: other work on the machine does not count
    for (const std::string_view part : {"<", "&", "<spark-mention>", "<p", "<!--", "&#", "\"", "<a b=\"",
                                        "<a b='", "</", "< ", " ", "<p><p>"})
        (void)read(repeated(part, 100'000));
    BOOST_TEST(read(repeated(mention() + " ", 10'000)) == "+");
    BOOST_TEST(read(repeated(mention() + " a", 10'000)).size() == 1 + 2 * 10'000 - 1);
    BOOST_TEST(std::clock() - start < 10 * CLOCKS_PER_SEC); // a second at most; quadratic would be minutes
}

BOOST_AUTO_TEST_CASE(every_prefix_of_a_message_is_survived)
{
    const std::string whole = "<p>" + mention() + " /x <b class=\"y\">&lt;&#x41;</b><!-- c --><br/>é</p>";
    for (std::size_t n = 0; n <= whole.size(); ++n)
        (void)read(whole.substr(0, n));
    BOOST_TEST(read(whole) == "+/x <A\né");
}

BOOST_AUTO_TEST_CASE(other_people_who_are_mentioned_are_told_by_id_and_name)
{
    const auto read = postern::matching::read_html(
        "<p><spark-mention data-object-type=\"person\" data-object-id=\"bot\">Bot</spark-mention> invite "
        "<spark-mention data-object-type='person' data-object-id='ana'> Ana &amp; <b>Berg</b> "
        "</spark-mention> and "
        "<spark-mention data-object-id=eve></spark-mention>"
        "<spark-mention data-object-type=\"groupMention\" data-group-type=\"all\">All</spark-mention></p>",
        "bot");
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->mentioned);
    BOOST_TEST_REQUIRE(read->others.size() == 1u);
    BOOST_TEST(read->others[0].id == "ana");
    BOOST_TEST(read->others[0].name == "Ana & Berg");
}

BOOST_AUTO_TEST_CASE(a_mention_of_somebody_else_that_is_never_closed_is_none_and_a_thousand_are_cut)
{
    const auto open = postern::matching::read_html("<spark-mention data-object-id=\"ana\">Ana", "bot");
    BOOST_TEST_REQUIRE(open.has_value());
    BOOST_TEST(open->others.empty());
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += "<spark-mention data-object-id=\"ana\">Ana</spark-mention>";
    BOOST_TEST(postern::matching::read_html(many, "bot")->others.size() == 100u);
}

BOOST_AUTO_TEST_SUITE_END()
