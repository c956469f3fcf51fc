#include "commands.hpp"

#include "postern/bot/bot.hpp"
#include "postern/gateway/commands_config.hpp"
#include "postern/gateway/serve.hpp"
#include "postern/gateway/settings.hpp"

#include <cstdlib>
#include <iostream>

namespace postern::app {

int run_command(const run_arguments& given)
{
    auto options =
        load_options(given.config, given.flags, [](const char* name) { return std::getenv(name); });
    if (options.has_error())
    {
        std::cerr << "postern run: " << describe(options.error()) << '\n';
        return exit_code_for(options.error());
    }
    const auto who = std::make_shared<bot>();
    add_default_commands(*who);
    who->greeting("Hello. I am here through **postern**. Say /help to see what I can do.");
    auto no_code = add_commands(*who, *options);
    if (no_code.has_error())
    {
        std::cerr << "postern run: " << describe(no_code.error()) << '\n';
        return exit_code_for(no_code.error());
    }
    return serve(std::move(*options), who, std::move(*no_code));
}

} // namespace postern::app
