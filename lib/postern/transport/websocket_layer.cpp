#include "postern/transport/websocket_layer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>

namespace postern::transport {
namespace {

struct outcome
{
    outcome() = default;
    outcome(error_code failed, std::size_t moved) : ec(failed), size(moved) {}
    error_code ec;
    std::size_t size = 0;
};

outcome failed(websocket_link& link, error why)
{
    const auto ec = why.code;
    link.fail(std::move(why));
    return {ec, 0};
}

awaitable<outcome> read(std::shared_ptr<websocket_link> link, net::mutable_buffer into)
{
    const auto size = co_await link->bytes->read_some(into, link->read_limit);
    if (size.has_error())
        co_return failed(*link, size.error());
    if (*size == 0)
        co_return outcome(net::error::eof, 0);
    co_return outcome({}, *size);
}

awaitable<outcome> write(std::shared_ptr<websocket_link> link, net::const_buffer first,
                         net::const_buffer second)
{
    const auto sent = co_await link->bytes->write(first, second, link->write_limit);
    if (sent.has_error())
        co_return failed(*link, sent.error());
    co_return outcome({}, first.size() + second.size());
}

using operation = std::function<awaitable<outcome>()>;

awaitable<outcome> unless_cancelled(std::shared_ptr<websocket_link> link, operation work)
{
    co_await net::this_coro::throw_if_cancelled(false);
    const auto state = co_await net::this_coro::cancellation_state;
    if (state.cancelled() != net::cancellation_type::none) // it would not reach the operation any more
        co_return failed(*link, error(errc::stopped));
    const auto what = co_await work();
    co_return what;
}

void start(std::shared_ptr<websocket_link> link, operation work, net::cancellation_slot slot,
           moved_bytes done)
{
    auto finished = [done = std::move(done)](std::exception_ptr thrown, outcome what) {
        if (thrown)
            what = outcome(net::error::operation_aborted, 0);
        done(what.ec, what.size);
    };
    auto whole = [link, work = std::move(work)] { return unless_cancelled(link, work); };
    net::co_spawn(link->bytes->executor(), std::move(whole),
                  net::bind_cancellation_slot(slot, std::move(finished)));
}

} // namespace

void start_reading(std::shared_ptr<websocket_link> link, net::mutable_buffer into,
                   net::cancellation_slot slot, moved_bytes done)
{
    auto work = [link, into] { return read(link, into); };
    start(link, std::move(work), slot, std::move(done));
}

void start_writing(std::shared_ptr<websocket_link> link, net::const_buffer first, net::const_buffer second,
                   net::cancellation_slot slot, moved_bytes done)
{
    auto work = [link, first, second] { return write(link, first, second); };
    start(link, std::move(work), slot, std::move(done));
}

} // namespace postern::transport
