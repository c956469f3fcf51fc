#include "commands.hpp"

#include "postern/gateway/process.hpp"
#include "postern/gateway/settings.hpp"
#include "postern/gateway/webhooks.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <iostream>

namespace postern::app {
namespace {

namespace json = boost::json;

void print_json(const std::vector<known_webhook>& all)
{
    json::array items;
    for (const auto& w : all)
        items.push_back(json::object{{"id", w.id},
                                     {"name", w.name},
                                     {"resource", w.resource},
                                     {"event", w.event},
                                     {"targetUrl", w.target},
                                     {"status", w.status},
                                     {"ours", w.ours}});
    std::cout << json::serialize(items) << '\n';
}

void print_table(const std::vector<known_webhook>& all)
{
    if (all.empty())
    {
        std::cout << "no webhooks\n";
        return;
    }
    std::size_t width = 4;
    for (const auto& w : all)
        width = std::max(width, printable(w.name, 60).size());
    const auto line = [&](std::string_view name, const std::string& what, std::string_view status,
                          std::string_view whose, std::string_view target) {
        std::cout << std::left << std::setw(static_cast<int>(width) + 2) << name << std::setw(28) << what
                  << std::setw(10) << status << std::setw(20) << whose << target << '\n';
    };
    line("NAME", "EVENT", "STATUS", "WHOSE", "TARGET");
    for (const auto& w : all)
        line(printable(w.name, 60), printable(w.resource + ':' + w.event, 60), printable(w.status, 20),
             w.ours ? "ours" : "another program's", printable(w.target, 200));
}

struct task
{
    const webhooks_arguments& given;
    const gateway_options& options;
    log out;

    awaitable<int> list(net::any_io_executor executor) const
    {
        const auto all = co_await list_webhooks(std::move(executor), options, out);
        if (all.has_error())
            co_return fail(all.error());
        if (given.as_json)
            print_json(*all);
        else
            print_table(*all);
        co_return exit_ok;
    }

    awaitable<int> sync(net::any_io_executor executor) const
    {
        const auto changed = co_await sync_webhooks(std::move(executor), options, out);
        co_return count(changed, "changed");
    }

    awaitable<int> remove(net::any_io_executor executor) const
    {
        const auto removed = co_await remove_webhooks(std::move(executor), options, out);
        co_return count(removed, "removed");
    }

    int count(const result<std::size_t>& done, const std::string& what) const
    {
        if (done.has_error())
            return fail(done.error());
        if (given.as_json)
            std::cout << json::serialize(json::object{{what, *done}}) << '\n';
        else
            std::cout << *done << (*done == 1 ? " webhook " : " webhooks ") << what << '\n';
        return exit_ok;
    }

    static int fail(const error& why)
    {
        std::cerr << "postern webhooks: " << describe(why) << '\n';
        return exit_code_for(why);
    }
};

} // namespace

int webhooks_command(const webhooks_arguments& given)
{
    const auto options =
        load_options(given.config, given.flags, [](const char* name) { return std::getenv(name); });
    if (options.has_error())
    {
        std::cerr << "postern webhooks: " << describe(options.error()) << '\n';
        return exit_code_for(options.error());
    }
    const task one{given, *options,
                   log(std::min(options->level, severity::warning), stderr_sink(options->format))};
    return run_process(
        1,
        [&one](net::any_io_executor executor) {
            switch (one.given.what)
            {
            case webhooks_arguments::task::sync: return one.sync(std::move(executor));
            case webhooks_arguments::task::remove: return one.remove(std::move(executor));
            case webhooks_arguments::task::list: break;
            }
            return one.list(std::move(executor));
        },
        [] { std::_Exit(exit_failed); }, one.out); // nothing to wind down: Ctrl-C ends it
}

} // namespace postern::app
