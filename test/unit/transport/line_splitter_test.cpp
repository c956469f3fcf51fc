#include "postern/transport/line_splitter.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace postern::transport;
using namespace std::string_literals;

namespace {

using lines = std::vector<std::string>;

// What comes out when the whole text is fed in portions of `portion` bytes.
lines cut(const std::string& text, std::size_t limit, std::size_t portion)
{
    lines out;
    const auto keep = [&](std::string_view line) { out.emplace_back(line); };
    line_splitter splitter(limit);
    for (std::size_t at = 0; at < text.size(); at += portion)
        splitter.feed(std::string_view(text).substr(at, portion), keep);
    splitter.finish(keep);
    return out;
}

// However the bytes arrive, the lines are the same.
void check(const std::string& text, std::size_t limit, const lines& expected)
{
    for (std::size_t portion = 1; portion <= text.size() + 1; ++portion)
        BOOST_TEST(cut(text, limit, portion) == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(line_splitter)

BOOST_AUTO_TEST_CASE(a_line_ends_with_lf_or_crlf_and_the_last_one_needs_no_end)
{
    check("one\ntwo\r\n\n\r\nlast", 100, {"one", "two", "", "", "last"});
    check("", 100, {});
    check("done\n", 100, {"done"});
}

BOOST_AUTO_TEST_CASE(a_cr_that_ends_no_line_belongs_to_it)
{
    check("50%\r100%\r\r\nbare\r", 100, {"50%\r100%\r", "bare\r"});
}

BOOST_AUTO_TEST_CASE(any_bytes_pass)
{
    const auto bytes = "a\0b\xff\xc3\x1b"s;
    check(bytes + "\n" + bytes, 100, {bytes, bytes});
}

BOOST_AUTO_TEST_CASE(a_line_over_the_limit_comes_in_pieces_of_the_limit)
{
    check("abcdefgh\nij\n", 3, {"abc", "def", "gh", "ij"});
    check("abcdefgh", 3, {"abc", "def", "gh"});
}

BOOST_AUTO_TEST_CASE(a_line_of_just_the_limit_is_one_line_and_leaves_no_empty_piece)
{
    check("abc\ndef\r\nghi\n", 3, {"abc", "def", "ghi"});
    check("abcdef\nghijkl\r\n\nm", 3, {"abc", "def", "ghi", "jkl", "", "m"});
    check("abcdef", 3, {"abc", "def"});
}

BOOST_AUTO_TEST_CASE(a_limit_of_nothing_still_moves) { check("ab\n", 0, {"a", "b"}); }

BOOST_AUTO_TEST_SUITE_END()
