#pragma once

#include "postern/base/log.hpp"
#include "postern/transport/http_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace postern::test {

// What stands behind the tunnel: echoes bodies and websocket messages, and remembers what it was asked.
class behind
{
public:
    behind();
    ~behind();
    behind(const behind&) = delete;

    std::string url() const;
    std::vector<transport::request> asked() const;

private:
    struct handler;
    net::io_context io_{1};
    std::shared_ptr<handler> handler_;
    std::unique_ptr<transport::http_server> server_;
    std::thread thread_;
};

// Answers whatever comes with words that are no HTTP.
class babbler
{
public:
    babbler() : acceptor_(io_, {net::ip::make_address("127.0.0.1"), 0})
    {
        thread_ = std::thread([this] {
            boost::system::error_code ec;
            net::ip::tcp::socket visitor(io_);
            acceptor_.accept(visitor, ec);
            net::write(visitor, net::buffer(std::string_view("SSH-2.0-nobody\r\n\r\n")), ec);
        });
    }
    ~babbler()
    {
        boost::system::error_code ec;
        net::ip::tcp::socket knock(io_); // in case nobody came
        knock.connect(acceptor_.local_endpoint(), ec);
        thread_.join();
    }
    babbler(const babbler&) = delete;
    std::string url() const
    {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }

private:
    net::io_context io_;
    net::ip::tcp::acceptor acceptor_;
    std::thread thread_;
};

} // namespace postern::test
