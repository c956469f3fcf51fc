#pragma once

#include <string>
#include <string_view>

namespace postern::webex {

// The file name of a Content-Disposition field, made safe by safe_filename(); empty if it holds none.
// filename* (RFC 8187) wins over filename; how the service writes names beyond ASCII is not documented
// (protocol/webex-rest.md 4.6), so bytes that are no UTF-8 are read as Latin-1.
std::string filename_of(std::string_view content_disposition);

// A foreign name that may be used in a local folder: no directories, no control characters, none that turn
// the direction of writing, at most 200 bytes with its ending kept. Empty if nothing is left.
std::string safe_filename(std::string_view foreign);

} // namespace postern::webex
