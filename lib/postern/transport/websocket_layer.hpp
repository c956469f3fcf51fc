#pragma once

// Private to websocket_over.cpp: our stream of bytes as the AsyncStream that Beast writes a websocket on.

#include "postern/transport/byte_stream.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace postern::transport {

// What a websocket and its layer share. The limits are those of whoever reads and writes at the moment.
struct websocket_link
{
    explicit websocket_link(stream_ptr stream, deadline limit)
        : bytes(std::move(stream)), read_limit(limit), write_limit(limit)
    {
    }

    // The first failure is the one that tells what happened; later ones are its consequences.
    void fail(error why)
    {
        if (!failure.code)
            failure = std::move(why);
    }

    std::shared_ptr<byte_stream> bytes;
    deadline read_limit;
    deadline write_limit;
    error failure;
};

// Handlers of all types become one here, so that the coroutines below are compiled once.
using moved_bytes = std::function<void(error_code, std::size_t)>;
void start_reading(std::shared_ptr<websocket_link>, net::mutable_buffer, net::cancellation_slot, moved_bytes);
void start_writing(std::shared_ptr<websocket_link>, net::const_buffer, net::const_buffer,
                   net::cancellation_slot, moved_bytes);

// Failures arrive as the codes of our own errors, an end of the stream as net::error::eof.
class websocket_layer
{
public:
    using executor_type = net::any_io_executor;

    explicit websocket_layer(std::shared_ptr<websocket_link> link) : link_(std::move(link)) {}

    executor_type get_executor() const { return link_->bytes->executor(); }
    websocket_link& link() noexcept { return *link_; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& into, Token&& token)
    {
        return net::async_initiate<Token, void(error_code, std::size_t)>(
            [link = link_](auto handler, net::mutable_buffer where) {
                const auto slot = net::get_associated_cancellation_slot(handler);
                start_reading(link, where, slot, erased(*link, std::move(handler)));
            },
            token, first_of<net::mutable_buffer>(into));
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& from, Token&& token)
    {
        // A frame's head and its payload leave together; a sequence of more pieces leaves in steps.
        const auto first = first_of<net::const_buffer>(from);
        return net::async_initiate<Token, void(error_code, std::size_t)>(
            [link = link_](auto handler, net::const_buffer one, net::const_buffer two) {
                const auto slot = net::get_associated_cancellation_slot(handler);
                start_writing(link, one, two, slot, erased(*link, std::move(handler)));
            },
            token, first, second_of(from));
    }

private:
    // The first piece of a sequence that is not empty.
    template <class Buffer, class Buffers>
    static Buffer first_of(const Buffers& all)
    {
        const auto end = net::buffer_sequence_end(all);
        for (auto at = net::buffer_sequence_begin(all); at != end; ++at)
            if (const Buffer piece(*at); piece.size() > 0)
                return piece;
        return {};
    }

    template <class Buffers>
    static net::const_buffer second_of(const Buffers& all)
    {
        bool skipped = false;
        const auto end = net::buffer_sequence_end(all);
        for (auto at = net::buffer_sequence_begin(all); at != end; ++at)
        {
            const net::const_buffer piece(*at);
            if (piece.size() > 0 && std::exchange(skipped, true))
                return piece;
        }
        return {};
    }

    template <class Handler>
    static moved_bytes erased(const websocket_link& link, Handler handler)
    {
        const auto executor = net::get_associated_executor(handler, link.bytes->executor());
        auto kept = std::make_shared<Handler>(std::move(handler));
        return [executor, kept = std::move(kept)](error_code ec, std::size_t size) mutable {
            auto then = std::move(*kept);
            kept.reset();
            net::dispatch(executor, boost::beast::bind_front_handler(std::move(then), ec, size));
        };
    }

    std::shared_ptr<websocket_link> link_;
};

// Beast calls this when both close frames have been seen, or when it gave up. Nothing is done here: the end
// of the bytes has a deadline, so websocket_over.cpp sees to it.
template <class Handler>
void async_teardown(boost::beast::role_type, websocket_layer& layer, Handler&& handler)
{
    net::post(layer.get_executor(),
              boost::beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
}

inline void beast_close_socket(websocket_layer& layer) { layer.link().bytes->close(); }

} // namespace postern::transport
