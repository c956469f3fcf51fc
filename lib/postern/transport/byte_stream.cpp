#include "postern/transport/byte_stream.hpp"

#include "postern/transport/stream_over.hpp"

#include <boost/asio/this_coro.hpp>

namespace postern::transport {

using tcp = net::ip::tcp;
using local = net::local::stream_protocol;

std::string name_of(const tcp::endpoint& e)
{
    const auto address = e.address().to_string();
    return (e.address().is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(e.port());
}

stream_ptr make_stream(tcp::socket socket)
{
    error_code ec;
    const auto peer = socket.remote_endpoint(ec);
    socket.set_option(tcp::no_delay(true), ec); // small answers must not wait for a full segment
    socket.non_blocking(true, ec);              // what can be written at once is
    return std::make_unique<stream_over<tcp::socket>>(std::move(socket), name_of(peer));
}

stream_ptr make_stream(local::socket socket)
{
    error_code ignored;
    socket.non_blocking(true, ignored);
    return std::make_unique<stream_over<local::socket>>(std::move(socket), "unix");
}

awaitable<result<stream_ptr>> connect(std::vector<tcp::endpoint> addresses, std::string host, deadline limit)
{
    tcp::socket socket(co_await net::this_coro::executor);
    const auto dog = std::make_shared<watchdog>(socket.get_executor(), [&socket] {
        error_code ignored;
        socket.cancel(ignored);
    });
    error failed(errc::cannot_connect);
    std::string tried;
    for (const auto& address : addresses)
    {
        error_code closed;
        socket.close(closed);
        socket.open(address.protocol(), closed);
        dog->guard(side::writing, limit);
        const auto [ec] = co_await socket.async_connect(address, as_result);
        dog->release(side::writing);
        failed = ec ? dog->translate(side::writing, ec) : error();
        tried = name_of(address);
        if (!ec || ec == net::error::operation_aborted)
            break;
        failed.code = make_error_code(errc::cannot_connect);
    }
    dog->stop();
    if (failed.code)
    {
        failed.doing = "connecting to " + host + (tried.empty() ? "" : " (" + tried + ')');
        co_return failed;
    }
    co_return make_stream(std::move(socket));
}

} // namespace postern::transport
