#pragma once

#include "postern/base/result.hpp"
#include "postern/gateway/options.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace postern {

// One thing that can be set: as a key of the TOML file, as the variable POSTERN_SECTION_KEY, and often as a
// flag. One table serves the three and --help, so that they can't drift apart.
struct setting
{
    std::string_view key;   // "webex.api_url"; a key without a dot stands at the file's top
    std::string_view flag;  // "--api-url"; empty if there is none
    std::string_view value; // what a value looks like, for --help: "URL"; empty for a switch
    std::string_view help;
    // Empty on success, else what is wrong with the value.
    std::string (*set)(gateway_options&, const std::string& value);
};

std::span<const setting> settings();

// "POSTERN_WEBEX_API_URL" of "webex.api_url".
std::string variable_of(std::string_view key);

using environment = std::function<const char*(const char*)>; // std::getenv, or a test's own

// File, then variables, then flags: the later wins. `flags` maps keys to values. Secrets are looked up last:
// the token in webex.token_env, webex.token_file, systemd's credential "webex-token" or one of the variables
// that people know (product names come and go: WEBEX_ACCESS_TOKEN first). So is the proxy, unless
// network.proxy names one (transport/proxy.hpp).
//
// Errors: bad_configuration, naming file, line and key, or the variable, or the flag; file_unreadable.
result<gateway_options> load_options(const std::string& file, const std::map<std::string, std::string>& flags,
                                     const environment& env);

// The same for commands that only need to know where things are: no token, no file with a secret and no proxy
// is looked for, because whoever looks into a journal need not have them at hand.
result<gateway_options> load_options_without_secrets(const std::string& file,
                                                     const std::map<std::string, std::string>& flags,
                                                     const environment& env);

} // namespace postern
