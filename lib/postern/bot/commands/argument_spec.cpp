#include "postern/bot/commands/argument_spec.hpp"

#include "postern/bot/commands/typed_words.hpp"
#include "postern/bot/hear/letters.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace postern::matching {
namespace {

[[noreturn]] void refuse(const std::string& why)
{
    throw std::invalid_argument("postern::bot: arguments: " + why);
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// What stands between `open` and `close`, which `rest` begins with.
std::string_view take_bracket(std::string_view& rest, char open, char close)
{
    const auto end = rest.find(close);
    if (end == rest.npos)
        refuse(quoted(rest) + " is not closed");
    const auto body = trimmed(rest.substr(1, end - 1));
    rest.remove_prefix(end + 1);
    if (body.empty() || body.find(open) != body.npos)
        refuse("there is nothing, or too much, between " + quoted(std::string(1, open)) + " and " +
               quoted(std::string(1, close)));
    return body;
}

std::string_view take_plain(std::string_view& rest)
{
    const auto end = std::min(rest.find_first_of(" \t\r\n[]<>"), rest.size());
    const auto word = rest.substr(0, end);
    rest.remove_prefix(end);
    return word;
}

bool is_name(std::string_view text)
{
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    };
    return !text.empty() && text.front() != '-' && std::all_of(text.begin(), text.end(), fits);
}

std::vector<std::string> choices_of(std::string_view text)
{
    std::vector<std::string> out;
    for (;;)
    {
        const auto end = std::min(text.find('|'), text.size());
        out.emplace_back(trimmed(text.substr(0, end)));
        if (out.back().empty() || out.back().find(' ') != std::string::npos)
            refuse(quoted(text) + " is no choice between words");
        if (end == text.size())
            return out;
        text.remove_prefix(end + 1);
    }
}

} // namespace

// "NAME", "TYPE", "NAME:TYPE", "a|b" or "NAME:a|b".
argument_spec::item argument_spec::parse_item(std::string_view body)
{
    struct known_type
    {
        std::string_view name;
        type as;
    };
    constexpr known_type known[]{{"int", type::whole},
                                 {"number", type::number},
                                 {"word", type::word},
                                 {"text", type::text},
                                 {"person", type::person}};
    const auto by_name = [&known](std::string_view name) {
        return std::find_if(std::begin(known), std::end(known), [name](auto& t) { return t.name == name; });
    };

    item out;
    const auto colon = body.find(':');
    const auto type_text = colon == body.npos ? body : trimmed(body.substr(colon + 1));
    out.name = std::string(trimmed(body.substr(0, colon)));
    out.shown = out.name;
    if (type_text.find('|') != type_text.npos)
    {
        out.as = type::choice;
        out.choices = choices_of(type_text);
        out.shown = type_text;
        if (colon == body.npos)
            return out; // the choice is its own name
    }
    else if (const auto found = by_name(type_text); found != std::end(known))
        out.as = found->as;
    else if (colon != body.npos)
        refuse(quoted(type_text) + " is no type: int, number, word, text, person, or a|b");
    if (!is_name(out.name))
        refuse(quoted(out.name) + " is no name for an argument");
    return out;
}

argument_spec::argument_spec(std::string_view line)
{
    for (std::string_view rest = trimmed(line); !rest.empty(); rest = trimmed(rest))
    {
        if (rest.front() == '<')
        {
            item next = parse_item(take_bracket(rest, '<', '>'));
            next.required = true;
            add(std::move(next));
        }
        else if (rest.front() == '[')
        {
            std::string_view body = take_bracket(rest, '[', ']');
            if (body.starts_with("--"))
                take_option(body, true);
            else if (body.front() == '<')
                add(parse_item(take_bracket(body, '<', '>')));
            else
                add(parse_item(std::exchange(body, {})));
            if (!trimmed(body).empty())
                refuse("one thing in a pair of brackets, not also " + quoted(body));
        }
        else if (rest.starts_with("--"))
            take_option(rest, false);
        else
            refuse(quoted(take_plain(rest)) + " is neither in <> nor in [], nor an option");
    }
}

void argument_spec::take_option(std::string_view& rest, bool bracketed)
{
    auto name = take_option_name(rest);
    if (!name || !is_name(*name) || rest.starts_with('='))
        refuse(quoted(rest) + " is no option");
    rest = trimmed(rest);
    const bool flag = rest.empty() || (!bracketed && (rest.front() == '[' || rest.starts_with("--")));
    if (flag && !bracketed)
        refuse("--" + *name + " has no value, so it must be in brackets: [--" + *name + ']');

    option next;
    if (!flag)
    {
        const bool angled = rest.front() == '<';
        const auto body = angled      ? take_bracket(rest, '<', '>')
                          : bracketed ? std::exchange(rest, {})
                                      : take_plain(rest);
        next.value = parse_item(body);
        next.takes_value = true;
        if (next.value.as == type::text)
            refuse("--" + *name + " can't take the rest of the line");
    }
    next.value.name = std::move(*name);
    next.value.required = !bracketed;
    add(std::move(next));
}

void argument_spec::check_name(const std::string& name) const
{
    const auto same = [&name](const std::string& other) { return folded(name) == folded(other); };
    for (const item& i : positionals_)
        if (same(i.name))
            refuse(quoted(name) + " is there twice");
    for (const option& o : options_)
        if (same(o.value.name))
            refuse(quoted(name) + " is there twice");
}

void argument_spec::add(item positional)
{
    check_name(positional.name);
    if (!positionals_.empty() && positionals_.back().as == type::text)
        refuse("nothing can follow " + quoted(positionals_.back().name) + ", it takes the rest of the line");
    if (positional.required && !positionals_.empty() && !positionals_.back().required)
        refuse(quoted(positional.name) + " can't be required after one that may be left out");
    usage_ += usage_.empty() ? "" : " ";
    usage_ += positional.required ? '<' + positional.shown + '>' : '[' + positional.shown + ']';
    positionals_.push_back(std::move(positional));
}

void argument_spec::add(option next)
{
    check_name(next.value.name);
    usage_ += usage_.empty() ? "" : " ";
    const std::string words =
        "--" + next.value.name + (next.takes_value ? ' ' + next.value.shown : std::string());
    usage_ += next.value.required ? words : '[' + words + ']';
    options_.push_back(std::move(next));
}

} // namespace postern::matching
