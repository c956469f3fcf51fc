#include "postern/guard/audit_meter.hpp"

namespace postern::guard {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t bar_width = 24;
constexpr auto between_bars = 100ms;
constexpr auto between_lines = 10s;
constexpr auto longest_silence = 60s;
constexpr std::size_t little = 20; // the part of all rooms that is worth a line before a minute is over

std::string in_words(std::chrono::duration<double> span)
{
    const auto seconds = static_cast<long>(span.count()) + 1;
    if (seconds < 60)
        return std::to_string(seconds) + " s";
    if (seconds < 3600)
        return std::to_string((seconds + 30) / 60) + " min";
    const auto minutes = (seconds + 30) / 60;
    return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

} // namespace

std::optional<std::string> audit_meter::bar(const audit_state& s, time_point now)
{
    const bool over = s.looked_at >= s.all;
    if (shown_ && !over && now - *shown_ < between_bars)
        return std::nullopt;
    auto text = words(s, now);
    shown_ = now;
    const auto filled = s.all == 0 ? bar_width : bar_width * s.looked_at / s.all;
    std::string drawn(filled, '=');
    if (filled < bar_width)
        drawn += '>' + std::string(bar_width - filled - 1, ' ');
    return '[' + drawn + "] " + text;
}

std::optional<std::string> audit_meter::line(const audit_state& s, time_point now)
{
    if (shown_)
    {
        const auto silent = now - *shown_;
        const bool much = (s.looked_at - told_) * little >= s.all;
        if (silent < (much ? between_lines : longest_silence))
            return std::nullopt;
    }
    auto text = words(s, now);
    shown_ = now;
    told_ = s.looked_at;
    return text;
}

std::string audit_meter::words(const audit_state& s, time_point now)
{
    if (!begun_)
        begun_ = now;
    auto text = std::to_string(s.looked_at) + " of " + std::to_string(s.all) +
                (s.all == 1 ? " room, " : " rooms, ") + std::to_string(s.bad) + " bad";
    const auto done = s.looked_at - s.known_before;
    const std::chrono::duration<double> taken = now - *begun_;
    if (done > 0 && s.looked_at < s.all)
        text += ", about " +
                in_words(taken * (static_cast<double>(s.all - s.looked_at) / static_cast<double>(done))) +
                " left";
    return text;
}

} // namespace postern::guard
