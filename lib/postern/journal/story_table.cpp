#include "postern/journal/story_table.hpp"

#include "postern/base/ids.hpp"
#include "postern/base/utf8.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace postern::journal {
namespace {

enum column : std::size_t
{
    number,
    received,
    kind,
    from,
    state,
    tries,
    room,
    reason,
    columns
};
using row = std::array<std::string, columns>;

constexpr std::size_t gap = 2;
constexpr std::size_t longest_kind = 19; // "memberships:created"
constexpr std::size_t least = 90;

std::size_t characters(std::string_view text)
{
    std::size_t n = 0;
    for (; !text.empty(); ++n)
        take_code_point(text);
    return n;
}

std::string cut(std::string text, std::size_t most)
{
    if (characters(text) <= most)
        return text;
    std::string_view rest(text);
    for (std::size_t i = 0; i + 1 < most; ++i)
        take_code_point(rest);
    text.resize(text.size() - rest.size());
    return text += "…";
}

std::string to_the_second(wall_time at) { return format_time(at).substr(0, 19) + 'Z'; }

std::string short_room(const std::string& id)
{
    return id.empty() ? "-" : printable(uuid_of(id).substr(0, 8));
}

row row_of(const story& s)
{
    row r;
    r[number] = std::to_string(s.record);
    r[received] = to_the_second(s.what.received);
    r[kind] = cut(printable(s.what.kind()), longest_kind);
    r[from] = to_string(s.what.from);
    r[state] = "-";
    r[tries] = "0";
    r[room] = short_room(s.what.room);
    return r;
}

// What the guard did not let through is told in its words: the line is short, and they say who and why.
std::string why(const attempt_record& last)
{
    if (!last.guard || last.guard->what == verdict::admitted)
        return printable(last.reason, 500);
    return "guard: " + std::string(to_string(last.guard->what)) + ": " + printable(last.guard->reason, 500);
}

row row_of(const story& s, const delivery_record& d, bool name_consumer)
{
    auto r = row_of(s);
    r[state] = to_string(d.how_far);
    r[tries] = std::to_string(d.attempts.size());
    if (name_consumer)
        r[reason] = printable(d.consumer) + ": ";
    if (!d.asked.empty())
        r[reason] += "(" + printable(d.asked) + " asked for) ";
    if (!d.attempts.empty())
        r[reason] += why(d.attempts.back());
    return r;
}

std::string line_of(const row& r, const std::array<std::size_t, columns>& widths)
{
    std::string text;
    for (std::size_t c = 0; c < reason; ++c)
        text += r[c] + std::string(widths[c] + gap - std::min(widths[c], characters(r[c])), ' ');
    text += cut(r[reason], widths[reason]);
    text.erase(text.find_last_not_of(' ') + 1);
    return text += '\n';
}

} // namespace

std::string to_table(std::span<const story> stories, std::size_t width)
{
    std::vector<row> rows{{"NO", "RECEIVED", "KIND", "ORIGIN", "STATE", "TRY", "ROOM", "BY, OR WHY"}};
    for (const auto& s : stories)
    {
        if (s.deliveries.empty())
            rows.push_back(row_of(s));
        for (const auto& d : s.deliveries)
            rows.push_back(row_of(s, d, s.deliveries.size() > 1));
    }

    std::array<std::size_t, columns> widths{};
    std::size_t taken = 0;
    for (std::size_t c = 0; c < reason; ++c)
    {
        for (const auto& r : rows)
            widths[c] = std::max(widths[c], characters(r[c]));
        taken += widths[c] + gap;
    }
    width = std::max(width, least);
    widths[reason] = width > taken ? width - taken : 1;

    std::string text;
    for (const auto& r : rows)
        text += line_of(r, widths);
    return text;
}

std::optional<wall_time> parse_since(std::string_view text, wall_time now)
{
    if (const auto moment = parse_time(text))
        return moment;
    if (text.size() == std::string_view("2026-02-11").size())
        return parse_time(std::string(text) + "T00:00:00Z");
    const auto age = parse_duration(text);
    return age ? std::optional(now - *age) : std::nullopt;
}

} // namespace postern::journal
