#include "commands.hpp"

#include "demo_feed.hpp"
#include "demo_server.hpp"
#include "until_stopped.hpp"

#include "postern/base/crypto.hpp"
#include "postern/bot/bot.hpp"
#include "postern/emulator/emulator.hpp"
#include "postern/emulator/seed.hpp"
#include "postern/gateway/gateway.hpp"
#include "postern/gateway/process.hpp"

#include <filesystem>
#include <iostream>

namespace postern::app {
namespace {

// The gateway's files for the time of one demo.
struct passing_directory
{
    std::string path = (std::filesystem::temp_directory_path() / ("postern-demo-" + random_hex(6))).string();
    ~passing_directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

struct demo
{
    demo_arguments given;
    mode way;
    log out;
    passing_directory files;
    std::shared_ptr<demo_feed> feed = std::make_shared<demo_feed>();
    std::shared_ptr<bot> who = std::make_shared<bot>();
    std::shared_ptr<gateway> served;
    bool stopping = false;

    awaitable<int> run(net::any_io_executor executor)
    {
        auto seed = emulator::parse_seed(emulator::default_seed(), "the built-in seed");
        if (seed.has_error())
            co_return fail(seed.error());
        auto front = std::make_shared<demo_server>(feed, given.mode);
        auto started = start_cloud(executor, *seed, front);
        if (started.has_error())
            co_return fail(started.error());
        const auto cloud = std::move(*started);
        front->introduce(*cloud, seed->people);

        auto made = gateway::make(executor, gateway_for(*cloud), who, out, watching());
        if (made.has_error())
        {
            co_await cloud->stop();
            co_return fail(made.error());
        }
        served = std::move(*made);
        const auto page = cloud->api_url().substr(0, cloud->api_url().size() - std::string_view("v1").size());
        served->on_ready([page] {
            std::cout << R"({"page": ")" << page << "\"}" << std::endl;
            std::cerr << "\n    The demo is ready: open " << page << " in a browser. Ctrl-C ends it.\n\n";
        });
        if (stopping)
            served->stop();
        const auto ended = co_await served->run();
        served.reset(); // while the event loop it lives on still runs
        co_await cloud->stop();
        co_return ended.has_value() ? exit_ok : fail(ended.error());
    }

    void stop()
    {
        stopping = true;
        if (served)
            served->stop();
    }

private:
    int fail(const error& why) const
    {
        out.error(describe(why));
        return exit_code_for(why);
    }

    result<std::unique_ptr<emulator::emulator>> start_cloud(net::any_io_executor executor,
                                                            emulator::world_seed seed,
                                                            std::shared_ptr<demo_server> front)
    {
        emulator::emulator_options options;
        options.listen = given.listen;
        options.seed = std::move(seed);
        options.front = std::move(front);
        options.front_owns = demo_server::serves;
        auto started = emulator::emulator::start(executor, std::move(options), out.in("emulator"));
        if (started.has_value())
            (*started)->observe([f = feed](const emulator::observed& seen) { publish(*f, seen); });
        return started;
    }

    gateway_options gateway_for(const emulator::emulator& cloud) const
    {
        gateway_options options;
        options.api.base_url = cloud.api_url();
        options.token = secret(cloud.token("bot"));
        options.token_source = "the emulator";
        options.way = way;
        options.device.u2c_url = cloud.u2c_url();
        options.listener.listen = "127.0.0.1:0";
        options.data_dir = files.path;
        return options;
    }

    trail watching() const
    {
        return [f = feed](const hop_record& h) { publish(*f, h); };
    }
};

} // namespace

int demo_command(const demo_arguments& given)
{
    const auto way = parse_mode(given.mode);
    if (!way)
    {
        std::cerr << "postern demo: --mode " << printable(given.mode) << ": expected websocket or webhook\n";
        return exit_usage;
    }
    demo one{given,
             *way,
             log(given.level, stderr_sink(log_format::human)),
             {},
             std::make_shared<demo_feed>(),
             std::make_shared<bot>(),
             nullptr,
             false};
    add_default_commands(*one.who);
    one.who->greeting("Hello. I am **Postern**, the bot of this demo. Say /help to see what I can do.");
    return run_process(
        2, [&one](net::any_io_executor executor) { return one.run(std::move(executor)); },
        [&one] { one.stop(); }, one.out);
}

} // namespace postern::app
