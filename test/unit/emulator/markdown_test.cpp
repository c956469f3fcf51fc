#include "postern/emulator/markdown.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;
using namespace postern::emulator;

namespace {

std::optional<mentioned> find(std::string_view who)
{
    if (who == "ana@example.com" || who == "ANA_ID-1")
        return mentioned{"ANA_ID-1", "Ana _Maria_ Ruiz"};
    if (who == "o'neil@example.com")
        return mentioned{"O\"<ID>", "Pat O'Neil <&> *co*"};
    return std::nullopt;
}

rendered render(std::string_view markdown) { return render_markdown(markdown, find); }
std::string html(std::string_view markdown) { return render(markdown).html; }
std::string text(std::string_view markdown) { return render(markdown).text; }

std::string person(std::string_view id, std::string_view name)
{
    return "<spark-mention data-object-type=\"person\" data-object-id=\"" + std::string(id) + "\">" +
           std::string(name) + "</spark-mention>";
}

const std::string all =
    "<spark-mention data-object-type=\"groupMention\" data-group-type=\"all\">All</spark-mention>";

} // namespace

BOOST_AUTO_TEST_SUITE(markdown)

BOOST_AUTO_TEST_CASE(the_live_service_s_examples_come_out_alike)
{
    const auto up = render("**Gateway up**\n\n3 links");
    BOOST_TEST(up.html == "<p><strong>Gateway up</strong></p><p>3 links</p>");
    BOOST_TEST(up.text == "Gateway up 3 links");
    BOOST_TEST(up.mentioned_people.empty());
    BOOST_TEST(!up.mentions_all);

    const auto link = render("<@personEmail:ana@example.com|Ana> link **up**");
    BOOST_TEST(link.html == "<p>" + person("ANA_ID-1", "Ana") + " link <strong>up</strong></p>");
    BOOST_TEST(link.text == "Ana link up");
    BOOST_TEST(link.mentioned_people == std::vector<std::string>{"ANA_ID-1"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_documented_subset_becomes_html)
{
    BOOST_TEST(html("*a* _b_ `c`") == "<p><em>a</em> <em>b</em> <code>c</code></p>");
    BOOST_TEST(html("[x](https://e.example/a?b=1&c=2)") ==
               "<p><a href=\"https://e.example/a?b=1&amp;c=2\">x</a></p>");
    BOOST_TEST(html("- a\n- b\n  - c\n\ntail") ==
               "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>tail</p>");
    BOOST_TEST(html("1. a\n2. b") == "<ol><li>a</li><li>b</li></ol>");
    BOOST_TEST(html("3. a") == "<ol start=\"3\"><li>a</li></ol>");
    BOOST_TEST(html("- a\n\n- b") == "<ul><li><p>a</p></li><li><p>b</p></li></ul>");
    BOOST_TEST(html("> a\n> b") == "<blockquote><p>a<br>b</p></blockquote>");
    BOOST_TEST(html("```sh\nls <x>\n\n# y\n```") == "<pre><code>ls &lt;x&gt;\n\n# y</code></pre>");
    BOOST_TEST(html("# a\nb\n\n---") == "<h1>a</h1><p>b</p><hr>");
    BOOST_TEST(html("") == "");
}

BOOST_AUTO_TEST_CASE(a_single_newline_is_a_break)
{
    BOOST_TEST(html("a\nb  \nc\\\nd") == "<p>a<br>b<br>c<br>d</p>");
    BOOST_TEST(html("a\r\nb\r\n\r\nc") == "<p>a<br>b</p><p>c</p>");
    BOOST_TEST(text("a\nb") == "a\nb");
}

BOOST_AUTO_TEST_CASE(the_generated_text_is_one_space_between_blocks)
{
    BOOST_TEST(text("# Report\n\n- one\n- two\n  - **three**\n\n> quoted\n\n```\nx = 1\ny = 2\n```\n\nend") ==
               "Report one two three quoted x = 1\ny = 2 end");
    BOOST_TEST(text("[words](https://e.example) ![image](https://e.example/i.png) &amp; `code`") ==
               "words image & code");
}

BOOST_AUTO_TEST_CASE(a_mention_without_a_name_shows_the_display_name)
{
    const auto one = render("hi <@personId:ANA_ID-1>!");
    BOOST_TEST(one.html == "<p>hi " + person("ANA_ID-1", "Ana _Maria_ Ruiz") + "!</p>");
    BOOST_TEST(one.text == "hi Ana _Maria_ Ruiz!");
    BOOST_TEST(render("<@personEmail:ana@example.com|>").text == "Ana _Maria_ Ruiz");
}

BOOST_AUTO_TEST_CASE(people_are_listed_once_in_order_of_appearance)
{
    const auto many =
        render("<@personEmail:o'neil@example.com> <@personId:ANA_ID-1> <@personEmail:ana@example.com>");
    const std::vector<std::string> expected{"O\"<ID>", "ANA_ID-1"};
    BOOST_TEST(many.mentioned_people == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(everybody_is_a_group_mention)
{
    const auto r = render("**<@all>** wake up");
    BOOST_TEST(r.html == "<p><strong>" + all + "</strong> wake up</p>");
    BOOST_TEST(r.text == "All wake up");
    BOOST_TEST(r.mentions_all);
    BOOST_TEST(r.mentioned_people.empty());
}

BOOST_AUTO_TEST_CASE(unknown_people_stay_text)
{
    const auto r = render("<@personEmail:no_body_@example.com|*No* body> <@personId:>");
    BOOST_TEST(r.html == "<p>&lt;@personEmail:no_body_@example.com|*No* body&gt; &lt;@personId:&gt;</p>");
    BOOST_TEST(r.text == "<@personEmail:no_body_@example.com|*No* body> <@personId:>");
    BOOST_TEST(r.mentioned_people.empty());
    BOOST_TEST(render_markdown("<@personId:ANA_ID-1>", nullptr).text == "<@personId:ANA_ID-1>");
}

BOOST_AUTO_TEST_CASE(what_only_looks_like_a_mention_is_text)
{
    for (const std::string not_one : {"<@ALL>", "<@all|x>", "<@room:x>", "<@personEmail", "<@", "<@>",
                                      "<@all\n>", "< @all>", "<@personId"})
    {
        const auto r = render(not_one);
        BOOST_TEST(!r.mentions_all, not_one);
        BOOST_TEST(r.mentioned_people.empty(), not_one);
        BOOST_TEST(r.html.find("spark-mention") == std::string::npos, not_one);
    }
    BOOST_TEST(html("<@<@all>") == "<p>&lt;@" + all + "</p>");
}

BOOST_AUTO_TEST_CASE(a_backslash_takes_the_meaning_of_a_mention_away)
{
    BOOST_TEST(html("\\<@all>") == "<p>&lt;@all&gt;</p>");
    BOOST_TEST(html("\\\\<@all>") == "<p>\\" + all + "</p>");
}

BOOST_AUTO_TEST_CASE(code_and_addresses_mention_nobody)
{
    const auto r = render("`<@all>`\n\n```\n<@personId:ANA_ID-1>\n```\n\n[x](https://e.example/<@all>)");
    BOOST_TEST(!r.mentions_all);
    BOOST_TEST(r.mentioned_people.empty());
    BOOST_TEST(r.text == "<@all> <@personId:ANA_ID-1> x");
    BOOST_TEST(r.html == "<p><code>&lt;@all&gt;</code></p><pre><code>&lt;@personId:ANA_ID-1&gt;</code></pre>"
                         "<p><a href=\"https://e.example/&lt;@all&gt;\">x</a></p>");
}

BOOST_AUTO_TEST_CASE(names_and_ids_are_escaped_and_never_markdown)
{
    BOOST_TEST(html("<@personEmail:o'neil@example.com>") ==
               "<p>" + person("O&quot;&lt;ID&gt;", "Pat O'Neil &lt;&amp;&gt; *co*") + "</p>");
    BOOST_TEST(html("<@personId:ANA_ID-1|a *b* `c` \"d\" | e>") ==
               "<p>" + person("ANA_ID-1", "a *b* `c` &quot;d&quot; | e") + "</p>");
}

BOOST_AUTO_TEST_CASE(raw_html_is_shown_never_passed_on)
{
    BOOST_TEST(html("a <script>alert(1)</script> & \"b\"") ==
               "<p>a &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;b&quot;</p>");
    BOOST_TEST(html("<div onclick='x'>\n*a*\n</div>\n") ==
               "<p>&lt;div onclick='x'&gt;\n*a*\n&lt;/div&gt;</p>");
    BOOST_TEST(
        html("<!-- x --><spark-mention data-object-id=\"ANA_ID-1\">Ana</spark-mention>").find("<spark") ==
        std::string::npos);
    BOOST_TEST(html("[x](https://e.example/\"onclick=\"y)").find("\"onclick") == std::string::npos);
    BOOST_TEST(html("```\"><b>\nx\n```") == "<pre><code>x</code></pre>");
}

BOOST_AUTO_TEST_CASE(dangerous_links_lose_their_address)
{
    for (const std::string address : {"javascript:alert(1)", "JavaScript:x", "data:text/html,x", "vbscript:x",
                                      "file:///etc/passwd", "java&#9;script:x", "&#1;javascript:x", ""})
        BOOST_TEST(html("[x](" + address + ")") == "<p>x</p>", address);
    BOOST_TEST(html("<javascript:alert>") == "<p>javascript:alert</p>");
    BOOST_TEST(html("[x](mailto:a@b.example) [y](/rel:ative)") ==
               "<p><a href=\"mailto:a@b.example\">x</a> <a href=\"/rel:ative\">y</a></p>");
}

BOOST_AUTO_TEST_CASE(marks_of_our_own_cannot_be_forged)
{
    const std::string open = "\xef\xb7\x90", close = "\xef\xb7\x91";
    const auto forged = render(open + "0" + close + " `<@all>`");
    BOOST_TEST(!forged.mentions_all);
    BOOST_TEST(forged.text.find(open) == std::string::npos);
    BOOST_TEST(
        render("&#xFDD0;7&#xFDD1; &#xFDD0;x &#xFDD0;99999999999999999999&#xFDD1;").mentioned_people.empty());
}

BOOST_AUTO_TEST_CASE(hostile_texts_end_quickly_and_whole)
{
    const std::string deep(7439, '>');
    BOOST_TEST(html(deep + "x").ends_with("</blockquote>"));
    for (const std::string piece : {"<@", "<@personId:", "[", "![", "*", "_", "`", "<", "&", "\\", "- ",
                                    "\xef\xb7\x90", "<@all>", "<!--", "\t", "a**b"})
    {
        std::string many;
        while (many.size() < 7439)
            many += piece;
        BOOST_TEST(render(many).html.size() < many.size() * 20, piece);
    }
}

BOOST_AUTO_TEST_CASE(broken_utf8_and_nul_become_replacement_characters)
{
    const auto r = render(std::string_view("a\0b \xff\xc3( \xed\xa0\x80", 12));
    BOOST_TEST(r.text.find('\0') == std::string::npos);
    BOOST_TEST(r.text.find('\xff') == std::string::npos);
    BOOST_TEST(r.text.find("\xef\xbf\xbd") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
