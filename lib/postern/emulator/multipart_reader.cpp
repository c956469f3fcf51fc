#include "postern/emulator/multipart_reader.hpp"

#include "postern/transport/http.hpp"

#include <algorithm>
#include <map>

namespace postern::emulator {

namespace {

constexpr std::size_t most_parts = 100;
constexpr std::size_t most_header_bytes = 8 * 1024;
constexpr std::size_t longest_boundary = 70; // RFC 2046 5.1.1

error refused(std::string why)
{
    return error(errc::bad_input, "reading a multipart body").because(std::move(why));
}
error oversized(std::string why)
{
    return error(errc::too_large, "reading a multipart body").because(std::move(why));
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// "form-data; name="a"; filename=b" taken apart; parameter names in lower case, the first of a name counts.
struct header_value
{
    std::string value;
    std::map<std::string, std::string, std::less<>> parameters;

    const std::string* get(std::string_view name) const
    {
        const auto found = parameters.find(name);
        return found == parameters.end() ? nullptr : &found->second;
    }
};

// Up to the closing quote. A backslash escapes only what must be escaped: browsers of old sent Windows paths.
std::string take_quoted(std::string_view& text)
{
    std::string out;
    text.remove_prefix(1);
    while (!text.empty() && text.front() != '"')
    {
        if (text.front() == '\\' && text.size() > 1 && (text[1] == '"' || text[1] == '\\'))
            text.remove_prefix(1);
        out += text.front();
        text.remove_prefix(1);
    }
    text.remove_prefix(std::min<std::size_t>(1, text.size()));
    return out;
}

header_value parse_header(std::string_view text)
{
    header_value out;
    auto semicolon = std::min(text.find(';'), text.size());
    out.value = lower(trimmed(text.substr(0, semicolon)));
    text.remove_prefix(semicolon);
    while (!text.empty())
    {
        text.remove_prefix(1); // the semicolon
        const auto end = std::min(text.find_first_of("=;"), text.size());
        const auto name = lower(trimmed(text.substr(0, end)));
        text.remove_prefix(end);
        std::string value;
        if (text.starts_with('='))
        {
            text.remove_prefix(1);
            text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
            if (text.starts_with('"'))
                value = take_quoted(text);
            else
                value = trimmed(text.substr(0, text.find(';')));
        }
        text.remove_prefix(std::min(text.find(';'), text.size()));
        if (!name.empty())
            out.parameters.emplace(name, std::move(value));
    }
    return out;
}

// RFC 8187: charset'language'percent-encoded. Empty for charsets other than UTF-8 and ASCII.
std::optional<std::string> decode_extended(std::string_view text)
{
    const auto first = text.find('\'');
    const auto second = first == text.npos ? text.npos : text.find('\'', first + 1);
    if (second == text.npos)
        return std::nullopt;
    const auto charset = lower(text.substr(0, first));
    if (charset != "utf-8" && charset != "us-ascii")
        return std::nullopt;
    return transport::percent_decode(text.substr(second + 1));
}

// RFC 7578 4.2: the receiver takes the last part of a path. Control characters have no place in a name.
std::string file_name(std::string_view sent)
{
    if (const auto slash = sent.find_last_of("/\\"); slash != sent.npos)
        sent.remove_prefix(slash + 1);
    std::string out(sent);
    std::erase_if(out, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    return out;
}

struct line
{
    std::string_view text;
    std::string_view rest;
};

std::optional<line> take_line(std::string_view from)
{
    const auto end = from.find('\n');
    if (end == from.npos)
        return std::nullopt;
    auto text = from.substr(0, end);
    if (text.ends_with('\r'))
        text.remove_suffix(1);
    return line{text, from.substr(end + 1)};
}

result<> read_disposition(form_part& part, std::string_view text)
{
    const auto header = parse_header(text);
    const auto* name = header.get("name");
    if (header.value != "form-data" || !name || name->empty())
        return refused("a part's Content-Disposition is not form-data with a name");
    part.name = *name;

    std::optional<std::string> sent;
    if (const auto* extended = header.get("filename*"))
        sent = decode_extended(*extended);
    if (const auto* plain = header.get("filename"); plain && !sent)
        sent = *plain;
    if (sent)
        part.filename = file_name(*sent);
    return {};
}

result<> read_field(form_part& part, std::string_view field)
{
    const auto colon = field.find(':');
    if (colon == field.npos)
        return refused("a part's header line has no colon");
    const auto name = trimmed(field.substr(0, colon));
    const auto value = trimmed(field.substr(colon + 1));

    if (transport::equal_ignoring_case(name, "Content-Disposition"))
        return read_disposition(part, value);
    if (transport::equal_ignoring_case(name, "Content-Type"))
        part.content_type = value;
    else if (transport::equal_ignoring_case(name, "Content-Transfer-Encoding"))
    {
        const auto encoding = lower(value); // RFC 7578 4.7 forbids those that would need decoding
        if (encoding != "binary" && encoding != "8bit" && encoding != "7bit")
            return refused("a part has a Content-Transfer-Encoding other than binary, 8bit or 7bit");
    }
    return {};
}

// `content` is what stands between two boundaries: header lines, an empty line, bytes.
result<form_part> read_part(std::string_view content)
{
    form_part part;
    std::string field; // a line and its continuations
    for (auto left = content;;)
    {
        const auto next = take_line(left);
        if (content.size() - (next ? next->rest.size() : 0) > most_header_bytes)
            return oversized("the header of a part is longer than 8 KiB");
        if (!next)
            return refused("a part's header has no end");
        left = next->rest;

        if (next->text.starts_with(' ') || next->text.starts_with('\t'))
        {
            field.append(" ").append(trimmed(next->text));
            continue;
        }
        if (!field.empty())
            if (auto ok = read_field(part, field); !ok)
                return ok.error();
        field = next->text;
        if (field.empty())
        {
            if (part.name.empty())
                return refused("a part has no Content-Disposition");
            part.bytes = left;
            return part;
        }
    }
}

// A boundary's line: where its line break (which belongs to it) begins, what follows, and whether it is the
// last.
struct delimiter
{
    std::size_t begin;
    std::size_t end;
    bool last;
};

std::optional<delimiter> find_delimiter(std::string_view body, std::string_view dashes_and_boundary,
                                        std::size_t from)
{
    for (auto at = body.find(dashes_and_boundary, from); at != body.npos;
         at = body.find(dashes_and_boundary, at + 1))
    {
        if (at > 0 && body[at - 1] != '\n')
            continue; // inside a line
        auto begin = at;
        if (begin > from && body[begin - 1] == '\n')
            --begin;
        if (begin > from && body[begin - 1] == '\r')
            --begin;

        auto after = body.substr(at + dashes_and_boundary.size());
        if (after.starts_with("--"))
            return delimiter{begin, body.size(), true};
        after.remove_prefix(std::min(after.find_first_not_of(" \t"), after.size())); // transport padding
        if (after.starts_with("\r\n"))
            after.remove_prefix(2);
        else if (after.starts_with('\n'))
            after.remove_prefix(1);
        else
            continue; // the beginning of a longer line
        return delimiter{begin, body.size() - after.size(), false};
    }
    return std::nullopt;
}

} // namespace

result<std::vector<form_part>> read_multipart(std::string_view content_type_header, std::string_view body)
{
    const auto type = parse_header(content_type_header);
    if (type.value != "multipart/form-data")
        return refused("the Content-Type is not multipart/form-data");
    const auto* boundary = type.get("boundary");
    if (!boundary || boundary->empty())
        return refused("the Content-Type names no boundary");
    if (boundary->size() > longest_boundary || boundary->find_first_of("\r\n") != boundary->npos)
        return refused("the boundary is longer than 70 characters or has line breaks");

    const auto line = "--" + *boundary;
    auto here = find_delimiter(body, line, 0);
    if (!here)
        return refused("the boundary does not occur in the body");

    std::vector<form_part> parts;
    while (!here->last)
    {
        const auto next = find_delimiter(body, line, here->end);
        if (!next)
            return refused("the body ends before the closing boundary");
        if (parts.size() == most_parts)
            return oversized("more than 100 parts");
        auto part = read_part(body.substr(here->end, next->begin - here->end));
        if (!part)
            return part.error();
        parts.push_back(std::move(*part));
        here = next;
    }
    return parts;
}

} // namespace postern::emulator
