#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace postern::standin {

// The version of ngrok that is played. What differs between versions is asked of it here, so that no other
// file compares numbers. Facts: protocol/ngrok.md 1, 2.1, 4.5, 7.2.
struct agent_version
{
    int major = 3;
    int minor = 39;
    int patch = 9;

    friend auto operator<=>(const agent_version&, const agent_version&) = default;

    std::string text() const;

    bool single_dashes() const { return major < 3; }         // -log=stdout is as good as --log=stdout
    bool strict_configuration() const { return major >= 3; } // unknown keys and no `version` are fatal
    bool logs_to_pipes() const { return major >= 3; }        // without --log, when stdout is no terminal
    bool both_schemes() const { return major < 3; }          // an http and an https tunnel for one command
    bool early_lines_as_json() const { return *this >= agent_version{3, 2, 1}; }
    bool agent_section() const { return *this >= agent_version{3, 16, 0}; } // configuration version 3
    bool docs_link() const { return *this >= agent_version{3, 12, 0}; }     // under an ERROR: block
    bool has_status() const { return *this >= agent_version{3, 9, 0}; }     // GET /api/status
    bool has_endpoints() const { return *this >= agent_version{3, 30, 0}; } // /api/endpoints
    int start_sequence() const;                                             // 1 to 4
};

// "3.39.9", "3.2", "2.3.x": what is missing or "x" counts as 0.
std::optional<agent_version> parse_version(std::string_view text);

} // namespace postern::standin
