#include "postern/bot/commands/did_you_mean.hpp"

#include "postern/base/utf8.hpp"
#include "postern/bot/hear/letters.hpp"

#include <algorithm>
#include <cstdlib>

namespace postern::matching {
namespace {

constexpr std::size_t longest = 64; // letters of a name that anybody mistypes

// Nothing if there are more than anybody mistypes.
std::vector<char32_t> letters_of(std::string_view text)
{
    std::vector<char32_t> out;
    while (!text.empty() && out.size() <= longest)
        out.push_back(fold(take_code_point(text)));
    return out;
}

// The first `count` words, with one blank between them.
std::string first_words(std::string_view text, std::size_t count)
{
    std::string out;
    std::string_view rest = trimmed(text);
    for (std::size_t n = 0; n < count && !rest.empty(); ++n)
    {
        const std::string_view before = rest;
        std::string_view word = rest;
        while (!rest.empty())
        {
            const std::string_view here = rest;
            if (is_space(take_code_point(rest)))
            {
                word = before.substr(0, before.size() - here.size());
                break;
            }
        }
        out += (n == 0 ? "" : " ") + std::string(word);
        rest = trimmed(rest);
        if (out.size() > longest * 4)
            break;
    }
    return out;
}

std::string_view without_slash(std::string_view name) { return name.substr(name.starts_with('/') ? 1 : 0); }

} // namespace

std::size_t distance(std::string_view a, std::string_view b, std::size_t more_than)
{
    const auto from = letters_of(a);
    const auto to = letters_of(b);
    const auto gap = from.size() > to.size() ? from.size() - to.size() : to.size() - from.size();
    if (gap > more_than || from.size() > longest || to.size() > longest)
        return more_than + 1;
    std::vector<std::size_t> two_ago, last(to.size() + 1), row(to.size() + 1);
    for (std::size_t j = 0; j <= to.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= from.size(); ++i)
    {
        two_ago = last;
        last = row;
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j)
        {
            row[j] =
                std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                row[j] = std::min(row[j], two_ago[j - 2] + 1);
        }
    }
    return std::min(row[to.size()], more_than + 1);
}

std::string did_you_mean(std::string_view text, const std::vector<std::string>& names)
{
    std::string best;
    std::size_t nearest = 3;
    for (const std::string& name : names)
    {
        const auto words = static_cast<std::size_t>(std::count(name.begin(), name.end(), ' ')) + 1;
        const std::string_view letters = without_slash(name);
        const std::size_t most = std::min<std::size_t>(letters_of(letters).size() <= 3 ? 1 : 2, nearest - 1);
        const std::size_t far = distance(first_words(without_slash(trimmed(text)), words), letters, most);
        if (far <= most)
        {
            best = name;
            nearest = far;
        }
        if (nearest == 0)
            break;
    }
    return best;
}

} // namespace postern::matching
