#include "postern/bot/say/fence.hpp"
#include "postern/bot/say/split_text.hpp"
#include "postern/bot/say/text_cut.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <utility>

namespace postern {
namespace {

using matching::fence;
using matching::text_cut;

std::string_view line_at(std::string_view text, std::size_t at)
{
    return text.substr(at, text.find('\n', at) - at);
}

bool is_table_row(std::string_view line)
{
    const auto first = line.find_first_not_of(" \t");
    return first != line.npos && line[first] == '|';
}

// The borders of a text up to `room`, each as the place of a line end; none is at 0.
struct borders
{
    std::size_t paragraph = 0; // outside of code
    std::size_t line = 0;      // outside of code
    std::size_t code = 0;      // between two lines of code
    std::size_t block = 0;     // before the code block in which the room ends, if it begins in this text
    std::size_t last_line = 0; // where the line begins in which the room ends
    fence state;               // there
};

borders read_borders(std::string_view text, std::size_t room, fence state)
{
    borders out;
    std::size_t at = 0;
    for (auto end = text.find('\n'); end <= room; end = text.find('\n', at))
    {
        const bool was_open = state.open();
        state.read(text.substr(at, end - at));
        if (!state.open())
        {
            out.line = end;
            const auto behind = text.substr(end + 1, 2);
            if (behind.starts_with('\n') || behind == "\r\n")
                out.paragraph = end;
        }
        else if (was_open)
            out.code = end;
        else
        {
            out.block = at > 1 ? at - 1 : 0;
            out.code = 0;
        }
        at = end + 1;
        if (at >= text.size())
            break;
    }
    out.last_line = at;
    out.state = std::move(state);
    return out;
}

// So many bytes the code block that begins at `at` has; more than `most`: it is longer than that.
std::size_t block_size(std::string_view text, std::size_t at, std::size_t most)
{
    fence state;
    std::size_t end = at;
    do
    {
        const auto line = line_at(text, end);
        state.read(line);
        end += line.size() + 1;
    }
    while (state.open() && end < text.size() && end - at <= most);
    return std::min(end, text.size()) - at;
}

text_cut between_lines(std::string_view text, std::size_t border)
{
    const auto end = text.find_last_not_of("\r\n", border);
    return {end == text.npos ? 0 : end + 1, std::min(text.find_first_not_of("\r\n", border), text.size())};
}

text_cut find_markdown_cut(std::string_view text, std::size_t room, const fence& before)
{
    const borders seen = read_borders(text, room, before);
    const bool last_fits = line_at(text, seen.last_line).size() <= room;
    const auto usable = [&](std::size_t border, bool wanted) {
        return border > 0 && wanted && between_lines(text, border).end > 0;
    };
    if (seen.state.open())
    {
        if (usable(seen.block, true) && block_size(text, seen.block + 1, room) <= room)
            return between_lines(text, seen.block);
        if (seen.code > 0 && (seen.code >= room / 2 || last_fits))
            return {seen.code, seen.code + 1};
        if (usable(seen.block, seen.block >= room / 2))
            return between_lines(text, seen.block);
        return matching::cut_anywhere(text, room);
    }
    if (usable(seen.paragraph, seen.paragraph >= room / 2))
        return between_lines(text, seen.paragraph);
    const bool row = last_fits && is_table_row(line_at(text, seen.last_line));
    if (usable(seen.line, row || seen.line >= room / 2))
        return between_lines(text, seen.line);
    return matching::find_cut(text, room);
}

fence after(std::string_view text, fence state)
{
    for (std::size_t at = 0; at < text.size();)
    {
        const auto line = line_at(text, at);
        state.read(line);
        at += line.size() + 1;
    }
    return state;
}

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

} // namespace

std::vector<std::string> split_markdown(std::string_view text, std::size_t most)
{
    constexpr std::size_t closing_line = fence::longest + 1;
    BOOST_ASSERT(most >= 200);
    std::vector<std::string> pieces;
    fence open;
    std::string again; // the opening line that the next piece begins with
    while (again.size() + text.size() > most)
    {
        const auto found = find_markdown_cut(text, most - again.size() - closing_line, open);
        std::string piece = std::exchange(again, {});
        piece += text.substr(0, found.end);
        open = after(text.substr(0, found.end), std::move(open));
        text.remove_prefix(found.next);
        if (open.open())
        {
            (piece += '\n') += open.closing();
            const auto next = line_at(text, 0);
            if (open.closed_by(next))
            {
                text.remove_prefix(std::min(next.size() + 1, text.size()));
                open = {};
                text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
            }
            else
                again = open.opening() + '\n';
        }
        pieces.push_back(std::move(piece));
    }
    if (pieces.empty() || !blank(text))
        pieces.push_back(again.append(text));
    return pieces;
}

} // namespace postern
