#pragma once

#include "postern/source/tunnel/redaction.hpp"
#include "postern/source/tunnel/tunnel_news.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postern::source {

// One record of the agent's log, in JSON or logfmt. Empty: not there, or no text.
struct ngrok_record
{
    std::string msg; // several, as logfmt has them, joined by ": "
    std::string level;
    std::string err;
    std::string url;
    std::string addr;
};

// None: the line is no record. Total: never throws, whatever the bytes.
std::optional<ngrok_record> read_ngrok_record(std::string_view line);

// Do both name the same local listener? "localhost" is 127.0.0.1 here, and http:// may be missing: the agent
// has shown it in all of these forms (protocol/ngrok.md 7.3).
bool same_upstream(std::string_view a, std::string_view b);

// What a line of the agent means: by `msg`, never by `obj`; the URL only from "started tunnel" for our own
// upstream (protocol/ngrok.md 4.3, 4.4).
class ngrok_log
{
public:
    // `scheme`: the only one that counts, "https" or "http"; empty: any. Agents before 3 open a tunnel of
    // each.
    ngrok_log(std::string target, redaction hide, std::string scheme = {});

    tunnel_news read(std::string_view line) const;

private:
    tunnel_news of_record(const ngrok_record&, std::string_view line) const;
    tunnel_news of_text(std::string_view line) const;
    tunnel_news started(const ngrok_record&) const;

    std::string target_;
    redaction hide_;
    std::string scheme_;
};

} // namespace postern::source
