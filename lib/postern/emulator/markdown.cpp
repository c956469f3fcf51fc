#include "postern/emulator/markdown.hpp"

#include "postern/emulator/mentions.hpp"

#include <cmark.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>

// CommonMark is a page of rules and six hundred of exceptions; cmark is its reference implementation, proof
// against hostile input. Ours is the rendering alone, because the service's html is not CommonMark's.

namespace postern::emulator {

namespace {

struct free_node
{
    void operator()(cmark_node* n) const { cmark_node_free(n); }
};
struct free_iterator
{
    void operator()(cmark_iter* i) const { cmark_iter_free(i); }
};

std::string_view view(const char* text) { return text ? std::string_view(text) : std::string_view(); }

void escape(std::string& out, std::string_view text)
{
    for (const char c : text)
        switch (c)
        {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
}

// What a chat may link to. Everything with another scheme (javascript:, data:, file: ...) loses its link; a
// scheme is whatever stands before a colon that comes before the path.
bool harmless(std::string_view address)
{
    static constexpr std::array<std::string_view, 6> schemes{"http", "https", "mailto",
                                                             "tel",  "sip",   "webexteams"};
    const auto end = address.find_first_of(":/?#");
    if (end == address.npos || address[end] != ':')
        return !address.empty();
    std::string scheme(address.substr(0, end));
    std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::find(schemes.begin(), schemes.end(), scheme) != schemes.end();
}

class renderer
{
public:
    explicit renderer(const mentions& who) : who_(who) {}

    void visit(cmark_node* node, bool entering)
    {
        switch (cmark_node_get_type(node))
        {
        case CMARK_NODE_PARAGRAPH: paragraph(node, entering); break;
        case CMARK_NODE_HEADING: heading(node, entering); break;
        case CMARK_NODE_BLOCK_QUOTE: tag("blockquote", entering); break;
        case CMARK_NODE_LIST: list(node, entering); break;
        case CMARK_NODE_ITEM: tag("li", entering); break;
        case CMARK_NODE_CODE_BLOCK: code_block(node); break;
        case CMARK_NODE_HTML_BLOCK: html_block(node); break;
        case CMARK_NODE_THEMATIC_BREAK: out_.html += "<hr>"; break;
        case CMARK_NODE_STRONG: tag("strong", entering); break;
        case CMARK_NODE_EMPH: tag("em", entering); break;
        case CMARK_NODE_LINK: link(node, entering); break;
        case CMARK_NODE_CODE: code_span(node); break;
        case CMARK_NODE_TEXT:
        case CMARK_NODE_HTML_INLINE: text(view(cmark_node_get_literal(node))); break;
        case CMARK_NODE_SOFTBREAK:
        case CMARK_NODE_LINEBREAK:
            out_.html += "<br>";
            out_.text += '\n';
            break;
        default: break; // the document itself; an image, of which the description stays
        }
    }

    rendered take() { return std::move(out_); }

private:
    void tag(std::string_view name, bool entering)
    {
        out_.html.append(entering ? "<" : "</").append(name) += '>';
    }

    void begin_text_block() // "generated text joins paragraphs with one space"
    {
        if (!out_.text.empty())
            out_.text += ' ';
    }

    void paragraph(cmark_node* node, bool entering)
    {
        if (entering)
            begin_text_block();
        auto* const list = cmark_node_parent(cmark_node_parent(node)); // of a paragraph in a list's item
        if (!list || !cmark_node_get_list_tight(list))
            tag("p", entering);
    }

    void heading(cmark_node* node, bool entering)
    {
        if (entering)
            begin_text_block();
        tag("h" + std::to_string(cmark_node_get_heading_level(node)), entering);
    }

    void list(cmark_node* node, bool entering)
    {
        const bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
        const int start = cmark_node_get_list_start(node);
        if (ordered && entering && start != 1)
            out_.html += "<ol start=\"" + std::to_string(start) + "\">";
        else
            tag(ordered ? "ol" : "ul", entering);
    }

    void code_block(cmark_node* node)
    {
        begin_text_block();
        auto code = view(cmark_node_get_literal(node));
        if (code.ends_with('\n'))
            code.remove_suffix(1);
        out_.html += "<pre><code>";
        put(who_.original(code));
        out_.html += "</code></pre>";
    }

    void code_span(cmark_node* node)
    {
        tag("code", true);
        put(who_.original(view(cmark_node_get_literal(node))));
        tag("code", false);
    }

    void html_block(cmark_node* node)
    {
        begin_text_block();
        auto source = view(cmark_node_get_literal(node));
        while (source.ends_with('\n'))
            source.remove_suffix(1);
        tag("p", true);
        text(source);
        tag("p", false);
    }

    void link(cmark_node* node, bool entering)
    {
        const auto address = who_.original(view(cmark_node_get_url(node)));
        if (!harmless(address))
            return;
        if (!entering)
        {
            tag("a", false);
            return;
        }
        out_.html += "<a href=\"";
        escape(out_.html, address);
        out_.html += "\">";
    }

    void text(std::string_view marked)
    {
        for (const auto& piece : who_.split(marked))
            if (const auto* plain = std::get_if<std::string_view>(&piece))
                put(*plain);
            else
                mention(*std::get<const mentions::mention*>(piece));
    }

    void put(std::string_view plain)
    {
        escape(out_.html, plain);
        out_.text += plain;
    }

    void mention(const mentions::mention& m)
    {
        if (const auto* person = std::get_if<mentions::person>(&m.who))
        {
            auto& ids = out_.mentioned_people;
            if (std::find(ids.begin(), ids.end(), person->id) == ids.end())
                ids.push_back(person->id);
            out_.html += "<spark-mention data-object-type=\"person\" data-object-id=\"";
            escape(out_.html, person->id);
            out_.html += "\">";
            put(person->name);
            out_.html += "</spark-mention>";
        }
        else if (std::holds_alternative<mentions::everybody>(m.who))
        {
            out_.mentions_all = true;
            out_.html += "<spark-mention data-object-type=\"groupMention\" data-group-type=\"all\">";
            put("All");
            out_.html += "</spark-mention>";
        }
        else
            put(m.source);
    }

    const mentions& who_;
    rendered out_;
};

} // namespace

rendered render_markdown(std::string_view markdown, const find_person& find)
{
    const mentions who(markdown, find);
    const auto& text = who.marked();
    const std::unique_ptr<cmark_node, free_node> document(
        cmark_parse_document(text.data(), text.size(), CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8));
    const std::unique_ptr<cmark_iter, free_iterator> walk(cmark_iter_new(document.get()));

    renderer out(who);
    for (auto event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(walk.get()))
        out.visit(cmark_iter_get_node(walk.get()), event == CMARK_EVENT_ENTER);
    return out.take();
}

} // namespace postern::emulator
