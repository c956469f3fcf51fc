#pragma once

// Private to transport: between our plain HTTP values and the bytes on the wire.

#include "postern/transport/http.hpp"

#include <boost/beast/http/fields.hpp>

#include <string>

namespace postern::transport {

header_fields copy_fields(const boost::beast::http::fields&);

// Whether a name or a value could break out of its line: such a head is never written.
bool fields_are_safe(const header_fields&);

std::string request_head(const request&, std::string_view authority, std::string_view user_agent);
// `length`: the Content-Length to announce; none for an answer without end.
void append_response_head(std::string& to, const response&, std::optional<std::size_t> length, bool close,
                          std::string_view server_name);

} // namespace postern::transport
