#pragma once

// The FAKE_NGROK_* variables (README.md lists them).

#include "postern/base/result.hpp"
#include "standin/fault.hpp"
#include "standin/version.hpp"

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace postern::standin {

struct settings
{
    agent_version version;
    std::string url;               // empty: the account's domain; "public", "random" or a URL
    std::string state_file;        // where it says which addresses it has
    std::uint16_t public_port = 0; // of the public side; 0 takes any
    std::uint16_t web_port = 4040; // the default of web_addr
    std::chrono::milliseconds line_delay{0};
    double scale = 1; // of the waits between two attempts to connect
    std::chrono::seconds max_life{600};
    bool free_plan = true; // interstitial for browsers, no proxy
    bool stdin_ends_it = false;
    bool ignore_stop = false; // of SIGTERM and SIGINT
    std::chrono::milliseconds stop_delay{0};
    int exit_code = 0; // after a stop
    int diagnose_code = 0;
    std::string registry_file; // what several instances know of each other
    int agents = 3;
    int endpoints = 3;
    std::chrono::milliseconds linger{0};        // how long the service keeps what a killed one left
    std::set<std::string, std::less<>> records; // odd shapes of records
    std::vector<fault> faults;
};

// `environment`: "NAME=value". A FAKE_NGROK_ variable that is unknown or senseless is an error: a test that
// asks for a fault must not pass without it.
result<settings> read_settings(const char* const* environment);

} // namespace postern::standin
