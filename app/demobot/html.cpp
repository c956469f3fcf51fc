#include "html.hpp"

#include <postern/transport/http.hpp>

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

namespace demobot {
namespace {

using namespace postern;

constexpr std::size_t most_tags = 10'000;        // as deep as a tree may be
constexpr std::size_t most_reopened = 1'000'000; // elements that no tag stands for
constexpr std::size_t most_images = 20;
constexpr std::size_t longest_words = 200; // bytes

constexpr std::string_view blanks = " \t\r\n\f";

std::string_view name_at(std::string_view tag)
{
    tag = tag.substr(0, 10); // no name that matters is longer
    return tag.substr(0, tag.find_first_of(" \t\r\n\f/>"));
}

// An unclosed formatting tag is opened again in every paragraph behind it: a page of a few kilobytes could
// become a tree of gigabytes.
bool too_many_tags(std::string_view html)
{
    static constexpr std::array formatting{"b", "big",   "code",   "em",     "font", "i", "nobr",
                                           "s", "small", "strike", "strong", "tt",   "u"};
    std::size_t tags = 0, reopened = 0;
    for (auto at = html.find('<'); at != html.npos; at = html.find('<', at + 1))
    {
        ++tags;
        const auto name = name_at(html.substr(at + 1));
        reopened += std::any_of(formatting.begin(), formatting.end(),
                                [&](const char* one) { return transport::equal_ignoring_case(name, one); });
    }
    return tags > most_tags || tags * reopened > most_reopened;
}

struct destroy
{
    void operator()(GumboOutput* tree) const { gumbo_destroy_output(&kGumboDefaultOptions, tree); }
};
using html_tree = std::unique_ptr<GumboOutput, destroy>;

html_tree parse(std::string_view html)
{
    return html_tree(gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size()));
}

std::string_view attribute(const GumboElement& of, const char* name)
{
    const auto* found = gumbo_get_attribute(&of.attributes, name);
    return found ? std::string_view(found->value) : std::string_view();
}

bool has_word(std::string_view words, std::string_view wanted)
{
    while (!words.empty())
    {
        const auto begin = words.find_first_not_of(blanks);
        if (begin == words.npos)
            return false;
        words.remove_prefix(begin);
        const auto end = std::min(words.find_first_of(blanks), words.size());
        if (words.substr(0, end) == wanted)
            return true;
        words.remove_prefix(end);
    }
    return false;
}

std::string in_one_line(std::string_view words)
{
    std::string line;
    for (const char c : words)
        if (blanks.find(c) == blanks.npos)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    if (line.size() <= longest_words)
        return line;
    std::size_t end = longest_words;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80)
        --end; // not in the middle of a code point
    return line.substr(0, end) + "…";
}

// "/../x" is "/x": browsers climb no higher than the top, and sites rely on it.
void stay_below_the_top(transport::url& where)
{
    while (where.target.starts_with("/../"))
        where.target.erase(0, 3);
}

// The address a person would see, which is not always the one that stands first.
std::string_view address_of(const GumboElement& image)
{
    const auto plain = attribute(image, "src");
    if (!plain.empty() && !plain.starts_with("data:"))
        return plain;
    return attribute(image, "data-src");
}

class image_search
{
public:
    image_search(transport::url page, std::string_view wanted) : base_(std::move(page)), wanted_(wanted) {}

    std::vector<page_image> in(const GumboOutput& tree)
    {
        waiting_.emplace_back(tree.root, false);
        while (!waiting_.empty() && found_.size() < most_images) // a page may be deeper than our stack
        {
            const auto [node, inside] = waiting_.back();
            waiting_.pop_back();
            if (node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE)
                visit(node->v.element, inside);
        }
        return std::move(found_);
    }

private:
    void visit(const GumboElement& element, bool inside)
    {
        const bool wanted = inside || has_word(attribute(element, "class"), wanted_);
        if (element.tag == GUMBO_TAG_BASE)
            rebase(attribute(element, "href"));
        else if (element.tag == GUMBO_TAG_IMG && wanted)
            keep(element);
        for (unsigned i = element.children.length; i > 0; --i)
            waiting_.emplace_back(static_cast<const GumboNode*>(element.children.data[i - 1]), wanted);
    }

    void rebase(std::string_view href)
    {
        if (std::exchange(rebased_, true) || href.empty()) // the first one counts
            return;
        if (auto other = transport::resolve_url(base_, href))
            base_ = std::move(*other);
    }

    void keep(const GumboElement& image)
    {
        const auto address = in_one_line(address_of(image));
        auto where = address.empty() ? result<transport::url>(errc::not_found)
                                     : transport::resolve_url(base_, address);
        if (!where)
            return;
        stay_below_the_top(*where);
        page_image one{std::move(*where), in_one_line(attribute(image, "alt"))};
        const bool known = std::any_of(found_.begin(), found_.end(),
                                       [&](const page_image& other) { return other.where == one.where; });
        if (!known)
            found_.push_back(std::move(one));
    }

    transport::url base_;
    bool rebased_ = false;
    const std::string_view wanted_;
    std::vector<std::pair<const GumboNode*, bool>> waiting_; // the bool: inside of what carries the class
    std::vector<page_image> found_;
};

} // namespace

result<std::vector<page_image>> images_in(std::string_view html, const transport::url& page,
                                          std::string_view wanted_class)
{
    if (too_many_tags(html))
        return error(errc::too_large, "reading a page").because("it has too many tags");
    const auto tree = parse(html);
    return image_search(page, wanted_class).in(*tree);
}

} // namespace demobot
