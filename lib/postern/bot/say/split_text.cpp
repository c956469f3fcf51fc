#include "postern/bot/say/split_text.hpp"

#include "postern/bot/say/text_cut.hpp"

#include <boost/assert.hpp>

#include <algorithm>

namespace postern {
namespace matching {
namespace {

constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool begins_a_fence(std::string_view text) { return text.starts_with("```") || text.starts_with("~~~"); }

std::size_t border_of_code_point(std::string_view text, std::size_t most)
{
    std::size_t end = most;
    while (end > most - 3 && is_continuation(text[end]))
        --end;
    return is_continuation(text[end]) ? most : end; // no UTF-8: any byte is as good as any other
}

} // namespace

text_cut cut_anywhere(std::string_view text, std::size_t most)
{
    const std::size_t end = border_of_code_point(text, most);
    std::size_t earlier = end;
    while (earlier > 1 && begins_a_fence(text.substr(earlier)))
        --earlier;
    if (begins_a_fence(text.substr(earlier)))
        return {end, end};
    return {earlier, earlier};
}

text_cut find_cut(std::string_view text, std::size_t most)
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
    return cut_anywhere(text, most);
}

} // namespace matching

std::vector<std::string> split_text(std::string_view text, std::size_t most)
{
    BOOST_ASSERT(most >= 4);
    std::vector<std::string> pieces;
    while (text.size() > most)
    {
        const auto found = matching::find_cut(text, most);
        pieces.emplace_back(text.substr(0, found.end));
        text.remove_prefix(found.next);
    }
    if (!text.empty() || pieces.empty())
        pieces.emplace_back(text);
    return pieces;
}

} // namespace postern
