#include "postern/transport/line_splitter.hpp"

#include <algorithm>

namespace postern::transport {

line_splitter::line_splitter(std::size_t limit) : limit_(std::max<std::size_t>(limit, 1)) {}

void line_splitter::feed(std::string_view bytes, const sink& line)
{
    for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n'))
    {
        hold(bytes.substr(0, end), line);
        line_ended(line);
        bytes.remove_prefix(end + 1);
    }
    hold(bytes, line);
}

void line_splitter::finish(const sink& line)
{
    if (!held_.empty())
        line(held_);
    held_.clear();
    in_pieces_ = false;
}

// A full buffer is not cut before one more byte has come: its last one may be the \r of the line's end.
void line_splitter::hold(std::string_view part, const sink& line)
{
    while (held_.size() + part.size() > limit_)
    {
        const auto rest = limit_ - held_.size();
        held_ += part.substr(0, rest);
        part.remove_prefix(rest);
        line(held_);
        held_.clear();
        in_pieces_ = true;
    }
    held_ += part;
}

void line_splitter::line_ended(const sink& line)
{
    if (held_.ends_with('\r'))
        held_.pop_back();
    if (!held_.empty() || !in_pieces_)
        line(held_);
    held_.clear();
    in_pieces_ = false;
}

} // namespace postern::transport
