#pragma once

#include "postern/base/async.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>

namespace postern::test {

// Runs one coroutine to its end; a hang is a failure, not a stuck build. `coroutine` is called with the
// io_context (one thread, so it is a strand of its own).
template <class Coroutine>
void run(Coroutine coroutine, std::chrono::seconds limit = std::chrono::seconds(5))
{
    net::io_context io(1);
    bool finished = false;
    std::exception_ptr failure;
    net::co_spawn(
        io, [&] { return coroutine(io); },
        [&](std::exception_ptr error) {
            finished = true;
            failure = error;
        });
    io.run_for(limit);
    if (failure)
        std::rethrow_exception(failure);
    BOOST_TEST_REQUIRE(finished, "coroutine still suspended after the limit");
}

} // namespace postern::test
