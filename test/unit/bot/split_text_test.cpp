#include "postern/bot/say/split_text.hpp"

#include <boost/test/tools/collection_comparison_op.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>

using list = std::vector<std::string>;

namespace {

void check(const list& actual, const list& expected)
{
    BOOST_TEST(actual == expected, boost::test_tools::per_element());
}

std::string joined(const list& pieces)
{
    return std::accumulate(pieces.begin(), pieces.end(), std::string());
}

bool all_at_most(const list& pieces, std::size_t most)
{
    return std::all_of(pieces.begin(), pieces.end(),
                       [most](const auto& p) { return !p.empty() && p.size() <= most; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(split_text)

BOOST_AUTO_TEST_CASE(what_fits_stays_whole)
{
    check(postern::split_text("", 10), {""});
    check(postern::split_text("0123456789", 10), {"0123456789"});
    check(postern::split_text(" a \n\n b ", 10), {" a \n\n b "});
}

BOOST_AUTO_TEST_CASE(a_paragraph_is_the_best_border_then_a_line_then_a_word)
{
    check(postern::split_text("aaaa b\nc\n\nd e\nffff gggg", 14), {"aaaa b\nc", "d e\nffff gggg"});
    check(postern::split_text("aaaa b\ncc d\nffff", 12), {"aaaa b\ncc d", "ffff"});
    check(postern::split_text("aaaa bbbb cccc dddd", 12), {"aaaa bbbb", "cccc dddd"});
}

BOOST_AUTO_TEST_CASE(a_border_right_behind_the_last_byte_counts)
{
    check(postern::split_text("aaaa bbbb", 4), {"aaaa", "bbbb"});
    check(postern::split_text("aaaa\n\nbbbb", 4), {"aaaa", "bbbb"});
}

BOOST_AUTO_TEST_CASE(pieces_are_filled_by_half_before_a_better_border_is_preferred)
{
    check(postern::split_text("a\n\nbbb ccc ddd eee", 10), {"a\n\nbbb ccc", "ddd eee"});
    check(postern::split_text("a bbbbbbbbbbbb", 12), {"a", "bbbbbbbbbbbb"}); // rather than through the word
}

BOOST_AUTO_TEST_CASE(the_white_space_of_a_cut_is_left_out_and_indentation_is_not)
{
    check(postern::split_text("aaaaaaa\r\n\r\n\n  bbbb", 8), {"aaaaaaa", "  bbbb"});
    check(postern::split_text("aaaaaaa  \t bbbb", 8), {"aaaaaaa", "bbbb"});
    check(postern::split_text("aaaaaaa\n\n", 8), {"aaaaaaa"});
}

BOOST_AUTO_TEST_CASE(without_a_border_the_cut_is_between_code_points)
{
    check(postern::split_text("0123456789", 4), {"0123", "4567", "89"});
    check(postern::split_text("ää日🙂", 5), {"ää", "日", "🙂"});
    std::string faces;
    for (int i = 0; i < 5000; ++i)
        faces += "🙂";
    const auto pieces = postern::split_text(faces);
    BOOST_TEST(all_at_most(pieces, 7000));
    BOOST_TEST(pieces.size() == 3u);
    BOOST_TEST(pieces.front().size() == 7000u);
    BOOST_TEST(joined(pieces) == faces);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_cut_anywhere)
{
    const std::string odd(100, '\x80');
    const auto pieces = postern::split_text(odd, 9);
    BOOST_TEST(all_at_most(pieces, 9));
    BOOST_TEST(joined(pieces) == odd);
}

BOOST_AUTO_TEST_CASE(nothing_but_white_space_at_cuts_is_ever_lost)
{
    // Every length of word, line and paragraph against every size of piece.
    std::string text;
    for (int i = 0; i < 60; ++i)
        text += std::string(static_cast<std::size_t>(i * 7 % 13), 'a' + static_cast<char>(i % 26)) +
                (i % 5 == 0   ? "\n\n"
                 : i % 3 == 0 ? "\n"
                 : i % 7 == 0 ? " é"
                              : " ");
    const auto dense = [](std::string t) {
        t.erase(std::remove_if(t.begin(), t.end(), [](char c) { return c == ' ' || c == '\n'; }), t.end());
        return t;
    };
    for (std::size_t most = 4; most < text.size() + 2; ++most)
    {
        const auto pieces = postern::split_text(text, most);
        BOOST_REQUIRE(all_at_most(pieces, most));
        BOOST_REQUIRE_EQUAL(dense(joined(pieces)), dense(text));
    }
}

BOOST_AUTO_TEST_CASE(a_code_block_that_is_cut_is_closed_and_opened_again)
{
    std::string code;
    for (int i = 0; i < 40; ++i)
        code += "  line " + std::to_string(i) + '\n';
    const auto pieces = postern::split_markdown("Log:\n\n```text\n" + code + "```\n\nDone.", 200);
    BOOST_TEST_REQUIRE(pieces.size() > 2u);
    BOOST_TEST(all_at_most(pieces, 200));
    for (std::size_t i = 0; i < pieces.size(); ++i)
    {
        BOOST_TEST(pieces[i].starts_with(i == 0 ? "Log:\n\n```text\n  line 0" : "```text\n  line "));
        if (i + 1 < pieces.size())
            BOOST_TEST(pieces[i].ends_with("\n```"));
    }
    BOOST_TEST(pieces.back().ends_with("  line 39\n```\n\nDone."));
}

BOOST_AUTO_TEST_CASE(a_cut_at_the_end_of_a_code_block_opens_no_empty_one)
{
    const std::string line(120, 'x');
    check(postern::split_markdown("~~~~\n" + line + "\n~~~~\n" + std::string(150, 'y'), 200),
          {"~~~~\n" + line + "\n~~~~", std::string(150, 'y')});
}

BOOST_AUTO_TEST_CASE(other_marks_inside_a_code_block_do_not_close_it)
{
    const std::string text =
        "````md\n```\ninner\n```\n~~~~\n" + std::string(120, 'x') + '\n' + std::string(120, 'y') + "\n````";
    const auto pieces = postern::split_markdown(text, 220);
    BOOST_TEST_REQUIRE(pieces.size() == 2u);
    BOOST_TEST(pieces[0].ends_with("\n````"));
    BOOST_TEST(pieces[1] == "````md\n" + std::string(120, 'y') + "\n````");
}

BOOST_AUTO_TEST_CASE(an_absurdly_long_fence_does_not_push_pieces_over_the_limit)
{
    const std::string fence(1000, '`');
    const auto pieces = postern::split_markdown(fence + "\n" + std::string(2000, 'x') + " " + fence, 200);
    BOOST_TEST(all_at_most(pieces, 200));
}

BOOST_AUTO_TEST_CASE(markdown_without_code_is_split_like_text)
{
    check(postern::split_markdown(std::string(120, 'a') + "\n\n" + std::string(100, 'b'), 200),
          {std::string(120, 'a'), std::string(100, 'b')});
    check(postern::split_markdown("short", 200), {"short"});
}

BOOST_AUTO_TEST_SUITE_END()
