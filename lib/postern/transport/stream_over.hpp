#pragma once

// Private to transport: a byte_stream over a socket, or over layers of TLS on one.

#include "postern/transport/byte_stream.hpp"
#include "postern/transport/watchdog.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace postern::transport {

template <class Layer>
concept speaks_tls = requires(Layer& layer)
{
    layer.next_layer();
};

inline bool end_of_stream(const error_code& ec)
{
    return ec == net::error::eof || ec == net::ssl::error::stream_truncated;
}

template <class Layer>
class stream_over final : public byte_stream
{
public:
    stream_over(Layer layer, std::string peer)
        : layer_(std::move(layer)), peer_(std::move(peer)),
          dog_(std::make_shared<watchdog>(layer_.get_executor(), [this] {
              error_code ignored;
              layer_.lowest_layer().cancel(ignored);
          }))
    {
    }
    ~stream_over() override { dog_->stop(); }

    // What it is made of, for another layer on top; this object is of no use any more.
    Layer release()
    {
        dog_->stop();
        return std::move(layer_);
    }

    awaitable<result<std::size_t>> read_some(net::mutable_buffer into, deadline limit) override
    {
        if (limit.passed()) // what is there already can be read without a wait: a flood would never end
            co_return error(errc::timed_out);
        dog_->guard(side::reading, limit);
        const auto [ec, size] = co_await layer_.async_read_some(into, as_result);
        dog_->release(side::reading);
        if (ec && end_of_stream(ec))
            co_return std::size_t{0};
        if (ec)
            co_return dog_->translate(side::reading, ec);
        co_return size;
    }

    awaitable<result<>> write(net::const_buffer first, net::const_buffer second, deadline limit) override
    {
        if (limit.passed())
            co_return error(errc::timed_out);
        if constexpr (!speaks_tls<Layer>)
        {
            const auto there = write_now(first, second);
            if (!there)
                co_return there.error();
            if (first.size() + second.size() == 0)
                co_return result<>();
        }
        dog_->guard(side::writing, limit);
        const std::array<net::const_buffer, 2> both{first, second};
        const auto [ec, size] = co_await net::async_write(layer_, both, as_result);
        dog_->release(side::writing);
        if (ec)
            co_return dog_->translate(side::writing, ec);
        co_return result<>();
    }

    awaitable<void> shutdown(deadline limit) override
    {
        if constexpr (speaks_tls<Layer>)
        {
            dog_->guard(side::writing, limit);
            co_await layer_.async_shutdown(as_result); // polite, not a proof: its result says nothing
            dog_->release(side::writing);
        }
        finish_sending();
        close();
        co_return;
    }

    void finish_sending() override
    {
        error_code ignored; // an end that fails is an end too
        layer_.lowest_layer().shutdown(net::socket_base::shutdown_send, ignored);
    }

    void close() override
    {
        error_code ignored;
        layer_.lowest_layer().close(ignored);
    }

    bool fit_for_reuse() override
    {
        auto& socket = layer_.lowest_layer();
        if (!socket.is_open())
            return false;
        char byte;
        const auto size = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

    std::string peer() const override { return peer_; }
    net::any_io_executor executor() override { return layer_.get_executor(); }

private:
    // What finds room in the socket's own buffer needs no wait, and no turn of the event loop: usually all.
    result<> write_now(net::const_buffer& first, net::const_buffer& second)
    {
        const std::array<net::const_buffer, 2> both{first, second};
        error_code ec;
        const auto size = second.size() == 0 ? layer_.write_some(first, ec) : layer_.write_some(both, ec);
        if (ec && ec != net::error::would_block && ec != net::error::try_again)
            return dog_->translate(side::writing, ec);
        second += size > first.size() ? size - first.size() : 0;
        first += size;
        return {};
    }

    Layer layer_;
    std::string peer_;
    std::shared_ptr<watchdog> dog_;
};

// "127.0.0.1:8080", "[::1]:8080"
std::string name_of(const net::ip::tcp::endpoint&);

} // namespace postern::transport
