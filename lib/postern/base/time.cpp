#include "postern/base/time.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <cstdio>

namespace postern {
namespace {

using namespace std::chrono;

// Reads exactly `digits` digits and removes them from the text.
std::optional<int> number(std::string_view& text, std::size_t digits)
{
    if (text.size() < digits)
        return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i)
    {
        if (!std::isdigit(static_cast<unsigned char>(text[i])))
            return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool skip(std::string_view& text, std::string_view expected)
{
    if (!text.starts_with(expected))
        return false;
    text.remove_prefix(expected.size());
    return true;
}

std::optional<wall_time> compose(int y, int mo, int d, int h, int mi, int s)
{
    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    const bool holds = y > 1678 && y < 2262; // what the clock's nanoseconds can count
    if (!holds || !date.ok() || h > 23 || mi > 59 || s > 60)
        return std::nullopt;
    return sys_days(date) + hours(h) + minutes(mi) + seconds(s);
}

} // namespace

std::string format_time(wall_time t)
{
    const auto whole = floor<milliseconds>(t);
    const auto date = floor<days>(whole);
    const year_month_day ymd{date};
    const hh_mm_ss<milliseconds> clock{whole - date};
    std::array<char, 40> out{};
    const int size = std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                                   int(ymd.year()), unsigned(ymd.month()), unsigned(ymd.day()),
                                   int(clock.hours().count()), int(clock.minutes().count()),
                                   int(clock.seconds().count()), int(clock.subseconds().count()));
    return {out.data(), static_cast<std::size_t>(size)};
}

std::optional<wall_time> parse_time(std::string_view text)
{
    const auto y = number(text, 4);
    if (!y || !skip(text, "-"))
        return std::nullopt;
    const auto mo = number(text, 2);
    if (!mo || !skip(text, "-"))
        return std::nullopt;
    const auto d = number(text, 2);
    if (!d || !(skip(text, "T") || skip(text, "t") || skip(text, " ")))
        return std::nullopt;
    const auto h = number(text, 2);
    if (!h || !skip(text, ":"))
        return std::nullopt;
    const auto mi = number(text, 2);
    if (!mi || !skip(text, ":"))
        return std::nullopt;
    const auto s = number(text, 2);
    if (!s)
        return std::nullopt;
    auto time = compose(*y, *mo, *d, *h, *mi, *s);
    if (!time)
        return std::nullopt;

    if (skip(text, "."))
    {
        std::int64_t nanos = 0, scale = 100'000'000;
        std::size_t seen = 0;
        for (; seen < text.size() && std::isdigit(static_cast<unsigned char>(text[seen]));
             ++seen, scale /= 10)
            nanos += (text[seen] - '0') * scale;
        if (seen == 0)
            return std::nullopt;
        text.remove_prefix(seen);
        *time += duration_cast<wall_time::duration>(nanoseconds(nanos));
    }
    if (text == "Z" || text == "z" || text.empty())
        return time;

    const int sign = text.front() == '-' ? -1 : 1;
    if (!skip(text, "+") && !skip(text, "-"))
        return std::nullopt;
    const auto oh = number(text, 2);
    skip(text, ":");
    const auto om = number(text, 2);
    if (!oh || !om || !text.empty())
        return std::nullopt;
    return *time - sign * (hours(*oh) + minutes(*om));
}

std::optional<wall_time> parse_http_date(std::string_view text)
{
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto comma = text.find(", ");
    if (comma == text.npos)
        return std::nullopt;
    text.remove_prefix(comma + 2);
    const auto d = number(text, 2);
    if (!d || !skip(text, " "))
        return std::nullopt;
    int month = 0;
    for (std::size_t i = 0; i < months.size() && month == 0; ++i)
        if (skip(text, months[i]))
            month = int(i) + 1;
    if (month == 0 || !skip(text, " "))
        return std::nullopt;
    const auto y = number(text, 4);
    if (!y || !skip(text, " "))
        return std::nullopt;
    const auto h = number(text, 2);
    if (!h || !skip(text, ":"))
        return std::nullopt;
    const auto mi = number(text, 2);
    if (!mi || !skip(text, ":"))
        return std::nullopt;
    const auto s = number(text, 2);
    if (!s || text != " GMT")
        return std::nullopt;
    return compose(*y, month, *d, *h, *mi, *s);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text)
{
    std::int64_t count = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (ec != std::errc() || count < 0)
        return std::nullopt;

    std::chrono::milliseconds one = std::chrono::seconds(1);
    if (unit == "ms")
        one = std::chrono::milliseconds(1);
    else if (unit == "m")
        one = std::chrono::minutes(1);
    else if (unit == "h")
        one = std::chrono::hours(1);
    else if (unit == "d")
        one = std::chrono::hours(24);
    else if (!unit.empty() && unit != "s")
        return std::nullopt;
    constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 36'525);
    if (count > longest / one)
        return std::nullopt;
    return count * one;
}

} // namespace postern
