#include "postern/bot/no_code/argument_names.hpp"

#include "postern/bot/hear/letters.hpp"

#include <algorithm>
#include <cstddef>

namespace postern::no_code {
namespace {

using type = argument_name::type;
using matching::trimmed;

std::string_view take(std::string_view& rest, std::size_t count)
{
    const auto taken = rest.substr(0, count);
    rest.remove_prefix(std::min(rest.size(), count));
    return taken;
}

std::string_view take_bracket(std::string_view& rest, char close)
{
    auto body = take(rest, rest.find(close));
    body.remove_prefix(std::min<std::size_t>(body.size(), 1));
    take(rest, 1);
    return trimmed(body);
}

std::string_view without_angles(std::string_view body)
{
    return body.starts_with('<') ? take_bracket(body, '>') : body;
}

// "NAME", "TYPE", "NAME:TYPE", "a|b" or "NAME:a|b".
argument_name positional(std::string_view body)
{
    const auto colon = body.find(':');
    const auto kind = colon == body.npos ? body : trimmed(body.substr(colon + 1));
    argument_name out;
    out.name = std::string(
        kind.find('|') != kind.npos && colon == body.npos ? body : trimmed(body.substr(0, colon)));
    if (kind == "int")
        out.as = type::whole;
    else if (kind == "number")
        out.as = type::number;
    else if (kind == "person")
        out.as = type::person;
    return out;
}

// "--NAME" or "--NAME VALUE".
argument_name option(std::string_view body)
{
    body.remove_prefix(2);
    const auto name = take(body, std::min(body.find_first_of(" \t\r\n<["), body.size()));
    argument_name out;
    const auto value = without_angles(trimmed(body));
    out.as = value.empty() ? type::flag : positional(value).as;
    out.name = std::string(name);
    return out;
}

// "--NAME VALUE" without brackets around it.
std::string_view take_plain_option(std::string_view& rest)
{
    const auto whole = rest;
    take(rest, rest.find_first_of(" \t\r\n<"));
    rest = trimmed(rest);
    if (rest.starts_with('<'))
        take_bracket(rest, '>');
    else
        take(rest, rest.find_first_of(" \t\r\n[]<>"));
    return trimmed(whole.substr(0, whole.size() - rest.size()));
}

} // namespace

std::vector<argument_name> argument_names(std::string_view line)
{
    std::vector<argument_name> out;
    if (trimmed(line) == "-")
        return out;
    for (auto rest = trimmed(line); !rest.empty(); rest = trimmed(rest))
        if (rest.front() == '<')
            out.push_back(positional(take_bracket(rest, '>')));
        else if (rest.front() == '[')
        {
            const auto body = take_bracket(rest, ']');
            out.push_back(body.starts_with("--") ? option(body) : positional(without_angles(body)));
        }
        else
            out.push_back(option(take_plain_option(rest)));
    return out;
}

} // namespace postern::no_code
