#pragma once

#include "postern/base/secret.hpp"
#include "postern/bot/command.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace postern {

// A command that a program does: bot/no_code/no_code_commands.hpp.
struct program_call
{
    enum class format
    {
        markdown,
        text,
        code // a block of code, as tables for terminals need it
    };

    std::vector<std::string> words;                   // the program and its arguments; no shell
    std::map<std::string, std::string> environment{}; // besides no_code_options::environment
    std::string directory{};                          // working directory; ours if empty
    format as = format::markdown;
    bool show_errors = false; // if it fails, its last line of standard error is said too
};

// A command that a server does.
struct target_call
{
    std::string url; // http or https; a loopback address is as good as any
    secret key{};    // of the signature; empty: the call is not signed
};

struct no_code_command
{
    command_description what;
    std::string written_at; // "postern.toml:12", for complaints
    std::variant<program_call, target_call> how;
    std::chrono::milliseconds timeout{30'000};
    std::size_t concurrent = 4; // at once; as many more wait, in their rooms, and what comes then is refused

    // The URL to which an answer may be sent later.
    std::chrono::milliseconds reply_for{15 * 60'000};
    unsigned reply_uses = 1;
    std::string reply_url; // where our listener is reached, if its own address won't do; "http://bots:8080"
};

struct no_code_options
{
    std::vector<no_code_command> commands;
    std::map<std::string, std::string> environment; // of all programs: PATH, HOME, LANG

    std::size_t lanes = 12; // that all these commands together may occupy: the other ones are for others
    std::chrono::milliseconds longest_wait{5'000};  // for one that is in use
    std::chrono::milliseconds stop_patience{2'000}; // between SIGTERM and SIGKILL
    std::chrono::milliseconds answer_time{8'000};   // of a delivery's deadline, kept back for the reply
    std::size_t longest_output = 64 * 1024;         // bytes of what a program writes that are said
    std::size_t flood = 16 * 1024 * 1024;           // bytes after which a program is stopped
    std::size_t longest_answer = 1024 * 1024;       // bytes of a target's answer, and of a later reply
    std::size_t open_replies = 1000;                // URLs for later replies; beyond that the oldest ends
    std::chrono::milliseconds reply_time{40'000};   // for a later reply to go out
};

} // namespace postern
