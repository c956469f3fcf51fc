#include "postern/webex/content_disposition.hpp"

#include "postern/base/utf8.hpp"
#include "postern/transport/http.hpp"

#include <algorithm>
#include <optional>

namespace postern::webex {
namespace {

constexpr std::size_t longest_name = 200;  // file systems allow 255; the caller may add to it
constexpr std::size_t longest_ending = 20; // with its dot

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

// Takes one value off the front: a quoted string or a bare word.
std::string take_value(std::string_view& rest)
{
    rest = trimmed(rest);
    std::string value;
    if (!rest.starts_with('"'))
    {
        value = trimmed(rest.substr(0, rest.find(';')));
        rest.remove_prefix(std::min(rest.find(';'), rest.size()));
        return value;
    }
    rest.remove_prefix(1);
    while (!rest.empty() && rest.front() != '"')
    {
        // Only a quote or a backslash is escaped; a lone backslash is part of a Windows path.
        if (rest.size() > 1 && rest[0] == '\\' && (rest[1] == '"' || rest[1] == '\\'))
            rest.remove_prefix(1);
        value += rest.front();
        rest.remove_prefix(1);
    }
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
    return value;
}

// charset'language'percent-encoded
std::optional<std::string> extended_value(std::string_view value)
{
    const auto first = value.find('\'');
    const auto second = first == value.npos ? value.npos : value.find('\'', first + 1);
    if (second == value.npos)
        return std::nullopt;
    auto bytes = transport::percent_decode(value.substr(second + 1));
    if (transport::equal_ignoring_case(value.substr(0, first), "utf-8") && is_utf8(bytes))
        return bytes;
    if (transport::equal_ignoring_case(value.substr(0, first), "iso-8859-1"))
        return utf8_of_latin1(bytes);
    return std::nullopt;
}

// U+202A..202E and U+2066..2069: "cod\u202Etxt.exe" is shown as "codexe.txt".
bool turns_direction(std::string_view three)
{
    const auto last = static_cast<unsigned char>(three[2]);
    return (three.starts_with("\xe2\x80") && last >= 0xaa && last <= 0xae) ||
           (three.starts_with("\xe2\x81") && last >= 0xa6 && last <= 0xa9);
}

std::string cut(std::string name)
{
    if (name.size() <= longest_name)
        return name;
    const auto dot = name.rfind('.');
    const auto ending =
        dot != name.npos && name.size() - dot <= longest_ending ? name.substr(dot) : std::string();
    name.resize(longest_name - ending.size());
    while (!is_utf8(name)) // never half a code point
        name.pop_back();
    return name + ending;
}

} // namespace

std::string filename_of(std::string_view field)
{
    std::string plain;
    auto rest = field;
    rest.remove_prefix(std::min(rest.find(';'), rest.size())); // the kind: "attachment"
    while (!rest.empty())
    {
        rest.remove_prefix(1);
        const auto end = rest.find_first_of("=;");
        const auto name = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end, rest.size()));
        if (!rest.starts_with('='))
            continue;
        rest.remove_prefix(1);
        auto value = take_value(rest);
        if (transport::equal_ignoring_case(name, "filename*"))
        {
            if (const auto extended = extended_value(value))
                if (auto safe = safe_filename(*extended); !safe.empty())
                    return safe;
        }
        else if (transport::equal_ignoring_case(name, "filename") && plain.empty())
            plain = std::move(value);
    }
    return safe_filename(plain);
}

std::string safe_filename(std::string_view foreign)
{
    std::string text = is_utf8(foreign) ? std::string(foreign) : utf8_of_latin1(foreign);
    text.erase(0, text.find_last_of("/\\") + 1);

    std::string safe;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool c1 = byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0; // U+0080..009F
        if (byte < 0x20 || byte == 0x7f)
            continue;
        if (c1)
            ++i;
        else if (byte == 0xe2 && turns_direction(std::string_view(text).substr(i, 3)))
            i += 2;
        else
            safe += text[i];
    }
    safe = trimmed(safe);
    return safe.find_first_not_of(". ") == safe.npos ? std::string() : cut(std::move(safe));
}

} // namespace postern::webex
