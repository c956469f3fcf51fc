#include "postern/emulator/mentions.hpp"

#include <charconv>
#include <optional>

namespace postern::emulator {

namespace {

// Two noncharacters of Unicode (U+FDD0, U+FDD1) around an index. Texts may not contain them; those of a
// hostile sender are replaced, and one that is written as an entity meets the range check of split().
constexpr std::string_view opening = "\xef\xb7\x90";
constexpr std::string_view closing = "\xef\xb7\x91";
constexpr std::string_view replacement = "\xef\xbf\xbd"; // U+FFFD

bool escaped(std::string_view text, std::size_t at)
{
    std::size_t backslashes = 0;
    while (backslashes < at && text[at - backslashes - 1] == '\\')
        ++backslashes;
    return backslashes % 2 == 1;
}

// `inside` is what stands between "<@" and ">". Empty if that is no mention at all.
std::optional<mentions::mention> understand(std::string_view inside, const find_person& find)
{
    mentions::mention m{mentions::nobody{}, "<@" + std::string(inside) + '>'};
    if (inside == "all")
    {
        m.who = mentions::everybody{};
        return m;
    }

    const auto colon = inside.find(':');
    const auto kind = inside.substr(0, colon);
    if (colon == inside.npos || (kind != "personEmail" && kind != "personId"))
        return std::nullopt;
    const auto rest = inside.substr(colon + 1);
    const auto bar = rest.find('|');
    const auto name = bar == rest.npos ? std::string_view() : rest.substr(bar + 1);
    if (auto known = find ? find(rest.substr(0, bar)) : std::nullopt)
        m.who = mentions::person{std::move(known->id),
                                 name.empty() ? std::move(known->display_name) : std::string(name)};
    return m;
}

} // namespace

mentions::mentions(std::string_view markdown, const find_person& find)
{
    for (std::size_t at = 0; at < markdown.size();)
    {
        const auto rest = markdown.substr(at);
        if (rest.starts_with("<@") && !escaped(markdown, at))
        {
            const auto end = rest.find_first_of("<>\r\n", 1);
            auto found = end != rest.npos && rest[end] == '>' ? understand(rest.substr(2, end - 2), find)
                                                              : std::nullopt;
            if (found)
            {
                marked_.append(opening).append(std::to_string(found_.size())).append(closing);
                found_.push_back(std::move(*found));
                at += end + 1;
                continue;
            }
        }
        if (rest.starts_with(opening) || rest.starts_with(closing))
        {
            marked_ += replacement;
            at += opening.size();
            continue;
        }
        marked_ += markdown[at++];
    }
}

std::vector<mentions::piece> mentions::split(std::string_view text) const
{
    std::vector<piece> pieces;
    while (!text.empty())
    {
        const auto start = text.find(opening);
        if (start != 0)
            pieces.emplace_back(text.substr(0, start));
        if (start == text.npos)
            break;
        text.remove_prefix(start + opening.size());

        std::size_t index{};
        const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), index);
        const auto length = static_cast<std::size_t>(end - text.data());
        if (ec == std::errc() && index < found_.size() && text.substr(length).starts_with(closing))
        {
            pieces.emplace_back(&found_[index]);
            text.remove_prefix(length + closing.size());
        }
    }
    return pieces;
}

std::string mentions::original(std::string_view text) const
{
    std::string out;
    for (const auto& part : split(text))
        if (const auto* plain = std::get_if<std::string_view>(&part))
            out += *plain;
        else
            out += std::get<const mention*>(part)->source;
    return out;
}

} // namespace postern::emulator
