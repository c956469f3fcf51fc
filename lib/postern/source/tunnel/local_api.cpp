#include "postern/source/tunnel/local_api.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace postern::source {

result<std::uint16_t> free_loopback_port(const net::any_io_executor& here)
{
    using net::ip::tcp;
    tcp::acceptor taken(here);
    error_code ec;
    taken.open(tcp::v4(), ec);
    if (!ec)
        taken.bind({net::ip::address_v4::loopback(), 0}, ec);
    const auto where = ec ? tcp::endpoint() : taken.local_endpoint(ec);
    if (ec)
        return error(ec, "looking for a free port on 127.0.0.1");
    return where.port();
}

result<std::shared_ptr<transport::http_client>> make_loopback_client(const net::any_io_executor& here,
                                                                     const log& out)
{
    transport::http_client_options options;
    options.idle_per_host = 0;
    options.response_limit = 1024 * 1024;
    options.connect_timeout = std::chrono::seconds(2); // SUP-12
    return transport::make_http_client(here, std::move(options), out);
}

local_api::local_api(std::shared_ptr<transport::http_client> client, std::string address)
    : client_(std::move(client)), address_(std::move(address))
{
}

awaitable<result<transport::response>> local_api::get(std::string path, deadline limit)
{
    auto where = transport::parse_url("http://" + address_ + path);
    if (where.has_error())
        co_return where.error();
    transport::request what;
    what.target = where->target;
    auto answer = co_await client_->send(std::move(*where), std::move(what), limit);
    co_return answer;
}

} // namespace postern::source
