#include "postern/journal/story_table.hpp"

#include "a_story.hpp"

#include "postern/base/utf8.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace postern;
using namespace postern::journal;
using namespace postern::test;
using kind = outcome::kind;

namespace {

std::vector<std::string> lines(const std::string& text)
{
    std::vector<std::string> all;
    std::istringstream in(text);
    for (std::string one; std::getline(in, one);)
        all.push_back(one);
    return all;
}

std::size_t characters(std::string_view text)
{
    std::size_t n = 0;
    for (; !text.empty(); ++n)
        take_code_point(text);
    return n;
}

} // namespace

BOOST_AUTO_TEST_SUITE(story_table)

BOOST_AUTO_TEST_CASE(a_line_says_what_came_and_what_became_of_it)
{
    auto s = a_story();
    s.deliveries.push_back(
        for_bot(progress::done, {attempt(1, kind::retry, "busy"), attempt(2, kind::done, "/echo")}));
    const auto text = lines(to_table(std::vector{s}));
    BOOST_TEST_REQUIRE(text.size() == 2u);
    BOOST_TEST(text[0] ==
               "NO  RECEIVED              KIND              ORIGIN     STATE  TRY  ROOM      BY, OR WHY");
    BOOST_TEST(text[1] ==
               "42  2026-02-11T09:14:27Z  messages:created  websocket  done   2    6a0c5d60  /echo");
}

BOOST_AUTO_TEST_CASE(columns_stand_below_each_other_whatever_their_contents)
{
    auto short_one = a_story(7);
    short_one.deliveries.push_back(for_bot(progress::waiting));
    auto long_one = a_story(1234567);
    long_one.what.resource = "attachmentActions";
    long_one.what.room.clear();
    long_one.deliveries.push_back(for_bot(progress::ignored, {attempt(1, kind::ignored, "own card action")}));
    const auto text = lines(to_table(std::vector{short_one, long_one}));
    BOOST_TEST_REQUIRE(text.size() == 3u);
    BOOST_TEST(text[1].find("waiting") == text[0].find("STATE"));
    BOOST_TEST(characters(text[2].substr(0, text[2].find("websocket"))) == text[0].find("ORIGIN"));
    BOOST_TEST(characters(text[2].substr(0, text[2].find("own"))) == text[0].find("BY, OR WHY"));
}

BOOST_AUTO_TEST_CASE(no_line_is_longer_than_the_width)
{
    auto s = a_story(12345678);
    s.what.resource = std::string(60, 'x');
    s.what.room = std::string(300, 'r');
    const std::string long_reason = "Über" + std::string(400, 'y');
    s.deliveries.push_back(for_bot(progress::ignored, {attempt(1, kind::ignored, long_reason)}));
    for (const auto& line : lines(to_table(std::vector{s})))
        BOOST_TEST(characters(line) <= 100u);
    const auto wide = lines(to_table(std::vector{s}, 160));
    BOOST_TEST(characters(wide.at(1)) == 160u);
    BOOST_TEST(wide.at(1).ends_with("y…"));
    BOOST_TEST(is_utf8(wide.at(1)));
}

BOOST_AUTO_TEST_CASE(several_readers_have_a_line_each_with_their_names)
{
    auto s = a_story();
    s.deliveries.push_back(for_bot(progress::done, {attempt(1, kind::done, "/echo")}));
    s.deliveries.push_back(for_bot(progress::dead, {attempt(1, kind::dead, "refused")}));
    s.deliveries.back().consumer = "audit";
    const auto text = lines(to_table(std::vector{s}));
    BOOST_TEST_REQUIRE(text.size() == 3u);
    BOOST_TEST(text[1].ends_with("bot: /echo"));
    BOOST_TEST(text[2].ends_with("audit: refused"));
}

BOOST_AUTO_TEST_CASE(an_event_that_nobody_has_is_there_all_the_same)
{
    const auto text = lines(to_table(std::vector{a_story()}));
    BOOST_TEST_REQUIRE(text.size() == 2u);
    BOOST_TEST(text[1].ends_with("-      0    6a0c5d60"));
}

BOOST_AUTO_TEST_CASE(what_the_guard_kept_back_is_told_in_its_words)
{
    const auto last_line = [](attempt_record a) {
        auto s = a_story();
        s.deliveries.push_back(for_bot(progress::ignored, {std::move(a)}));
        return lines(to_table(std::vector{s}, 160)).at(1);
    };
    const auto refused =
        judged(attempt(1, kind::ignored, "the guard does not admit it: eve"), verdict::refused, "eve");
    BOOST_TEST(last_line(refused).ends_with("6a0c5d60  guard: refused: eve"));
    const auto undecided =
        judged(attempt(1, kind::retry, "the guard cannot decide: x"), verdict::undecided, "x");
    BOOST_TEST(last_line(undecided).ends_with("6a0c5d60  guard: undecided: x"));
    const auto admitted = judged(attempt(1, kind::done, "/echo"), verdict::admitted, "all belong");
    BOOST_TEST(last_line(admitted).ends_with("6a0c5d60  /echo"));
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_no_control_bytes_from_strangers)
{
    auto s = a_story();
    const std::string evil = "\x1b[2J\r\n";
    s.what.resource = s.what.name = s.what.room = evil;
    s.deliveries.push_back(for_bot(progress::dead, {attempt(1, kind::dead, evil)}));
    s.deliveries.push_back(for_bot(progress::dead, {judged(attempt(1, kind::dead), verdict::refused, evil)}));
    s.deliveries.back().consumer = s.deliveries.back().asked = evil;
    for (const char c : to_table(std::vector{s}, 200))
        BOOST_TEST((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
}

BOOST_AUTO_TEST_CASE(since_is_an_age_a_day_or_a_moment)
{
    const auto now = moment("2026-02-11T12:00:00Z");
    BOOST_TEST((parse_since("30m", now) == moment("2026-02-11T11:30:00Z")));
    BOOST_TEST((parse_since("2h", now) == moment("2026-02-11T10:00:00Z")));
    BOOST_TEST((parse_since("3d", now) == moment("2026-02-08T12:00:00Z")));
    BOOST_TEST((parse_since("2026-02-10", now) == moment("2026-02-10T00:00:00Z")));
    BOOST_TEST((parse_since("2026-02-11T09:14:27.318Z", now) == moment("2026-02-11T09:14:27.318Z")));
    BOOST_TEST((parse_since("2026-02-11T10:00:00+01:00", now) == moment("2026-02-11T09:00:00Z")));
    for (const auto* wrong : {"", "m", "3x", "-2h", "yesterday", "2026-13-40", "3d ", "2026-02-11T"})
        BOOST_TEST(!parse_since(wrong, now).has_value(), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
