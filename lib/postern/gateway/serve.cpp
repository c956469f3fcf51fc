#include "postern/gateway/serve.hpp"

#include "postern/gateway/gateway.hpp"

#include <iostream>

namespace postern {
namespace {

struct session
{
    gateway_options options;
    std::shared_ptr<const bot> who;
    std::shared_ptr<no_code_commands> no_code;
    log out;
    std::shared_ptr<gateway> served;
    bool stopping = false;

    awaitable<int> run(net::any_io_executor executor)
    {
        auto made = gateway::make(executor, options, who, out, {}, no_code);
        if (made.has_error())
        {
            out.error(describe(made.error()));
            co_return exit_code_for(made.error());
        }
        served = std::move(*made);
        served->on_ready([this] {
            std::cout << R"({"listen": ")" << served->address() << R"(", "mode": ")" << to_string(options.way)
                      << '"';
            if (options.way == mode::webhook)
                std::cout << R"(, "webhook": ")" << served->webhook_url() << '"';
            std::cout << '}' << std::endl;
        });
        if (stopping)
            served->stop();
        const auto ended = co_await served->run();
        served.reset(); // while the event loop it lives on still runs
        if (ended.has_value())
            co_return exit_ok;
        out.error(describe(ended.error()));
        co_return exit_code_for(ended.error());
    }

    void stop()
    {
        stopping = true;
        if (served)
            served->stop();
    }
};

} // namespace

int serve(gateway_options options, std::shared_ptr<const bot> who, std::shared_ptr<no_code_commands> no_code)
{
    const log out(options.level, stderr_sink(options.format));
    const auto threads = options.threads;
    session one{std::move(options), std::move(who), std::move(no_code), out, nullptr};
    return run_process(
        threads, [&one](net::any_io_executor executor) { return one.run(std::move(executor)); },
        [&one] { one.stop(); }, out);
}

} // namespace postern
