#pragma once

#include "postern/base/task_scope.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <utility>

namespace postern::test {

// One thread on which tasks run for as long as a test wants: what a gateway is to them.
struct stage
{
    net::io_context io{1};
    task_scope scope{[](std::exception_ptr thrown) { std::rethrow_exception(thrown); }};

    ~stage() { stop(); }

    void start(std::function<awaitable<void>()> task) { scope.spawn(io.get_executor(), std::move(task)); }

    // Lets them run until that holds; a hang is a failure.
    void run_until(const std::function<bool()>& holds, std::chrono::seconds limit = std::chrono::seconds(5))
    {
        const auto end = std::chrono::steady_clock::now() + limit;
        io.restart();
        while (!holds() && std::chrono::steady_clock::now() < end)
            if (io.run_one_until(end) == 0)
                break;
        BOOST_TEST_REQUIRE(holds());
    }
    // Lets everything happen that needs no waiting.
    void settle()
    {
        io.restart();
        io.poll();
    }
    // As the gateway stops its ways in. What was started must still exist.
    void stop()
    {
        scope.stop(net::cancellation_type::terminal);
        run_until([this] { return scope.size() == 0; });
    }
};

} // namespace postern::test
