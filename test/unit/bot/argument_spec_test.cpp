#include "postern/bot/commands/argument_spec.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace postern;
using matching::mention;

namespace {

// Why it is refused, or what was read of the names asked for: "int=7 kind=math".
std::string read(const char* line, std::string_view typed, std::vector<std::string> names = {},
                 std::vector<mention> mentions = {})
{
    const matching::argument_spec spec(line);
    const auto got = spec.read(typed, mentions);
    if (!got.found)
        return got.why_not;
    std::string out;
    for (const auto& name : names)
        if (const auto value = got.found->find<std::string>(name))
            out += (out.empty() ? "" : " ") + name + '=' + *value;
    return out;
}

std::string whom(std::string_view typed, std::vector<mention> mentions)
{
    const matching::argument_spec spec("<who:person> [other:person] [rest:text]");
    const auto got = spec.read(typed, mentions);
    if (!got.found)
        return got.why_not;
    const auto show = [](const addressee& a) { return a.id + '/' + a.email + '/' + a.name; };
    std::string out = show(got.found->get<addressee>("who"));
    if (const auto other = got.found->find<addressee>("other"))
        out += ' ' + show(*other);
    return out + '|' + got.found->find<std::string>("rest").value_or("");
}

} // namespace

BOOST_AUTO_TEST_SUITE(argument_spec)

BOOST_AUTO_TEST_CASE(words_numbers_and_choices_are_read_by_their_types)
{
    const char* line = "<int> [--kind trivia|math]";
    BOOST_TEST(read(line, "7", {"int", "kind"}) == "int=7");
    BOOST_TEST(read(line, "7 --kind math", {"int", "kind"}) == "int=7 kind=math");
    BOOST_TEST(read(line, "--KIND=Math -7", {"int", "kind"}) == "int=-7 kind=math");
    BOOST_TEST(read("<x:number>", "2.50", {"x"}) == "x=2.5");
    BOOST_TEST(read("<x:number>", "+1e3", {"x"}) == "x=1000");
    BOOST_TEST(read("<on|off>", "OFF", {"on|off"}) == "on|off=off");
    BOOST_TEST(read("<state:on|off>", "on", {"state"}) == "state=on");
    BOOST_TEST(read("<city>", "'New York'", {"city"}) == "city=New York");
    BOOST_TEST(read("[count:int]", "–5", {"count"}) == "count=-5"); // as phones write it
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_told_in_words)
{
    const char* line = "<int> [--kind trivia|math]";
    BOOST_TEST(read(line, "") == "<int> is missing");
    BOOST_TEST(read(line, "x") == "\"x\" is no whole number");
    BOOST_TEST(read(line, "7.5") == "\"7.5\" is no whole number");
    BOOST_TEST(read(line, "7x") == "\"7x\" is no whole number");
    BOOST_TEST(read(line, "9223372036854775808") == "\"9223372036854775808\" is no whole number");
    BOOST_TEST(read(line, "\"\"") == "\"\" is no whole number");
    BOOST_TEST(read("<number>", "nan") == "\"nan\" is no number");
    BOOST_TEST(read("<number>", "1e999") == "\"1e999\" is no number");
    BOOST_TEST(read(line, "7 8") == "\"8\" is one word too many");
    BOOST_TEST(read(line, "7 \"8") == "a quote is not closed");
    BOOST_TEST(read(line, "\"7") == "a quote is not closed");
    BOOST_TEST(read(line, "7 --kind poem") == "\"poem\" is none of trivia|math");
    BOOST_TEST(read(line, "7 --kind") == "--kind needs a value");
    BOOST_TEST(read(line, "7 --kind= math") == "--kind needs a value");
    BOOST_TEST(read(line, "--kind --kind") == "--kind needs a value");
    BOOST_TEST(read(line, "7 --kind math --kind math") == "--kind is given twice");
    BOOST_TEST(read(line, "7 --sort") == "\"--sort\" is no option here");
    BOOST_TEST(read("", "x") == "it takes no arguments");
    BOOST_TEST(read("[--loud]", "--loud=1") == "--loud takes no value");
    BOOST_TEST(read("--to <who:word>", "") == "--to is missing");
}

BOOST_AUTO_TEST_CASE(what_was_typed_is_repeated_in_one_short_line)
{
    BOOST_TEST(read("<int>", "\"a\nb\"") == "\"a b\" is no whole number");
    BOOST_TEST(read("<int>", std::string(1000, 'x')) ==
               '"' + std::string(40, 'x') + "…\" is no whole number");
    BOOST_TEST(read("<int>", "\xFF") == "\"\uFFFD\" is no whole number");
}

BOOST_AUTO_TEST_CASE(text_is_the_rest_as_it_was_typed)
{
    const char* line = "<room> [--urgent] <words:text>";
    const std::vector<std::string> all{"room", "urgent", "words"};
    BOOST_TEST(read(line, "lobby a  \"b\"\n --c", all) == "room=lobby words=a  \"b\"\n --c");
    BOOST_TEST(read(line, "lobby --urgent a", all) == "room=lobby urgent=yes words=a");
    BOOST_TEST(read(line, "lobby -- --urgent a", all) == "room=lobby words=--urgent a");
    BOOST_TEST(read(line, "lobby", all) == "<words> is missing");
    BOOST_TEST(read("[text]", " ", {"text"}) == "");
}

BOOST_AUTO_TEST_CASE(two_dashes_end_the_options)
{
    BOOST_TEST(read("<a> [--loud]", "-- --loud", {"a", "loud"}) == "a=--loud");
    BOOST_TEST(read("<a> [--loud]", "— --loud", {"a", "loud"}) == "a=--loud");
    BOOST_TEST(read("<a> <b>", "-- --", {"a", "b"}) == "<b> is missing");
    BOOST_TEST(read("[--kind word]", "--kind --") == "--kind needs a value");
    BOOST_TEST(read("[--kind word]", "--kind=--", {"kind"}) == "kind=--");
}

BOOST_AUTO_TEST_CASE(a_person_is_an_address_or_a_mention_with_a_name_of_several_words)
{
    const std::vector<mention> both{{"id-ana", "Ana"}, {"id-ana-b", "Ana Berg"}};
    BOOST_TEST(whom("ana@example.com", both) == "/ana@example.com/|");
    BOOST_TEST(whom("ana@example.com hi", both) == "\"hi\" is nobody: mention somebody, or give an address");
    BOOST_TEST(whom("Ana Berg, ana hello  you", both) == "id-ana-b//Ana Berg id-ana//Ana|hello  you");
    BOOST_TEST(whom("@Ana", both) == "id-ana//Ana|");
    BOOST_TEST(whom("Ana", {}) == "\"Ana\" is nobody: mention somebody, or give an address");
    BOOST_TEST(whom("Anabel", both) == "\"Anabel\" is nobody: mention somebody, or give an address");
    for (const char* odd : {"@", "a@", "@b", "a@b@c", "\"a b@c\"", "<@personId:x>@y"})
        BOOST_TEST(whom(odd, {}).find("is nobody") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(two_people_of_one_name_are_taken_in_the_order_of_their_mentions)
{
    BOOST_TEST(whom("Ana Ana", {{"one", "Ana"}, {"two", "Ana"}}) == "one//Ana two//Ana|");
}

BOOST_AUTO_TEST_CASE(the_usage_is_the_line_without_its_types)
{
    const auto usage = [](const char* line) { return matching::argument_spec(line).usage(); };
    BOOST_TEST(usage("<int>  [--kind trivia|math]") == "<int> [--kind trivia|math]");
    BOOST_TEST(usage("< city : word > [<count:int>] [ rest : text ]") == "<city> [count] [rest]");
    BOOST_TEST(usage("<state:on|off>") == "<on|off>");
    BOOST_TEST(usage("--to <who:person> [--max N:int] [--loud]") == "--to who [--max N] [--loud]");
    BOOST_TEST(usage("--to who <x>") == "--to who <x>");
    BOOST_TEST(usage("") == "");
}

BOOST_AUTO_TEST_CASE(a_line_that_means_nothing_is_refused_at_once)
{
    for (const char* line :
         {"city",         "<>",        "<",       "[",         "[]",      "<a",           "[a",
          "<a b>",        "<a:b>",     "<a> <a>", "<A> [--a]", "[a] <b>", "<a:text> <b>", "<a|>",
          "<|>",          "<a||b>",    "[--]",    "--",        "--loud",  "--loud [x]",   "[--x text]",
          "[--x r:text]", "[--a=b]",   "<<a>>",   "[[a]]",     "[a] ]",   "[<a> <b>]",    "<-a>",
          "<ä>",          "[--x a b]", "...",     "<:int>",    "<a:>"})
        BOOST_CHECK_THROW(matching::argument_spec{line}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(any_bytes_are_read_without_harm)
{
    for (std::string typed : {std::string(100'000, '\''), std::string(100'000, '"'), std::string(50'000, '-'),
                              std::string("\0--\0", 4), std::string("\xE2\x80")})
        (void)read("[a] [b:person] [--c int]", typed, {}, {{"x", "'"}});
    std::string quotes;
    for (int i = 0; i < 20'000; ++i)
        quotes += "'a ";
    BOOST_TEST(read("<a> <b>", quotes) == "\"'a\" is one word too many");
}

BOOST_AUTO_TEST_SUITE_END()
