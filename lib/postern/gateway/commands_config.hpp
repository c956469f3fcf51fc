#pragma once

#include "postern/base/result.hpp"
#include "postern/bot/no_code/no_code_commands.hpp"
#include "postern/bot/no_code/no_code_options.hpp"
#include "postern/gateway/settings.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

// A key of [[commands]] in the configuration file, for those who document it.
struct command_key
{
    std::string_view key;
    std::string_view help;
};
std::span<const command_key> command_keys();

// The [[commands]] of a file with this content; a file without any has none. `env` gives PATH, HOME, LANG and
// what `env = [...]` names. Without `with_secrets` no secret_file is read.
//
//     [[commands]]
//     name = "/disk"
//     exec = ["df", "-h"]
//     format = "code"
//
//     [[commands]]
//     name = "/ask"
//     url = "http://127.0.0.1:5000/hook"
//     secret_file = "/etc/postern/ask-secret"
//
// Errors: bad_configuration with all complaints, each with file, line and command.
result<no_code_options> read_commands(std::string_view content, const std::string& file,
                                      const environment& env, bool with_secrets);

// What can only be said once all is read: times that do not fit into the deadline of a delivery, a program
// that would be given the access token.
std::vector<std::string> check_commands(const gateway_options&);

// The file's commands join the bot's own; what comes back is for the gateway, and null if the file has none.
// Errors: bad_configuration, for names that clash with the bot's own.
result<std::shared_ptr<no_code_commands>> add_commands(bot& to, const gateway_options&);

} // namespace postern
