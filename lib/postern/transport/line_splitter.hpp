#pragma once

// Private to transport.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace postern::transport {

// Cuts a stream of bytes into lines and holds no more than `limit` of them. A line ends with \n or \r\n,
// which is not part of it; one that is longer than `limit` comes in pieces of that size, and no empty piece
// follows the last one. What is in a line does not matter: any bytes pass.
class line_splitter
{
public:
    using sink = std::function<void(std::string_view line)>;

    explicit line_splitter(std::size_t limit);

    void feed(std::string_view bytes, const sink& line);
    void finish(const sink& line); // the stream is over: its last line may have no end

private:
    void hold(std::string_view part, const sink& line);
    void line_ended(const sink& line);

    std::size_t limit_;
    std::string held_;       // of the line under way
    bool in_pieces_ = false; // some of it was handed over already
};

} // namespace postern::transport
