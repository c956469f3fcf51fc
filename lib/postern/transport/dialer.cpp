#include "postern/transport/dialer.hpp"

namespace postern::transport {

dialer::dialer(const http_client_options& options, std::shared_ptr<tls_context> tls)
    : connect_timeout_(options.connect_timeout), tls_(std::move(tls)), addresses_(options.resolve_for)
{
}

awaitable<result<stream_ptr>> dialer::dial(url where, deadline limit)
{
    auto addresses = co_await addresses_.find(where.host, where.port);
    if (addresses.has_error())
        co_return addresses.error();
    std::shared_ptr<tls_context> tls; // named: g++ 12 destroys a temporary of ?: beside co_await twice
    if (where.tls())
        tls = tls_;
    auto opened =
        co_await connect(std::move(*addresses), where.host, std::move(tls), limit.at_most(connect_timeout_));
    if (opened.has_error())
        addresses_.forget(where.host);
    co_return opened;
}

} // namespace postern::transport
