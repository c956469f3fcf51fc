#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace postern::no_code {

struct argument_name
{
    enum class type
    {
        text, // also a word, and one of several
        whole,
        number,
        person,
        flag
    };
    std::string name; // as parsed_arguments knows it
    type as = type::text;

    friend bool operator==(const argument_name&, const argument_name&) = default;
};

// What the description of a command's arguments (bot/command.hpp) names, in its order. The line must be a
// valid one: argument_spec tells.
std::vector<argument_name> argument_names(std::string_view line);

} // namespace postern::no_code
