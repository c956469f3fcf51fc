#include "postern/bot/split_text.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <utility>

namespace postern {
namespace {

struct cut
{
    std::size_t end;  // of the piece
    std::size_t next; // where the following piece begins
};

constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The best border in a text that is longer than `most`.
cut find_cut(std::string_view text, std::size_t most)
{
    struct border
    {
        std::string_view mark;
        std::string_view separators; // what goes with it
    };
    constexpr border borders[] = {{"\n\n", "\r\n"}, {"\n", "\r\n"}, {" ", " \t"}};

    const std::string_view window = text.substr(0, most + 1); // a border right behind the last byte counts
    for (const std::size_t least : {most / 2, std::size_t(1)})
        for (const auto& [mark, separators] : borders)
        {
            const auto at = window.rfind(mark);
            if (at == window.npos || at < least)
                continue;
            const auto end = text.find_last_not_of(separators, at);
            if (end == text.npos)
                continue;
            return {end + 1, std::min(text.find_first_not_of(separators, at), text.size())};
        }

    std::size_t end = most;
    while (end > most - 3 && is_continuation(text[end]))
        --end;
    if (is_continuation(text[end])) // no UTF-8: any byte is as good as any other
        end = most;
    return {end, end};
}

// The first line of `rest`, without the blanks around it; `rest` goes on behind it.
std::string_view take_line(std::string_view& rest)
{
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return line.substr(0, line.find_last_not_of(" \r") + 1);
}

// The backticks or tildes that a line starts with, if they are enough for a fence.
std::string_view fence_mark(std::string_view line)
{
    if (!line.starts_with("```") && !line.starts_with("~~~"))
        return {};
    return line.substr(0, line.find_first_not_of(line.front()));
}

bool closes(std::string_view line, std::string_view open)
{
    const auto mark = fence_mark(line);
    return !mark.empty() && mark.size() == line.size() && mark.starts_with(fence_mark(open));
}

// The line that opened the code block in which `text` ends; empty: it ends in none. `open` is the state
// before.
std::string open_fence(std::string_view text, std::string open)
{
    constexpr std::size_t longest_fence = 64;
    while (!text.empty())
    {
        const auto line = take_line(text);
        if (open.empty() && !fence_mark(line).empty())
            open = line.size() <= longest_fence ? line : line.substr(0, 3);
        else if (!open.empty() && closes(line, open))
            open.clear();
    }
    return open;
}

} // namespace

std::vector<std::string> split_text(std::string_view text, std::size_t most)
{
    BOOST_ASSERT(most >= 4);
    std::vector<std::string> pieces;
    while (text.size() > most)
    {
        const cut found = find_cut(text, most);
        pieces.emplace_back(text.substr(0, found.end));
        text.remove_prefix(found.next);
    }
    if (!text.empty() || pieces.empty())
        pieces.emplace_back(text);
    return pieces;
}

std::vector<std::string> split_markdown(std::string_view text, std::size_t most)
{
    constexpr std::size_t closing_line = 65; // a line end and the longest fence
    BOOST_ASSERT(most >= 200);
    std::vector<std::string> pieces;
    std::string open;
    std::string again; // the opening line that the next piece begins with
    while (again.size() + text.size() > most)
    {
        const cut found = find_cut(text, most - again.size() - closing_line);
        std::string piece = std::exchange(again, {});
        piece += text.substr(0, found.end);
        open = open_fence(text.substr(0, found.end), std::move(open));
        text.remove_prefix(found.next);
        if (!open.empty())
        {
            (piece += '\n') += fence_mark(open);
            std::string_view behind = text;
            if (closes(take_line(behind), open))
            {
                text = behind;
                open.clear();
            }
            else
                again = open + '\n';
        }
        pieces.push_back(std::move(piece));
    }
    if (!text.empty() || pieces.empty())
        pieces.push_back(again.append(text));
    return pieces;
}

} // namespace postern
