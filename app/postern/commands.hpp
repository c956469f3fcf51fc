#pragma once

#include "postern/base/log.hpp"
#include "postern/gateway/command_line.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The subcommands: each takes what its flags said and returns an exit code (gateway/process.hpp).
namespace postern::app {

using run_arguments = command_line;
int run_command(const run_arguments&);

struct devices_arguments
{
    std::string config;
    std::map<std::string, std::string> flags;
    bool prune = false;
    bool as_json = false;
};
int devices_command(const devices_arguments&);

struct webhooks_arguments
{
    enum class task
    {
        list,
        sync,
        remove
    };
    std::string config;
    std::map<std::string, std::string> flags;
    task what = task::list;
    bool as_json = false;
};
int webhooks_command(const webhooks_arguments&);

struct events_arguments
{
    enum class task
    {
        list,
        show,
        why,
        replay,
        retry
    };
    std::string config;
    std::map<std::string, std::string> flags;
    task what = task::list;
    std::vector<std::string> names; // of show, why, replay and retry: see journal/archive.hpp
    bool as_json = false;

    // Which events, where they are not named; texts as they were typed.
    bool all = false; // of retry: all that are dead
    std::string state;
    std::string verdict; // of the guard
    std::string since;
    std::string until;
    std::string room;
    std::string kind;
    std::string consumer;
    std::optional<std::size_t> limit;
};
int events_command(const events_arguments&);

struct audit_arguments
{
    std::string config;
    std::map<std::string, std::string> flags;
    bool fix = false;
    bool restart = false;
    bool as_json = false;
};
int audit_command(const audit_arguments&);

struct emulator_arguments
{
    std::string listen = "127.0.0.1:0";
    std::string seed_file;
    std::string certificate_file; // with both it speaks TLS
    std::string key_file;
    std::string ca_file; // of webhook targets
    bool print_seed = false;
    severity level = severity::info;
    log_format format = log_format::human;
};
int emulator_command(const emulator_arguments&);

struct demo_arguments
{
    std::string listen = "127.0.0.1:0";
    std::string mode = "websocket";
    severity level = severity::info;
};
int demo_command(const demo_arguments&);

} // namespace postern::app
