#include "postern/source/device/channel_words.hpp"

#include "postern/base/time.hpp"

namespace postern::source {

std::string spoken(std::chrono::milliseconds duration)
{
    if (duration < std::chrono::milliseconds(100))
        return std::to_string(duration.count()) + " ms";
    const auto tenths = (duration.count() + 50) / 100;
    if (tenths < 100)
        return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
    const auto seconds = tenths / 10;
    if (seconds < 120)
        return std::to_string(seconds) + " s";
    return std::to_string(seconds / 60) + " min";
}

std::string lost_words(std::string_view standing, const treatment& t)
{
    const bool at_once = t.pause.count() == 0;
    std::string line(standing);
    line.append(": ").append(t.words).append("; ");
    if (t.what != remedy::reconnect)
        line.append(to_string(t.what)).append(t.what == remedy::alarm ? "; " : ", ");
    line += at_once ? "trying again at once" : "trying again in " + spoken(t.pause);
    return line;
}

std::string back_words(std::chrono::milliseconds outage, unsigned tries, const gap& g)
{
    std::string line = "channel ready again after " + spoken(outage) + ", " + std::to_string(tries) +
                       (tries == 1 ? " try; " : " tries; ");
    if (g.buffered)
        return line + "the cloud kept what was said meanwhile";
    return line + "events between " + format_time(g.from) + " and " + format_time(g.to) +
           " may have been missed";
}

} // namespace postern::source
