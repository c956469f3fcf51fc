#pragma once

#include <string>
#include <string_view>

namespace postern::matching {

// The fence of a code block (CommonMark 4.5), line by line: whether one is open, and how it was opened.
class fence
{
public:
    bool open() const noexcept { return !opening_.empty(); }
    // A line without its end.
    void read(std::string_view line);
    bool closed_by(std::string_view line) const;

    // The line that opens such a block again, with its language unless that is absurdly long.
    const std::string& opening() const noexcept { return opening_; }
    std::string closing() const; // empty if none is open

    static constexpr std::size_t longest = 64; // of either

private:
    std::string opening_;
};

} // namespace postern::matching
