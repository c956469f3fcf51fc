#pragma once

#include "postern/transport/http.hpp"

#include <string>
#include <vector>

namespace postern::transport {

// multipart/form-data (RFC 7578) as a streamed request body: text fields, then at most one file that is read
// from disk piece by piece.
struct form_field
{
    std::string name;
    std::string value;
};

struct form_file
{
    std::string field = "files";
    std::string path;         // a file on disk ...
    std::string bytes;        // ... or, when path is empty, these bytes
    std::string filename;     // what the receiver is told; the path's last part if empty
    std::string content_type; // by the file name's ending if empty
};

struct form
{
    std::string content_type; // for the Content-Type header, boundary included
    std::shared_ptr<body_source> body;
};

// Errors: file_unreadable, with the path; bad_input for names that can't be written into a header.
result<form> make_form(std::vector<form_field> fields, form_file file);

std::string content_type_of(std::string_view filename); // "image/png"; "application/octet-stream" if unknown

} // namespace postern::transport
