#pragma once

// A fault and when it strikes: the language of FAKE_NGROK_FAULTS and of POST /_fake/NAME.

#include "postern/base/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::standin {

// What the start has reached.
enum class stage
{
    begin,   // nothing was printed yet
    config,  // the configuration was read, the API is not there
    web,     // the API answers
    session, // logged in, no tunnel
    tunnel   // the URL was printed
};

struct fault
{
    std::string name;
    stage at = stage::tunnel;
    std::chrono::milliseconds after{0}; // behind that stage
    std::vector<std::pair<std::string, std::string>> parameters;

    std::string text(std::string_view key, std::string_view otherwise = {}) const;
    long number(std::string_view key, long otherwise) const;
    bool has(std::string_view key) const;
};

// "lose@200?for=300;exit@web?code=3": faults by ";", each NAME, optionally @STAGE, @MILLISECONDS or
// @STAGE+MILLISECONDS, then ?key=value&... percent-encoded as in a URL. Errors: bad_configuration.
result<std::vector<fault>> parse_faults(std::string_view text);

// The parameters of one, "key=value&...".
result<fault> make_fault(std::string name, std::string_view parameters);

struct fault_help
{
    std::string_view name;
    std::string_view words;
};
const std::vector<fault_help>& known_faults();

} // namespace postern::standin
