#include "postern/bot/no_code/spoken.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;
using no_code::read_spoken;
using kind = no_code::spoken::kind;

namespace {

std::string complaint(const std::string& type, const std::string& body)
{
    const auto read = read_spoken(type, body);
    return read ? "understood" : read.error().ours;
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(spoken)

BOOST_AUTO_TEST_CASE(texts_are_said_as_what_they_are)
{
    const auto plain = read_spoken("text/plain; charset=utf-8", "a *b*");
    BOOST_TEST_REQUIRE(plain.has_value());
    BOOST_TEST((plain->what == kind::text));
    BOOST_TEST(plain->words == "a *b*");
    const auto marked = read_spoken("Text/Markdown", "a *b*");
    BOOST_TEST_REQUIRE(marked.has_value());
    BOOST_TEST((marked->what == kind::markdown));
}

BOOST_AUTO_TEST_CASE(nothing_is_said_for_an_empty_answer_of_any_type)
{
    for (const auto* type : {"", "text/html", "application/json", "text/plain"})
    {
        const auto read = read_spoken(type, " \n");
        BOOST_TEST_REQUIRE(read.has_value());
        BOOST_TEST((read->what == kind::nothing));
    }
    const auto object = read_spoken("application/json", R"({"text": ""})");
    BOOST_TEST_REQUIRE(object.has_value());
    BOOST_TEST((object->what == kind::nothing));
}

BOOST_AUTO_TEST_CASE(an_object_says_text_markdown_or_html)
{
    BOOST_TEST((read_spoken("application/json", R"({"text": "a"})")->what == kind::text));
    BOOST_TEST((read_spoken("application/json", R"({"markdown": "a", "text": "b"})")->words == "a"));
    BOOST_TEST((read_spoken("application/json", R"({"html": "<b>a</b>"})")->what == kind::html));
}

BOOST_AUTO_TEST_CASE(a_card_always_has_words_for_those_who_do_not_see_it)
{
    const auto bare = read_spoken("application/json", R"({"card": {"type": "AdaptiveCard"}})");
    BOOST_TEST_REQUIRE(bare.has_value());
    BOOST_TEST((bare->what == kind::card));
    BOOST_TEST(bare->card == R"({"type":"AdaptiveCard"})");
    BOOST_TEST(!bare->words.empty());
    BOOST_TEST(read_spoken("application/json", R"({"card": {}, "markdown": "a card"})")->words == "a card");
}

BOOST_AUTO_TEST_CASE(a_file_is_a_url_or_bytes_in_base64)
{
    const auto url = read_spoken("application/json", R"({"file": "https://example.com/a.png"})");
    BOOST_TEST_REQUIRE(url.has_value());
    BOOST_TEST_REQUIRE(url->file.has_value());
    BOOST_TEST((url->file->what() == file_source::kind::url));
    const auto bytes =
        read_spoken("application/json",
                    R"({"file": {"base64": "aGkh", "name": "a.txt", "type": "text/plain"}, "text": "look"})");
    BOOST_TEST_REQUIRE(bytes.has_value());
    BOOST_TEST_REQUIRE(bytes->file.has_value());
    BOOST_TEST(bytes->file->from() == "hi!");
    BOOST_TEST(bytes->file->name() == "a.txt");
    BOOST_TEST(bytes->words == "look");
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_is_named_and_not_quoted)
{
    BOOST_TEST(says(complaint("text/html", "<p>private</p>"), "text/html"));
    BOOST_TEST(says(complaint("", "private"), "missing"));
    BOOST_TEST(says(complaint("application/json", "private"), "not JSON"));
    BOOST_TEST(says(complaint("application/json", "[1]"), "no object"));
    BOOST_TEST(says(complaint("application/json", R"({"ok": true})"), "markdown"));
    BOOST_TEST(says(complaint("application/json", R"({"text": 1})"), "markdown"));
    BOOST_TEST(says(complaint("application/json", R"({"card": "x"})"), "card"));
    BOOST_TEST(says(complaint("application/json", R"({"card": {}, "file": "x"})"), "exclude"));
    BOOST_TEST(says(complaint("application/json", R"({"file": 1})"), "file"));
    BOOST_TEST(says(complaint("application/json", R"({"file": {"name": "a"}})"), "base64"));
    BOOST_TEST(says(complaint("application/json", R"({"file": {"base64": "###", "name": "a"}})"), "base64"));
    BOOST_TEST(!says(complaint("text/html", "<p>private</p>"), "private"));
}

BOOST_AUTO_TEST_SUITE_END()
