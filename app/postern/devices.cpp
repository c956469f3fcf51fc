#include "commands.hpp"

#include "postern/gateway/devices.hpp"
#include "postern/gateway/process.hpp"
#include "postern/gateway/settings.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <iostream>

namespace postern::app {
namespace {

namespace json = boost::json;

std::string when(wall_time moment) { return moment == wall_time{} ? "-" : format_time(moment); }

void print_json(const std::vector<known_device>& all)
{
    json::array items;
    for (const auto& d : all)
        items.push_back(json::object{{"id", d.id},
                                     {"name", d.name},
                                     {"type", d.type},
                                     {"modified", when(d.modified)},
                                     {"ours", d.ours}});
    std::cout << json::serialize(items) << '\n';
}

void print_table(const std::vector<known_device>& all)
{
    if (all.empty())
    {
        std::cout << "no devices\n";
        return;
    }
    std::size_t width = 4;
    for (const auto& d : all)
        width = std::max(width, printable(d.name, 60).size());
    const auto line = [&](std::string_view id, std::string_view name, std::string_view type,
                          std::string_view modified, std::string_view whose) {
        std::cout << std::left << std::setw(38) << id << std::setw(static_cast<int>(width) + 2) << name
                  << std::setw(10) << type << std::setw(26) << modified << whose << '\n';
    };
    line("ID", "NAME", "TYPE", "MODIFIED", "WHOSE");
    for (const auto& d : all)
        line(printable(d.id, 60), printable(d.name, 60), printable(d.type, 20), when(d.modified),
             d.ours ? "ours" : "another program's");
}

struct task
{
    const devices_arguments& given;
    const gateway_options& options;
    log out;

    awaitable<int> list(net::any_io_executor executor) const
    {
        const auto all = co_await list_devices(std::move(executor), options, out);
        if (all.has_error())
            co_return fail(all.error());
        if (given.as_json)
            print_json(*all);
        else
            print_table(*all);
        co_return exit_ok;
    }

    awaitable<int> prune(net::any_io_executor executor) const
    {
        const auto deleted = co_await prune_devices(std::move(executor), options, out);
        if (deleted.has_error())
            co_return fail(deleted.error());
        if (given.as_json)
            std::cout << json::serialize(json::object{{"deleted", *deleted}}) << '\n';
        else
            std::cout << *deleted << (*deleted == 1 ? " device deleted\n" : " devices deleted\n");
        co_return exit_ok;
    }

    static int fail(const error& why)
    {
        std::cerr << "postern devices: " << describe(why) << '\n';
        return exit_code_for(why);
    }
};

} // namespace

int devices_command(const devices_arguments& given)
{
    const auto options =
        load_options(given.config, given.flags, [](const char* name) { return std::getenv(name); });
    if (options.has_error())
    {
        std::cerr << "postern devices: " << describe(options.error()) << '\n';
        return exit_code_for(options.error());
    }
    const task one{given, *options,
                   log(std::min(options->level, severity::warning), stderr_sink(options->format))};
    return run_process(
        1,
        [&one](net::any_io_executor executor) {
            return one.given.prune ? one.prune(std::move(executor)) : one.list(std::move(executor));
        },
        [] { std::_Exit(exit_failed); }, one.out); // nothing to wind down: Ctrl-C ends it
}

} // namespace postern::app
