#pragma once

// What the service says when it refuses (protocol/ngrok.md 5.3; texts: the public pages of its error codes).

#include <string>
#include <string_view>
#include <vector>

namespace postern::standin {

struct refusal_facts
{
    std::string token;   // 105 and 107 repeat it
    std::string url;     // 334
    std::string version; // 120, 121
    int limit = 3;       // 108, 324
};

struct remote_refusal
{
    int code = 0;
    bool at_login = false; // else of an endpoint
    std::string words;

    // As the log has it: prefix, words, "\r\n\r\nERR_NGROK_n\r\n".
    std::string err() const;
};

bool refused_at_login(int code);
remote_refusal make_refusal(int code, const refusal_facts&, std::string_view words = {});

// "ERROR:  ..." lines, as they end a failed start; an empty line is "ERROR:".
std::string error_block(std::string_view text);
std::string error_block(const remote_refusal&, bool docs_link);

// err= of an attempt that does not reach the service: x509, timeout, dns, crl, eof, or the text itself.
std::string unreachable_words(std::string_view kind);

} // namespace postern::standin
