#include "postern/webex/link_header.hpp"

#include <algorithm>

namespace postern::webex {
namespace {

// A cursor over one field value.
struct scanner
{
    std::string_view rest;

    void skip_space()
    {
        while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t'))
            rest.remove_prefix(1);
    }
    bool take(char c)
    {
        if (!rest.starts_with(c))
            return false;
        rest.remove_prefix(1);
        return true;
    }
    std::string_view until(std::string_view stops)
    {
        const auto found = rest.substr(0, rest.find_first_of(stops));
        rest.remove_prefix(found.size());
        return found;
    }
    // Behind the opening quote; an unfinished string ends with the field.
    std::string quoted(char quote)
    {
        std::string text;
        while (!rest.empty() && !rest.starts_with(quote))
        {
            if (rest.front() == '\\' && rest.size() > 1)
                rest.remove_prefix(1);
            text += rest.front();
            rest.remove_prefix(1);
        }
        take(quote);
        return text;
    }
    // A parameter's value: a quoted string, or what stands before the next separator.
    std::string value()
    {
        skip_space();
        for (const char quote : {'"', '\''})
            if (take(quote))
                return quoted(quote);
        auto bare = until(";,");
        while (!bare.empty() && (bare.back() == ' ' || bare.back() == '\t'))
            bare.remove_suffix(1);
        return std::string(bare);
    }
    void skip_to_comma()
    {
        while (!rest.empty() && rest.front() != ',')
            if (take('"'))
                quoted('"');
            else
                rest.remove_prefix(1);
    }
};

} // namespace

bool link::is(std::string_view relation) const
{
    for (std::string_view words = rel; !words.empty();)
    {
        const auto word = words.substr(0, words.find_first_of(" \t"));
        if (transport::equal_ignoring_case(word, relation))
            return true;
        words.remove_prefix(std::min(words.size(), word.size() + 1));
    }
    return false;
}

std::vector<link> parse_links(std::string_view field)
{
    std::vector<link> links;
    scanner in{field};
    while (!in.rest.empty())
    {
        in.skip_space();
        if (!in.take('<'))
        {
            in.skip_to_comma();
            in.take(',');
            continue;
        }
        link found{std::string(in.until(">")), {}};
        if (!in.take('>'))
            break;

        bool has_rel = false;
        for (in.skip_space(); in.take(';'); in.skip_space())
        {
            in.skip_space();
            auto name = in.until("=;, \t");
            in.skip_space();
            auto value = in.take('=') ? in.value() : std::string();
            if (!has_rel &&
                transport::equal_ignoring_case(name, "rel")) // RFC 8288 3.3: only the first counts
            {
                has_rel = true;
                found.rel = std::move(value);
            }
        }
        links.push_back(std::move(found));
        in.skip_to_comma();
        in.take(',');
    }
    return links;
}

std::optional<std::string> next_link(const transport::header_fields& headers)
{
    for (const auto& [name, value] : headers)
        if (transport::equal_ignoring_case(name, "Link"))
            for (auto& candidate : parse_links(value))
                if (candidate.is("next"))
                    return std::move(candidate.target);
    return std::nullopt;
}

} // namespace postern::webex
