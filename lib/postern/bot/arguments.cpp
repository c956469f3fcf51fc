#include "postern/bot/arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace postern {
namespace {

[[noreturn]] void throw_other_type(std::string_view name, const char* wanted)
{
    throw std::logic_error("the argument \"" + std::string(name) + "\" is no " + wanted);
}

} // namespace

const parsed_arguments::value* parsed_arguments::look_up(std::string_view name) const
{
    if (const auto found = values_.find(name); found != values_.end())
        return &found->second;
    if (std::find(declared_.begin(), declared_.end(), name) == declared_.end())
        throw std::logic_error("the command describes no argument \"" + std::string(name) + '"');
    return nullptr;
}

std::string parsed_arguments::as_text(std::string_view name, const value& v)
{
    if (const auto* text = std::get_if<std::string>(&v))
        return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&v))
        return std::to_string(*whole);
    const auto* number = std::get_if<double>(&v);
    if (!number)
        throw_other_type(name, "text: ask for an addressee");
    std::array<char, 32> digits{}; // the shortest form of a double has at most 24
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr;
    return std::string(digits.data(), end);
}

addressee parsed_arguments::as_person(std::string_view name, const value& v)
{
    const auto* person = std::get_if<addressee>(&v);
    if (!person)
        throw_other_type(name, "person");
    return *person;
}

double parsed_arguments::as_number(std::string_view name, const value& v)
{
    if (const auto* whole = std::get_if<std::int64_t>(&v))
        return static_cast<double>(*whole);
    const auto* number = std::get_if<double>(&v);
    if (!number)
        throw_other_type(name, "number");
    return *number;
}

std::int64_t parsed_arguments::as_int(std::string_view name, const value& v)
{
    const auto* whole = std::get_if<std::int64_t>(&v);
    if (!whole)
        throw_other_type(name, "int");
    return *whole;
}

void parsed_arguments::throw_absent(std::string_view name)
{
    throw std::logic_error("the argument \"" + std::string(name) +
                           "\" was left out: use find() or a default");
}

} // namespace postern
