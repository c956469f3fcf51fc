#pragma once

#include "postern/source/tunnel/tunnel_news.hpp"

#include <string>
#include <string_view>

namespace postern::source {

// ERR_NGROK_ codes in words, with what to do (protocol/ngrok.md 5.3).

// The first "ERR_NGROK_" with digits behind it; empty if there is none.
std::string_view find_ngrok_code(std::string_view text) noexcept;

// `text` is the agent's, redacted; it is quoted for codes that we don't know. An empty code: explain the
// text.
tunnel_trouble explain_ngrok(std::string_view code, std::string_view text);

// What the agent says of the network: certificates, names, ports. Texts without a code (5.1, 12).
tunnel_trouble explain_ngrok_text(std::string_view text);

} // namespace postern::source
