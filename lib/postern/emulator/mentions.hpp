#pragma once

#include "postern/emulator/markdown.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postern::emulator {

// Takes the service's mention syntax out of a markdown text before a markdown parser sees it: the parser
// would take '_' and '*' in ids and names for emphasis. Each mention leaves a mark that no parser touches,
// and rendering puts back what it stands for.
class mentions
{
public:
    mentions(std::string_view markdown, const find_person& find);

    // The text with marks instead of mentions.
    const std::string& marked() const noexcept { return marked_; }

    struct person
    {
        std::string id;
        std::string name; // as the sender wrote it, else the display name
    };
    struct everybody
    {
    };
    struct nobody // unknown to the service: it stays text
    {
    };
    struct mention
    {
        std::variant<person, everybody, nobody> who;
        std::string source; // "<@all>": what code shows, where nothing is a mention
    };

    // Splits a text of the parser into plain text and mentions, in order.
    using piece = std::variant<std::string_view, const mention*>;
    std::vector<piece> split(std::string_view text) const;

    // What the sender wrote there: code and addresses mention nobody.
    std::string original(std::string_view text) const;

private:
    std::string marked_;
    std::vector<mention> found_;
};

} // namespace postern::emulator
