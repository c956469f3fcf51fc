#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace postern::no_code {

// What a program writes, as far as it matters: the beginning of its output, the end of its errors. Any bytes
// may come; bounded, whatever comes.
class program_output
{
public:
    // So many bytes are kept; after `flood` bytes of output and errors the program should be stopped.
    program_output(std::size_t kept, std::size_t flood) : most_(kept), flood_(flood) {}

    // A line without its end. Of a longer one than `kept` the first part is enough.
    void out(std::string_view line);
    void err(std::string_view line);

    bool flooded() const noexcept { return written_ > flood_; }

    struct reading
    {
        std::string text; // UTF-8 without control characters and without blank lines at its end
        bool cut = false; // there was more
    };
    reading said() const;
    const std::string& last_error() const noexcept { return last_error_; } // the last line with words in it

private:
    const std::size_t most_;
    const std::size_t flood_;
    std::size_t written_ = 0;
    std::string kept_;
    bool cut_ = false;
    std::string last_error_;
};

} // namespace postern::no_code
