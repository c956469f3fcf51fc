#pragma once

#include "postern/base/result.hpp"
#include "postern/bot/arguments.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::matching {

// Somebody whom a message mentions, other than the bot.
struct mention
{
    std::string id;
    std::string name; // as the text shows it

    friend bool operator==(const mention&, const mention&) = default;
};

// What a command takes, from the line that describes it (bot/command.hpp has the grammar). Immutable.
class argument_spec
{
public:
    // Throws std::invalid_argument for what is no such line.
    explicit argument_spec(std::string_view line);

    // Either the arguments, or in words for a person why not: "\"x\" is no whole number". `mentions` are in
    // the order of the text. Linear; any bytes.
    struct reading
    {
        std::optional<parsed_arguments> found;
        std::string why_not; // holds what was typed: for the person who typed it, not for logs
    };
    reading read(std::string_view typed, const std::vector<mention>& mentions = {}) const;

    // "<int> [--kind trivia|math]"
    const std::string& usage() const noexcept { return usage_; }

private:
    enum class type
    {
        whole,
        number,
        word,
        text,
        choice,
        person
    };
    struct item
    {
        std::string name; // of an option without "--"
        std::string shown;
        type as = type::word;
        std::vector<std::string> choices;
        bool required = false;
    };
    struct option
    {
        item value;
        bool takes_value = false;
    };
    class reader;

    void take_option(std::string_view& rest, bool bracketed);
    void add(item positional);
    void add(option);
    void check_name(const std::string& name) const;
    static item parse_item(std::string_view body);
    static void check_value(const item&, std::string_view typed, std::optional<parsed_arguments::value>& into,
                            std::string& why_not);

    std::vector<item> positionals_;
    std::vector<option> options_;
    std::string usage_;
};

} // namespace postern::matching
