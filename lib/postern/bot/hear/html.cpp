#include "postern/bot/hear/html.hpp"

#include "postern/base/ids.hpp"
#include "postern/base/utf8.hpp"
#include "postern/bot/hear/letters.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace postern::matching {
namespace {

constexpr std::string_view blanks = " \t\r\n\f";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string small_letters(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c; });
    return out;
}

bool is_block(std::string_view name)
{
    constexpr std::array<std::string_view, 22> blocks{
        "p",  "div", "li", "ul", "ol", "blockquote", "pre", "table", "tr", "h1",      "h2",
        "h3", "h4",  "h5", "h6", "hr", "section",    "dl",  "dt",    "dd", "article", "header"};
    return std::find(blocks.begin(), blocks.end(), name) != blocks.end();
}

// "#65", "#x41": the number, cut to what can't be a character when it is too large. Empty: not a number.
std::optional<char32_t> numeric_entity(std::string_view body)
{
    const bool hex = body.size() > 1 && (body[1] == 'x' || body[1] == 'X');
    const std::string_view digits = body.substr(hex ? 2 : 1);
    if (digits.empty())
        return std::nullopt;
    char32_t code = 0;
    for (const char c : digits)
    {
        const int digit = c >= '0' && c <= '9'          ? c - '0'
                          : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                        : -1;
        if (digit < 0)
            return std::nullopt;
        code = std::min<char32_t>(code * (hex ? 16 : 10) + static_cast<char32_t>(digit), 0x110000);
    }
    return code == 0 ? 0xFFFD : code;
}

std::optional<char32_t> entity(std::string_view body)
{
    struct named
    {
        std::string_view name;
        char32_t code;
    };
    constexpr std::array<named, 6> known{
        {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '}}};
    if (body.starts_with('#'))
        return numeric_entity(body);
    const auto found =
        std::find_if(known.begin(), known.end(), [body](const named& n) { return n.name == body; });
    return found == known.end() ? std::nullopt : std::optional<char32_t>(found->code);
}

void append_decoded(std::string& to, std::string_view text)
{
    constexpr std::size_t longest =
        12; // of an entity's body; more is no entity, and looking further is quadratic
    while (!text.empty())
    {
        const auto at = std::min(text.find('&'), text.size());
        to += text.substr(0, at);
        text.remove_prefix(at);
        if (text.empty())
            return;
        const auto end = text.substr(0, longest + 2).find(';');
        const auto code = end == text.npos ? std::nullopt : entity(text.substr(1, end - 1));
        if (code)
            append_utf8(to, *code);
        else
            to += '&';
        text.remove_prefix(code ? end + 1 : 1);
    }
}

struct tag
{
    std::string name; // small letters
    bool closing = false;
    std::string object_type;
    std::string object_id;
};

// Takes a tag's attributes off `rest`, up to and including the '>'. False: the text ended first.
bool take_attributes(std::string_view& rest, tag& into)
{
    bool typed = false, identified = false; // of an attribute given twice the first counts
    for (;;)
    {
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n\f/"), rest.size()));
        if (rest.empty())
            return false;
        if (rest.front() == '>')
            return rest.remove_prefix(1), true;

        const auto end = std::min(rest.find_first_of(" \t\r\n\f/>=", 1), rest.size());
        const std::string name = small_letters(rest.substr(0, end));
        rest.remove_prefix(end);
        const auto next = rest.find_first_not_of(blanks);
        if (next == rest.npos || rest[next] != '=')
            continue;
        rest.remove_prefix(next + 1);
        rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
        if (rest.empty())
            return false;

        std::string_view value;
        if (rest.front() == '"' || rest.front() == '\'')
        {
            const auto close = rest.find(rest.front(), 1);
            if (close == rest.npos)
                return false;
            value = rest.substr(1, close - 1);
            rest.remove_prefix(close + 1);
        }
        else
        {
            value = rest.substr(0, std::min(rest.find_first_of(" \t\r\n\f>"), rest.size()));
            rest.remove_prefix(value.size());
        }
        if (name == "data-object-type" && !std::exchange(typed, true))
            append_decoded(into.object_type, value);
        if (name == "data-object-id" && !std::exchange(identified, true))
            append_decoded(into.object_id, value);
    }
}

bool is_of_a_person(const tag& t)
{
    return !t.object_id.empty() && (t.object_type.empty() || small_letters(t.object_type) == "person");
}

bool mentions(const tag& t, std::string_view own_id)
{
    return is_of_a_person(t) && (t.object_id == own_id || uuid_of(t.object_id) == uuid_of(own_id));
}

class walker
{
public:
    explicit walker(std::string_view own_id) : own_id_(own_id) {}

    std::optional<plain_html> walk(std::string_view rest)
    {
        while (!rest.empty())
        {
            const auto at = std::min(rest.find('<'), rest.size());
            if (depth_ == 0)
                append_decoded(text_, rest.substr(0, at));
            rest.remove_prefix(at);
            if (!rest.empty())
                take_markup(rest);
        }
        if (depth_ != 0)
            return std::nullopt;
        return plain_html{joined(), !cuts_.empty(), std::move(others_)};
    }

private:
    void take_markup(std::string_view& rest)
    {
        if (rest.starts_with("<!--"))
        {
            const auto end = rest.find("-->", 4);
            return rest.remove_prefix(end == rest.npos ? rest.size() : end + 3);
        }
        const bool closing = rest.starts_with("</");
        const std::size_t name_at = closing ? 2 : 1;
        const char first = rest.size() > name_at ? rest[name_at] : ' ';
        if (!closing && !is_letter(first) && first != '!' && first != '?')
        {
            if (depth_ == 0)
                text_ += '<';
            return rest.remove_prefix(1);
        }

        tag t;
        const auto end = std::min(rest.find_first_of(" \t\r\n\f/>", name_at), rest.size());
        t.name = small_letters(rest.substr(name_at, end - name_at));
        t.closing = closing;
        rest.remove_prefix(end);
        if (take_attributes(rest, t))
            apply(t);
        else
            rest = {};
    }

    void apply(const tag& t)
    {
        if (t.name == "spark-mention")
        {
            if (depth_ != 0)
                depth_ = t.closing ? depth_ - 1 : depth_ + 1;
            else if (!t.closing && mentions(t, own_id_))
            {
                cuts_.push_back(text_.size());
                depth_ = 1;
            }
            else if (t.closing)
                end_of_other();
            else if (is_of_a_person(t) && !other_ && others_.size() < most_others)
                other_ = {t.object_id, text_.size()};
        }
        else if (depth_ == 0 && t.name == "br" && !t.closing)
            text_ += '\n';
        else if (depth_ == 0 && is_block(t.name) && !text_.empty() && text_.back() != '\n')
            text_ += '\n';
    }

    void end_of_other()
    {
        if (!other_)
            return;
        const std::string_view name = trimmed(std::string_view(text_).substr(other_->second));
        if (!name.empty())
            others_.push_back({std::move(other_->first), std::string(name)});
        other_.reset();
    }

    // The pieces between the dropped mentions, put together again.
    std::string joined() const
    {
        std::string out(
            trimmed(std::string_view(text_).substr(0, cuts_.empty() ? text_.npos : cuts_.front())));
        for (std::size_t i = 0; i < cuts_.size(); ++i)
        {
            const auto end = i + 1 < cuts_.size() ? cuts_[i + 1] : text_.size();
            std::string_view piece = std::string_view(text_).substr(cuts_[i], end - cuts_[i]);
            if (out.empty() && (piece.starts_with(',') || piece.starts_with(':')))
                piece.remove_prefix(1);
            const std::string_view words = trimmed(piece);
            if (words.empty())
                continue;
            if (!out.empty())
            {
                // The gap is what was trimmed on both sides of the mention.
                const auto before = std::string_view(text_).substr(0, cuts_[i]);
                const auto gap =
                    std::string(before.substr(before.find_last_not_of(blanks) + 1)) +
                    std::string(piece.substr(0, static_cast<std::size_t>(words.data() - piece.data())));
                out += gap.find('\n') == gap.npos ? ' ' : '\n';
            }
            out += words;
        }
        return out;
    }

    std::string_view own_id_;
    std::string text_;
    std::vector<std::size_t> cuts_; // where in text_ a mention was dropped
    std::size_t depth_ = 0;         // of nested mentions inside a dropped one

    static constexpr std::size_t most_others = 100;
    std::optional<std::pair<std::string, std::size_t>> other_; // id, and where in text_ it began
    std::vector<mention> others_;
};

} // namespace

std::optional<plain_html> read_html(std::string_view html, std::string_view own_id)
{
    return walker(own_id).walk(html);
}

std::string html_text(std::string_view between_tags)
{
    std::string out;
    append_decoded(out, between_tags);
    return out;
}

} // namespace postern::matching
