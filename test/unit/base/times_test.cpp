#include "postern/base/backoff.hpp"
#include "postern/base/time.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(times)

BOOST_AUTO_TEST_CASE(times_are_written_as_the_live_service_writes_them)
{
    const auto t = parse_time("2026-02-11T09:14:27.318Z");
    BOOST_TEST_REQUIRE(t.has_value());
    BOOST_TEST(format_time(*t) == "2026-02-11T09:14:27.318Z");
    BOOST_TEST(format_time({}) == "1970-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(all_forms_of_iso_8601_that_webex_uses_are_read)
{
    const auto base = *parse_time("2026-02-11T09:14:27.000Z");
    BOOST_TEST((parse_time("2026-02-11T09:14:27Z") == base));
    BOOST_TEST((parse_time("2026-02-11T09:14:27+00:00") == base));
    BOOST_TEST((parse_time("2026-02-11T10:14:27+01:00") == base));
    BOOST_TEST((parse_time("2026-02-11T04:44:27-0430") == base));
    BOOST_TEST((parse_time("2026-02-11T09:14:27.5Z") == base + 500ms));
    for (const auto* bad :
         {"", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-02-11T25:00:00Z",
          "2026-02-11T09:14:27.Z", "2026-02-11T09:14:27Zx", "2026-02-11T09:14:27+1", "yesterday"})
        BOOST_TEST(!parse_time(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(http_dates_are_read)
{
    BOOST_TEST((parse_http_date("Wed, 11 Feb 2026 09:14:27 GMT") == parse_time("2026-02-11T09:14:27Z")));
    for (const auto* bad : {"", "Wed", "Wed, 11 Foo 2026 09:14:27 GMT", "Wed, 11 Feb 2026 09:14:27", "27"})
        BOOST_TEST(!parse_http_date(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_most_and_jitter_within_half)
{
    const backoff b{100ms, 1s};
    BOOST_TEST((b.pause(0, 0.0) == 50ms));
    BOOST_TEST((b.pause(0, 0.999) <= 100ms));
    BOOST_TEST((b.pause(2, 0.0) == 200ms));
    BOOST_TEST((b.pause(60, 0.999) <= 1s));
    BOOST_TEST((b.pause(60, 0.0) == 500ms));
}

BOOST_AUTO_TEST_CASE(a_duration_is_a_number_and_a_unit)
{
    using namespace std::chrono_literals;
    BOOST_TEST((parse_duration("90") == 90s));
    BOOST_TEST((parse_duration("200ms") == 200ms));
    BOOST_TEST((parse_duration("90s") == 90s));
    BOOST_TEST((parse_duration("30m") == 30min));
    BOOST_TEST((parse_duration("24h") == 24h));
    BOOST_TEST((parse_duration("7d") == 168h));
    BOOST_TEST((parse_duration("0s") == 0s));
    for (const char* wrong :
         {"", "m", "-1h", "1w", "1 h", "1h30m", "99999999999999999999s", "36526d", "1.5h"})
        BOOST_TEST(!parse_duration(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
