#include "postern/base/utf8.hpp"
#include "postern/bot/say/fence.hpp"
#include "postern/bot/say/split_text.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        out.push_back(line);
    return out;
}

bool fences_are_balanced(const std::string& piece)
{
    postern::matching::fence state;
    for (const auto& line : lines_of(piece))
        state.read(line);
    return !state.open();
}

std::string dense(std::string t)
{
    std::erase_if(t, [](char c) { return c == ' ' || c == '\n'; });
    return t;
}

// What was said, without what closing and opening a code block again has added.
std::string put_together(const std::vector<std::string>& pieces)
{
    std::string out;
    std::string open; // the opening line that the next piece must repeat
    for (std::size_t i = 0; i < pieces.size(); ++i)
    {
        auto lines = lines_of(pieces[i]);
        if (!open.empty() && lines.front() == open)
            lines.erase(lines.begin());
        postern::matching::fence state;
        if (!open.empty())
            state.read(open);
        for (const auto& line : lines)
        {
            if (state.open() && state.closed_by(line) && &line == &lines.back() && i + 1 < pieces.size() &&
                pieces[i + 1].starts_with(state.opening() + '\n'))
            {
                open = state.opening();
                break;
            }
            open.clear();
            state.read(line);
            out += line;
        }
    }
    return out;
}

void check_pieces(const std::string& text, const std::vector<std::string>& pieces, std::size_t most)
{
    for (const auto& piece : pieces)
    {
        BOOST_REQUIRE_LE(piece.size(), most);
        BOOST_REQUIRE(!piece.empty());
        BOOST_REQUIRE(postern::is_utf8(piece));
        BOOST_REQUIRE(fences_are_balanced(piece));
    }
    BOOST_REQUIRE_EQUAL(dense(put_together(pieces)), dense(text));
}

struct chapters
{
    std::mt19937 random;
    unsigned fences = 0;

    std::size_t below(std::size_t most)
    {
        return std::uniform_int_distribution<std::size_t>(0, most - 1)(random);
    }

    std::string words(std::size_t count)
    {
        static const std::vector<std::string> some{"gate",        "Tür", "日本語", "🙂",
                                                   "👩‍🚒", "a|b", "`x`",    "**b**"};
        std::string out;
        for (std::size_t i = 0; i < count; ++i)
            out += (i > 0 ? " " : "") + some[below(some.size())] + std::to_string(below(1000));
        return out;
    }

    // `number` makes each fence one of its own, so that two are never taken for one.
    std::string code(std::size_t count)
    {
        const std::string mark(3 + below(2), below(2) == 0 ? '`' : '~');
        std::string out = mark + "lang" + std::to_string(++fences) + '\n';
        for (std::size_t i = 0; i < count; ++i)
            out +=
                std::string(below(8), ' ') + "line " + words(1 + below(9)) + (below(9) == 0 ? "\n\n" : "\n");
        return out + mark + "\n\n";
    }

    std::string table(std::size_t count)
    {
        std::string out = "| a | b | c |\n|---|---|---|\n";
        for (std::size_t i = 0; i < count; ++i)
            out += "| " + words(1 + below(3)) + " | " + words(1 + below(6)) + " | ✅ |\n";
        return out + '\n';
    }

    std::string any()
    {
        switch (below(4))
        {
        case 0: return code(below(60));
        case 1: return table(1 + below(40));
        case 2: return words(1 + below(200)) + '\n';
        default: return words(1 + below(200)) + "\n\n";
        }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(split_markdown)

BOOST_AUTO_TEST_CASE(sixty_kilobytes_with_emoji_code_and_a_table_arrive_whole_and_in_order)
{
    chapters some{std::mt19937(7)};
    std::string text = "# Report\n\n" + some.table(300);
    while (text.size() < 60'000)
        text += some.any();
    const auto pieces = postern::split_markdown(text);
    BOOST_TEST(pieces.size() < 18u);
    check_pieces(text, pieces, 7439);
    const auto given = lines_of(text);
    for (const auto& piece : pieces) // a table is cut between its rows only
        for (const auto& line : lines_of(piece))
            if (line.starts_with('|') || line.ends_with("| ✅ |"))
                BOOST_REQUIRE(std::find(given.begin(), given.end(), line) != given.end());
}

BOOST_AUTO_TEST_CASE(whatever_is_mixed_and_however_small_the_pieces_are_all_of_it_arrives)
{
    for (unsigned seed = 1; seed <= 300; ++seed)
    {
        chapters some{std::mt19937(seed)};
        std::string text;
        while (text.size() < 6'000)
            text += some.any();
        const std::size_t most = 200 + some.below(2'000);
        BOOST_TEST_INFO("seed " << seed << ", pieces of " << most);
        check_pieces(text, postern::split_markdown(text, most), most);
    }
}

BOOST_AUTO_TEST_CASE(bytes_of_any_kind_end_in_pieces_of_the_right_size)
{
    const std::string letters = "`~\n\r |a\xF0\x9F\x80";
    for (unsigned seed = 1; seed <= 300; ++seed)
    {
        std::mt19937 random(seed);
        std::string text;
        for (int i = 0; i < 3'000; ++i)
            text += letters[random() % letters.size()];
        for (const auto& piece : postern::split_markdown(text, 200 + random() % 300))
            BOOST_REQUIRE(!piece.empty() && piece.size() <= 500);
    }
}

BOOST_AUTO_TEST_CASE(a_code_block_that_fits_into_a_piece_stays_whole)
{
    const std::string block = "```cpp\n" + std::string(80, 'c') + "\n" + std::string(30, 'd') + "\n```";
    const auto pieces = postern::split_markdown(std::string(80, 'a') + "\n\n" + block + "\n\nend", 200);
    BOOST_TEST_REQUIRE(pieces.size() == 2u);
    BOOST_TEST(pieces[0] == std::string(80, 'a'));
    BOOST_TEST(pieces[1] == block + "\n\nend");
}

BOOST_AUTO_TEST_CASE(empty_lines_and_indentation_of_code_survive_a_cut)
{
    std::string code;
    for (int i = 0; i < 12; ++i)
        code += std::string(30, 'x') + "\n\n\n    y\n";
    const auto pieces = postern::split_markdown("```\n" + code + "```", 200);
    std::string together;
    for (const auto& piece : pieces)
        together += piece.substr(4, piece.size() - 7);
    BOOST_TEST(together == code);
}

BOOST_AUTO_TEST_CASE(a_row_of_a_table_goes_whole_into_the_next_piece)
{
    const std::string row = "| one | " + std::string(40, 'x') + " two " + std::string(60, 'y') + " |";
    const auto pieces = postern::split_markdown("| h |\n|---|\n" + row + "\n" + row + "\n", 200);
    BOOST_TEST_REQUIRE(pieces.size() == 2u);
    BOOST_TEST(pieces[1] == row + "\n");
}

BOOST_AUTO_TEST_CASE(code_within_a_line_opens_no_block)
{
    const auto pieces = postern::split_markdown(
        "```code``` and\n" + std::string(100, 'a') + "\n" + std::string(100, 'b'), 200);
    BOOST_TEST_REQUIRE(pieces.size() == 2u);
    BOOST_TEST(pieces[1] == std::string(100, 'b'));
}

BOOST_AUTO_TEST_SUITE_END()
