#pragma once

#include "postern/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator {

struct form_part
{
    std::string name;
    std::optional<std::string> filename; // only parts with one are files
    std::string content_type;            // as sent; empty if the part names none
    std::string bytes;
};

// Takes a multipart/form-data body apart (RFC 7578, RFC 2046 5.1): boundary with or without quotes, with or
// without preamble and epilogue, filename* before filename, bare LF where CRLF belongs. At most 100 parts,
// and 8 KiB of header fields a part. Errors: bad_input (not multipart, no boundary, cut short, a part without
// a name), too_large (a limit). The body's size is bounded by whoever received it.
result<std::vector<form_part>> read_multipart(std::string_view content_type_header, std::string_view body);

} // namespace postern::emulator
