#include "commands.hpp"

#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "postern/emulator/emulator.hpp"
#include "postern/emulator/seed.hpp"
#include "postern/gateway/private_files.hpp"
#include "postern/gateway/process.hpp"

#include "until_stopped.hpp"

#include <iostream>

namespace postern::app {
namespace {

awaitable<int> run_emulator(net::any_io_executor executor, emulator::emulator_options options,
                            until_stopped& stop, log out)
{
    auto started = emulator::emulator::start(executor, std::move(options), out.in("emulator"));
    if (started.has_error())
    {
        out.error(describe(started.error()));
        co_return exit_code_for(started.error());
    }
    const auto cloud = std::move(*started);
    std::cout << cloud->ready_line() << std::endl;
    co_await stop.wait();
    co_await cloud->stop();
    co_return exit_ok;
}

} // namespace

int emulator_command(const emulator_arguments& given)
{
    if (given.print_seed)
    {
        std::cout << emulator::default_seed() << '\n';
        return exit_ok;
    }
    auto text = given.seed_file.empty() ? result<std::string>(emulator::default_seed())
                                        : read_small_file(given.seed_file);
    auto seed = text.has_value() ? emulator::parse_seed(*text, given.seed_file.empty() ? "the built-in seed"
                                                                                       : given.seed_file)
                                 : result<emulator::world_seed>(text.error().during("reading the seed"));
    if (seed.has_error())
    {
        std::cerr << "postern emulator: " << describe(seed.error()) << '\n';
        return exit_usage;
    }
    emulator::emulator_options options;
    options.listen = given.listen;
    options.certificate_file = given.certificate_file;
    options.key_file = given.key_file;
    options.ca_file = given.ca_file;
    options.seed = std::move(*seed);

    const log out(given.level, stderr_sink(given.format));
    until_stopped stop;
    return run_process(
        2,
        [&](net::any_io_executor executor) { return run_emulator(std::move(executor), options, stop, out); },
        [&] { stop.now(); }, out);
}

} // namespace postern::app
