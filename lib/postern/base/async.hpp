#pragma once

// The words every coroutine of postern is written with. Cheap to include: no sockets, no Beast.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace postern {

namespace net = boost::asio;
using boost::system::error_code;
using net::awaitable;

// Asynchronous operations answer with (error_code, value...) instead of throwing.
inline constexpr auto as_result = net::as_tuple(net::use_awaitable);

} // namespace postern
