#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::matching {

// What a pattern found: [0] is all of it, then its groups; a group that took no part is empty.
struct captures
{
    std::vector<std::string> texts;
    std::map<std::string, std::size_t, std::less<>> names; // of the groups that have one
};

// A regular expression (RE2's syntax), case-blind unless it says (?-i). It is looked for anywhere in a text.
//
// Strangers write the texts, and a backtracking engine, std::regex or PCRE, can be kept busy for hours by a
// text of a hundred bytes. RE2 needs time linear in the text and memory bounded beforehand, whatever both
// hold; the price is that it knows no back-references and no look-around.
//
// Immutable and thread-safe; copies share.
class pattern
{
public:
    // Throws std::invalid_argument for what is no regular expression, or one too large.
    explicit pattern(std::string text);

    std::optional<captures> find_in(std::string_view text) const;
    const std::string& text() const noexcept;

private:
    struct impl;
    std::shared_ptr<const impl> impl_;
};

} // namespace postern::matching
