#include "postern/base/log.hpp"
#include "postern/base/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <type_traits>

using namespace postern;

BOOST_AUTO_TEST_SUITE(logs)

BOOST_AUTO_TEST_CASE(a_line_is_one_line_in_both_formats)
{
    const log_line line{
        severity::warning, "bot", "said\n\"no\"", {{"room", "a b"}, {"count", 3}, {"plain", "x"}}};
    BOOST_TEST(format_line(line, log_format::human, {}) ==
               R"(1970-01-01T00:00:00.000Z warning bot: said\x0a"no" room="a b" count=3 plain=x)");
    BOOST_TEST(
        format_line(line, log_format::json, {}) ==
        R"({"time":"1970-01-01T00:00:00.000Z","level":"warning","part":"bot","message":"said\n\"no\"","room":"a b","count":"3","plain":"x"})");
}

BOOST_AUTO_TEST_CASE(nothing_below_the_threshold_is_written)
{
    int lines = 0;
    const postern::log out(severity::warning, [&](const log_line&) { ++lines; });
    out.info("no");
    out.debug("no");
    out.warning("yes");
    out.error("yes");
    BOOST_TEST(lines == 2);
}

BOOST_AUTO_TEST_CASE(levels_are_read_as_people_write_them)
{
    BOOST_TEST((parse_severity("WARN") == severity::warning));
    BOOST_TEST((parse_severity("Debug") == severity::debug));
    BOOST_TEST(!parse_severity("loud").has_value());
}

// "Secrets don't travel": the compiler keeps it.
static_assert(!std::is_constructible_v<field, std::string_view, secret>);
static_assert(!std::is_constructible_v<field, std::string_view, const secret&>);

BOOST_AUTO_TEST_SUITE_END()
