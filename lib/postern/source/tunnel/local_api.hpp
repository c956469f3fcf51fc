#pragma once

#include "postern/base/log.hpp"
#include "postern/transport/http_client.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace postern::source {

// A port of 127.0.0.1 that nobody has right now. Somebody may take it before the child does.
result<std::uint16_t> free_loopback_port(const net::any_io_executor&);

// The HTTP side of a child, on loopback: never through a proxy, and every question on a connection of its
// own, so that what an earlier child left open can't answer for this one.
class local_api
{
public:
    // `address`: "127.0.0.1:40123".
    local_api(std::shared_ptr<transport::http_client>, std::string address);

    // Any answer is a value. Errors: those of http_client::send.
    awaitable<result<transport::response>> get(std::string path, deadline limit);

private:
    std::shared_ptr<transport::http_client> client_;
    std::string address_;
};

result<std::shared_ptr<transport::http_client>> make_loopback_client(const net::any_io_executor&, const log&);

} // namespace postern::source
