#pragma once

#include "postern/base/task_scope.hpp"
#include "postern/transport/byte_stream.hpp"
#include "postern/transport/tls.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace postern::test {

// An HTTP proxy on loopback that does what its script says. For one io_context with one thread.
class scripted_proxy
{
public:
    enum class then
    {
        relay, // to the target, whatever host was asked for
        hold,  // silent, until the client goes
        close
    };
    struct script
    {
        std::string answer = "HTTP/1.1 200 Connection established\r\n\r\n"; // to every head
        then after = then::relay;
        std::uint16_t target = 0; // port on loopback
        std::string certificate;  // with a key: TLS to the proxy
        std::string key;
        bool answer_in_bytes = false; // one byte at a time
    };

    scripted_proxy(net::io_context& io, script s)
        : script_(std::move(s)), io_(io), acceptor_(io, {net::ip::make_address("127.0.0.1"), 0}),
          tasks_([](std::exception_ptr) { BOOST_TEST(false, "the scripted proxy threw"); })
    {
        if (!script_.certificate.empty())
            tls_ = *transport::make_server_tls(script_.certificate, script_.key);
        tasks_.spawn(io_.get_executor(), [this] { return listen(); });
    }

    std::string name() const { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
    // What clients said first, one string for each connection that said something.
    const std::vector<std::string>& heads() const { return heads_; }

    awaitable<void> stop()
    {
        error_code ignored;
        acceptor_.close(ignored);
        co_await wind_down(tasks_, std::chrono::milliseconds(0));
    }

private:
    using stream_ptr = std::shared_ptr<transport::byte_stream>;

    awaitable<void> listen()
    {
        for (;;)
        {
            auto [ec, socket] = co_await acceptor_.async_accept(as_result);
            if (ec)
                co_return;
            auto owned = std::make_shared<net::ip::tcp::socket>(std::move(socket));
            tasks_.spawn(io_.get_executor(), [this, owned] { return serve(owned); });
        }
    }

    awaitable<void> serve(std::shared_ptr<net::ip::tcp::socket> socket)
    {
        const auto limit = deadline::after(std::chrono::seconds(4));
        stream_ptr client;
        if (tls_)
        {
            auto secured = co_await transport::accept_tls(std::move(*socket), tls_, limit);
            if (secured.has_error())
                co_return;
            client = std::move(*secured);
        }
        else
            client = transport::make_stream(std::move(*socket));

        std::string head;
        while (head.find("\r\n\r\n") == head.npos)
        {
            std::array<char, 4096> piece;
            const auto size = co_await client->read_some(net::buffer(piece), limit);
            if (size.has_error() || *size == 0)
                co_return;
            head.append(piece.data(), *size);
        }
        heads_.push_back(head);
        const auto step = script_.answer_in_bytes ? std::size_t{1} : script_.answer.size();
        for (std::size_t at = 0; at < script_.answer.size(); at += step)
        {
            const auto sent =
                co_await client->write(net::buffer(script_.answer.data() + at, step), {}, limit);
            if (sent.has_error())
                co_return;
        }
        if (script_.after == then::close)
            co_await client->shutdown(deadline::after(std::chrono::milliseconds(50)));
        else if (script_.after == then::hold)
            co_await copy(client, nullptr);
        else
            co_await relay(client);
    }

    awaitable<void> relay(stream_ptr client)
    {
        std::vector<net::ip::tcp::endpoint> where{{net::ip::make_address("127.0.0.1"), script_.target}};
        auto connected = co_await transport::connect(std::move(where), "the target",
                                                     deadline::after(std::chrono::seconds(2)));
        if (connected.has_error())
            co_return;
        const stream_ptr target = std::move(*connected);
        tasks_.spawn(io_.get_executor(), [client, target] { return copy(target, client); });
        co_await copy(client, target);
    }

    static awaitable<void> copy(stream_ptr from, stream_ptr to)
    {
        const auto limit = deadline::after(std::chrono::seconds(4));
        std::vector<char> piece(32 * 1024);
        for (;;)
        {
            const auto size = co_await from->read_some(net::buffer(piece), limit);
            if (size.has_error() || *size == 0)
                break;
            if (!to)
                continue;
            const auto sent = co_await to->write(net::buffer(piece.data(), *size), {}, limit);
            if (sent.has_error())
                break;
        }
        if (to)
            co_await to->shutdown(deadline::after(std::chrono::milliseconds(50)));
    }

    const script script_;
    net::io_context& io_;
    net::ip::tcp::acceptor acceptor_;
    std::shared_ptr<transport::tls_context> tls_;
    std::vector<std::string> heads_;
    task_scope tasks_;
};

} // namespace postern::test
