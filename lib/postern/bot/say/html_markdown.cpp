#include "postern/bot/say/html_markdown.hpp"

#include "postern/bot/hear/html.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace postern::matching {
namespace {

constexpr std::string_view blanks = " \t\r\n\f";

bool is_blank(char c) { return blanks.find(c) != blanks.npos; }

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

struct tag
{
    std::string name; // small letters
    bool closing = false;
    std::string href;
};

std::string small_letters(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 0x20);
    return out;
}

// Takes a name of a tag or an attribute off `rest`.
std::string take_name(std::string_view& rest)
{
    const auto end = std::min(rest.find_first_of(" \t\r\n\f/>="), rest.size());
    auto name = small_letters(rest.substr(0, end));
    rest.remove_prefix(end);
    return name;
}

std::string_view take_value(std::string_view& rest)
{
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
    const auto end =
        std::min(quoted ? rest.find(rest.front(), 1) : rest.find_first_of(" \t\r\n\f>"), rest.size());
    const auto value = rest.substr(quoted ? 1 : 0, end - (quoted ? 1 : 0));
    rest.remove_prefix(std::min(end + (quoted ? 1 : 0), rest.size()));
    return value;
}

// Takes a whole tag off `rest`, which begins with its '<'.
tag take_tag(std::string_view& rest)
{
    tag t;
    t.closing = rest.starts_with("</");
    rest.remove_prefix(t.closing ? 2 : 1);
    t.name = take_name(rest);
    while (!rest.empty() && rest.front() != '>')
    {
        if (is_blank(rest.front()) || rest.front() == '/' || rest.front() == '=')
        {
            rest.remove_prefix(1);
            continue;
        }
        const auto name = take_name(rest);
        const auto next = rest.find_first_not_of(blanks);
        if (next == rest.npos || rest[next] != '=')
            continue;
        rest.remove_prefix(next + 1);
        const auto value = take_value(rest);
        if (name == "href")
            t.href = html_text(value);
    }
    rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
    return t;
}

// Empty: no address that a link may have.
std::string link_address(std::string_view href)
{
    if (!href.starts_with("https://") && !href.starts_with("http://") && !href.starts_with("mailto:"))
        return {};
    std::string out;
    for (const char c : href)
        switch (c)
        {
        case ' ': out += "%20"; break;
        case '(': out += "%28"; break;
        case ')': out += "%29"; break;
        case '<': out += "%3C"; break;
        case '>': out += "%3E"; break;
        default:
            if (static_cast<unsigned char>(c) > ' ')
                out += c;
        }
    return out;
}

class writer
{
public:
    std::string write(std::string_view rest)
    {
        while (!rest.empty())
        {
            const auto at = std::min(rest.find('<'), rest.size());
            text(rest.substr(0, at));
            rest.remove_prefix(at);
            if (!rest.empty())
                markup(rest);
        }
        if (code_from_ != none)
            end_code();
        while (!open_.empty())
            close(std::string(open_.back().name));
        out_.erase(out_.find_last_not_of(blanks) + 1);
        return std::move(out_);
    }

private:
    static constexpr auto none = static_cast<std::size_t>(-1);
    static constexpr std::size_t deepest = 100; // lists, quotes and marks; more is plain text

    struct mark // bold, italic, code, a link: what is open
    {
        std::string name;
        std::string begins;
        std::string ends;
        bool written = false; // not before the first text
    };

    void markup(std::string_view& rest)
    {
        if (rest.starts_with("<!--"))
        {
            const auto end = rest.find("-->", 4);
            return rest.remove_prefix(end == rest.npos ? rest.size() : end + 3);
        }
        const char first = rest.size() > 1 ? rest[1] : ' ';
        if (!(first >= 'a' && first <= 'z') && !(first >= 'A' && first <= 'Z') && first != '/' &&
            first != '!')
        {
            text("<");
            return rest.remove_prefix(1);
        }
        const tag t = take_tag(rest);
        if (is_one_of(t.name, {"script", "style", "head", "title"}))
            skipping_ = t.closing ? std::string() : t.name;
        else if (skipping_.empty())
            apply(t);
    }

    void apply(const tag& t)
    {
        if (code_from_ != none && t.name != "pre")
        {
            if (t.name == "br")
                out_ += '\n';
            return;
        }
        if (t.name == "br")
            line();
        else if (t.name == "pre")
            t.closing ? end_code() : begin_code();
        else if (is_one_of(t.name, {"b", "strong"}))
            mark_up(t, "**", "**");
        else if (is_one_of(t.name, {"i", "em"}))
            mark_up(t, "*", "*");
        else if (is_one_of(t.name, {"code", "tt"}))
            mark_up(t, "`", "`");
        else if (t.name == "a")
            link(t);
        else if (is_one_of(t.name, {"h1", "h2", "h3", "h4", "h5", "h6"}))
            heading(t);
        else if (is_one_of(t.name, {"ul", "ol"}))
            list(t);
        else if (t.name == "li")
            item(t);
        else if (t.name == "blockquote")
            quote(t);
        else if (t.name == "hr")
            paragraph(), out_ += "---", paragraph();
        else if (is_one_of(t.name, {"p", "table", "dl", "section", "article", "header"}))
            lists_.empty() ? paragraph() : line();
        else if (is_one_of(t.name, {"div", "tr", "dt", "dd"}))
            line();
        else if (is_one_of(t.name, {"td", "th"}))
            gap_ = true;
    }

    // --- text

    void text(std::string_view raw)
    {
        if (!skipping_.empty() || raw.empty())
            return;
        const std::string words = html_text(raw);
        if (code_from_ != none)
        {
            out_ += words;
            return;
        }
        for (const char c : words)
            if (is_blank(c))
                gap_ = true;
            else
                put(c);
    }

    void put(char c)
    {
        if (at_line_start_)
            prefix();
        else if (gap_)
            out_ += ' ';
        gap_ = false;
        for (mark& m : open_)
            if (!m.written)
            {
                out_ += m.begins;
                m.written = true;
            }
        const bool code =
            std::any_of(open_.begin(), open_.end(), [](const mark& m) { return m.begins == "`"; });
        if (code)
            out_ += c == '`' ? '\'' : c;
        else
        {
            const bool special = std::string_view("\\`*_[]<~").find(c) != std::string_view::npos;
            const bool first = at_line_start_ && std::string_view("#>+-=|").find(c) != std::string_view::npos;
            if (special || first)
                out_ += '\\';
            out_ += c;
        }
        at_line_start_ = false;
    }

    // --- marks

    void mark_up(const tag& t, std::string begins, std::string ends)
    {
        if (t.closing)
            close(t.name);
        else if (open_.size() < deepest)
            open_.push_back({t.name, std::move(begins), std::move(ends)});
    }

    void link(const tag& t)
    {
        const std::string address = link_address(t.href);
        if (t.closing)
            close(t.name);
        else if (!address.empty() && open_.size() < deepest)
            open_.push_back({t.name, "[", "](" + address + ')'});
    }

    void close(const std::string& name)
    {
        const auto is_it = [&](const mark& m) { return m.name == name; };
        const auto found = std::find_if(open_.rbegin(), open_.rend(), is_it);
        if (found == open_.rend())
            return;
        // What was opened inside ends with it.
        const auto keep = static_cast<std::size_t>(open_.rend() - found) - 1;
        for (; open_.size() > keep; open_.pop_back())
            if (open_.back().written)
                out_ += open_.back().ends;
    }

    // --- blocks

    void heading(const tag& t)
    {
        if (t.closing)
            close(t.name);
        paragraph();
        if (!t.closing && open_.size() < deepest)
            open_.push_back({t.name, "**", "**"});
    }

    void list(const tag& t)
    {
        lists_.size() > (t.closing ? 1u : 0u) ? line() : paragraph();
        if (!t.closing && lists_.size() < deepest)
            lists_.push_back(t.name == "ol" ? 1 : 0);
        else if (t.closing && !lists_.empty())
            lists_.pop_back();
        if (lists_.empty())
            paragraph();
    }

    void item(const tag& t)
    {
        line();
        if (!t.closing)
            item_ = true;
    }

    void quote(const tag& t)
    {
        paragraph();
        if (!t.closing && quotes_ < deepest)
            ++quotes_;
        else if (t.closing && quotes_ > 0)
            --quotes_;
    }

    void prefix()
    {
        for (std::size_t i = 0; i < quotes_; ++i)
            out_ += "> ";
        if (lists_.empty())
            return;
        out_.append(4 * (lists_.size() - 1), ' ');
        if (!item_)
            return;
        item_ = false;
        std::size_t& number = lists_.back();
        if (number == 0)
            out_ += "- ";
        else
            out_ += std::to_string(number++) + ". ";
    }

    void begin_code()
    {
        paragraph();
        code_from_ = out_.size();
    }

    void end_code()
    {
        if (code_from_ == none)
            return;
        std::string code = out_.substr(code_from_);
        out_.erase(code_from_);
        code_from_ = none;
        code.erase(code.find_last_not_of("\r\n") + 1);
        code.erase(0, code.find_first_not_of("\r\n"));
        std::string fence = "```";
        while (code.find(fence) != code.npos && fence.size() < 16)
            fence += '`';
        out_ += fence + '\n' + code + '\n' + fence;
        at_line_start_ = false;
        paragraph();
    }

    void line()
    {
        gap_ = false;
        if (out_.empty() || at_line_start_)
            return;
        for (auto m = open_.rbegin(); m != open_.rend(); ++m) // a mark does not reach over a line end
            if (m->written)
            {
                out_ += m->ends;
                m->written = false;
            }
        out_ += '\n';
        at_line_start_ = true;
    }

    void paragraph()
    {
        line();
        if (!out_.empty() && !out_.ends_with("\n\n"))
            out_ += '\n';
    }

    std::string out_;
    std::vector<mark> open_;
    std::vector<std::size_t> lists_; // the next number, or 0 for a list without
    std::size_t quotes_ = 0;
    std::size_t code_from_ = none;
    std::string skipping_;
    bool gap_ = false;
    bool at_line_start_ = true;
    bool item_ = false;
};

} // namespace

std::string html_to_markdown(std::string_view html) { return writer().write(html); }

} // namespace postern::matching
