#pragma once

// What an answer of the service means: errors with their story, JSON read leniently.

#include "postern/base/json.hpp"
#include "postern/base/secret.hpp"
#include "postern/transport/http.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postern::webex {

// Words that must not show up in an error although a peer may echo them: the token, what was to be said.
using unspeakable = std::vector<secret>;

// The error for an answer that is no success: code by status, the service's words in `theirs`, its tracking
// id from the body or the header (protocol/webex-rest.md 1.4). A body that is not JSON is not quoted.
error refusal(const transport::response&, std::string doing, const unspeakable&);

// The body of a success. Errors: bad_response, saying what came instead: "expected JSON, got text/html". The
// declared type matters only for that sentence. Never quotes the body: it may hold what people wrote.
result<json::value> json_body(const transport::response&);

// An error met while reading an answer, with what is known of that answer.
error about(error why, std::string doing, const transport::response&);

// `text` with every occurrence of such a word replaced.
std::string without(std::string text, const unspeakable&);

} // namespace postern::webex
