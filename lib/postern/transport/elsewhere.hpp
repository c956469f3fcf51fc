#pragma once

// Private to transport.

#include "postern/base/async.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>

namespace postern::transport {

// Runs `work` on another strand and waits for its end; its exception passes through. A terminal cancellation
// of the caller is told to `work` on its own strand: Boost 1.81's co_spawn emits it there too, but into
// memory that is gone if the work has just ended (seen under AddressSanitizer).
awaitable<void> run_elsewhere(net::any_io_executor strand, std::function<awaitable<void>()> work);

} // namespace postern::transport
