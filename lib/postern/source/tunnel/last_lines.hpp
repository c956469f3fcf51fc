#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

namespace postern::source {

// What a child said last: a bounded number of lines of bounded length, harmless for a log.
class last_lines
{
public:
    static constexpr std::size_t most = 100;
    static constexpr std::size_t longest = 500; // bytes

    void add(std::string line)
    {
        if (lines_.size() == most)
            lines_.pop_front();
        lines_.push_back(std::move(line));
    }
    // The last one with something in it.
    std::string last() const
    {
        for (auto at = lines_.rbegin(); at != lines_.rend(); ++at)
            if (at->find_first_not_of(' ') != at->npos)
                return *at;
        return {};
    }
    const std::deque<std::string>& all() const noexcept { return lines_; }
    void clear() { lines_.clear(); }

private:
    std::deque<std::string> lines_;
};

} // namespace postern::source
