#include "postern/gateway/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <future>
#include <thread>
#include <vector>

namespace postern {

exit_code exit_code_for(const error& e)
{
    if (e.is(errc::address_in_use))
        return exit_cannot_listen;
    if (e.is(errc::token_rejected))
        return exit_token_rejected;
    if (e.is(errc::bad_configuration) || e.is(errc::file_unreadable) || e.is(errc::bad_input))
        return exit_usage;
    return exit_failed;
}

namespace {

// What main has started and left behind, a handler that does not hear that it is to end for one, may go on so
// long.
constexpr std::chrono::seconds longest_echo{1};

// A terminal, timeout(1) and others signal the process and its group at once: two in one moment are one.
void listen_for_second(net::signal_set& signals, std::chrono::steady_clock::time_point first, const log& out)
{
    signals.async_wait([&signals, first, out](const error_code& ec, int) {
        if (ec)
            return;
        if (std::chrono::steady_clock::now() - first < std::chrono::milliseconds(300))
            return listen_for_second(signals, first, out);
        out.warning("a second signal: ending at once");
        std::_Exit(exit_forced);
    });
}

} // namespace

int run_process(std::size_t threads, std::function<awaitable<int>(net::any_io_executor)> main,
                std::function<void()> on_stop, log out)
{
    std::signal(SIGPIPE, SIG_IGN); // a peer that went away is an error code, not an end
    std::signal(SIGXFSZ, SIG_IGN); // so is a file that may not grow
    net::io_context io(static_cast<int>(threads));
    const net::any_io_executor strand = net::make_strand(io);

    net::signal_set signals(strand, SIGINT, SIGTERM);
    signals.async_wait([&](const error_code& ec, int) {
        if (ec)
            return;
        listen_for_second(signals, std::chrono::steady_clock::now(), out);
        on_stop();
    });

    int code = exit_failed;
    std::promise<void> all_ended;
    std::thread last_resort;
    auto whole = [&main, &io] { return main(io.get_executor()); };
    net::co_spawn(strand, std::move(whole), [&](std::exception_ptr failure, int returned) {
        code = failure ? exit_failed : returned;
        if (failure)
        {
            try
            {
                std::rethrow_exception(failure);
            }
            catch (const std::exception& e)
            {
                out.error("ended by an exception; this is a defect of postern", {{"reason", e.what()}});
            }
        }
        signals.cancel();
        last_resort = std::thread([&io, &out, ended = all_ended.get_future()] {
            if (ended.wait_for(longest_echo) != std::future_status::timeout)
                return;
            out.error("something does not end, and is cut off");
            io.stop();
        });
    });

    std::vector<std::thread> pool;
    for (std::size_t i = 1; i < threads; ++i)
        pool.emplace_back([&io] { io.run(); });
    io.run();
    for (auto& thread : pool)
        thread.join();
    all_ended.set_value();
    if (last_resort.joinable())
        last_resort.join();
    return code;
}

} // namespace postern
