#include "postern/source/recovery/recovery_words.hpp"

namespace postern::source {
namespace {

std::string count(std::size_t n, const std::string& one)
{
    return std::to_string(n) + ' ' + one + (n == 1 ? "" : "s");
}

} // namespace

std::string words_for(const recovery_tally& t, const missed_time& w)
{
    const auto when = "between " + format_time(w.from) + " and " + format_time(w.to);
    auto line = t.messages == 0
                    ? "nothing was said " + when + " that is not known"
                    : "recovered " + count(t.messages, "message") + " of " + count(t.rooms, "room") +
                          (t.messages == 1 ? " that was said " : " that were said ") + when;
    if (t.joined > 0)
        line += "; was added to " + count(t.joined, "room");
    if (t.left > 0)
        line += "; was removed from " + count(t.left, "room");
    return line +
           "; deleted messages, edits, card submissions and room changes of that time can't be asked for";
}

} // namespace postern::source
