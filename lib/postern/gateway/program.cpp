#include "postern/gateway/program.hpp"

#include "postern/gateway/command_line.hpp"
#include "postern/gateway/commands_config.hpp"
#include "postern/gateway/serve.hpp"
#include "postern/gateway/settings.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace postern {
namespace {

constexpr auto about = R"(A bot for Webex.

The access token comes from WEBEX_ACCESS_TOKEN or from --token-file; never from a flag, where every user of the
machine could read it. When the bot is ready it prints one JSON line with its addresses to standard output; the log
goes to standard error.)";

} // namespace

int serve(bot& who, int argc, const char* const* argv)
{
    const auto name = argc > 0 ? std::filesystem::path(argv[0]).filename().string() : std::string("bot");
    CLI::App program(about, name);
    command_line given;
    if (const char* file = std::getenv("POSTERN_CONFIG"))
        given.config = file;
    add_settings(program, given);
    program.footer(
        [] { return "Keys of the configuration file, and their variables:\n" + table_of_settings(); });
    program.get_formatter()->column_width(32);
    try
    {
        program.parse(argc, argv);
    }
    catch (const CLI::Success& asked) // --help
    {
        return program.exit(asked);
    }
    catch (const CLI::ParseError& wrong)
    {
        std::cerr << name << ": " << wrong.what() << "; " << name << " --help lists what there is\n";
        return exit_usage;
    }
    auto options =
        load_options(given.config, given.flags, [](const char* variable) { return std::getenv(variable); });
    if (options.has_error())
    {
        std::cerr << name << ": " << describe(options.error()) << '\n';
        return exit_code_for(options.error());
    }
    auto no_code = add_commands(who, *options);
    if (no_code.has_error())
    {
        std::cerr << name << ": " << describe(no_code.error()) << '\n';
        return exit_code_for(no_code.error());
    }
    // The caller's bot outlives the program's end: shared, but owned by nobody here.
    const std::shared_ptr<const bot> shared(&who, [](const bot*) {});
    return serve(std::move(*options), shared, std::move(*no_code));
}

} // namespace postern
