#pragma once

#include "postern/base/async.hpp"
#include "postern/journal/sqlite/call.hpp"
#include "postern/journal/sqlite/call_queue.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>
#include <utility>

namespace postern::journal::sqlite {

struct put_in_queue
{
    std::shared_ptr<call_queue> queue;

    template <class Handler, class T>
    void operator()(Handler handler, std::shared_ptr<call_for<T>> c) const
    {
        c->set_handler(std::move(handler), queue->where());
        queue->put(std::move(c));
    }
};

// Hands the call to the journal's thread and waits for its answer. A coroutine that was cancelled before is
// told so without it: nothing would wake it later.
template <class T>
awaitable<result<T>> wait_for(std::shared_ptr<call_queue> queue, std::shared_ptr<call_for<T>> c)
{
    const auto cancellation = co_await net::this_coro::cancellation_state;
    if (cancellation.cancelled() != net::cancellation_type::none)
        co_return error(errc::stopped, c->doing);
    put_in_queue start{std::move(queue)};
    auto answer = co_await net::async_initiate<const net::use_awaitable_t<>, void(result<T>)>(
        std::move(start), net::use_awaitable, std::move(c));
    co_return answer;
}

} // namespace postern::journal::sqlite
