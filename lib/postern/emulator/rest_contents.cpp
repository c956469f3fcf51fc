#include "postern/emulator/ascii.hpp"
#include "postern/emulator/routes.hpp"

namespace postern::emulator {
namespace {

// RFC 6266: the plain form, and the encoded one beside it where the name is not ASCII.
std::string disposition(std::string_view name)
{
    std::string plain;
    bool ascii = true;
    for (const char c : name)
    {
        const auto byte = static_cast<unsigned char>(c);
        ascii = ascii && byte < 0x80;
        if (byte < 0x20 || byte == 0x7f)
            continue; // no line of ours is written by a file's name
        if (c == '"' || c == '\\')
            plain += '\\';
        plain += byte < 0x80 ? c : '_';
    }
    auto header = "attachment; filename=\"" + plain + '"';
    if (!ascii)
        header += "; filename*=UTF-8''" + transport::percent_encode(name);
    return header;
}

} // namespace

// Also for HEAD: the server sends the head alone.
granted<transport::response> get_content(call& c)
{
    const bool takes_the_risk = c.parameter("allow") == "unscannable";
    const auto* file = c.state.find_content(c.captured[0]);
    const auto retry_after = file ? file->scanned.retry_after : 0;
    const auto opened = c.state.open_content(c.who, c.captured[0], takes_the_risk);
    if (!opened)
    {
        auto refused = error_response(opened.error());
        if (opened.error().status == 423 && retry_after > 0)
            refused.headers.set("Retry-After", std::to_string(retry_after));
        return refused;
    }
    const auto& found = **opened;
    auto response = transport::make_response(200, *found.bytes, ascii_only(found.type));
    response.headers.set("Content-Disposition", disposition(found.name));
    return response;
}

} // namespace postern::emulator
