#include "postern/bot/say/fence.hpp"

#include <algorithm>

namespace postern::matching {
namespace {

std::string_view without_blanks(std::string_view line)
{
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return line.substr(0, line.find_last_not_of(" \r") + 1);
}

// The backticks or tildes that a line starts with, if they are enough for a fence and none follow that would
// make it code within a line.
std::string_view mark_of(std::string_view line)
{
    if (!line.starts_with("```") && !line.starts_with("~~~"))
        return {};
    const auto mark = line.substr(0, line.find_first_not_of(line.front()));
    const bool inline_code = line.front() == '`' && line.find('`', mark.size()) != line.npos;
    return inline_code ? std::string_view() : mark;
}

} // namespace

bool fence::closed_by(std::string_view line) const
{
    line = without_blanks(line);
    const auto mark = mark_of(line);
    return open() && !mark.empty() && mark.size() == line.size() && mark.starts_with(mark_of(opening_));
}

void fence::read(std::string_view line)
{
    if (closed_by(line))
        return opening_.clear();
    if (open())
        return;
    line = without_blanks(line);
    if (!mark_of(line).empty())
        opening_ = line.size() <= longest ? line : line.substr(0, 3);
}

std::string fence::closing() const { return std::string(mark_of(opening_)); }

} // namespace postern::matching
