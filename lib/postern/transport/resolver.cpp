#include "postern/transport/resolver.hpp"

#include <boost/asio/this_coro.hpp>

namespace postern::transport {
namespace {

using tcp = net::ip::tcp;

std::vector<tcp::endpoint> with_port(const std::vector<net::ip::address>& addresses, std::uint16_t port)
{
    std::vector<tcp::endpoint> out;
    for (const auto& address : addresses)
        out.emplace_back(address, port);
    return out;
}

} // namespace

awaitable<result<std::vector<tcp::endpoint>>> address_book::find(std::string host, std::uint16_t port)
{
    error_code ec;
    const auto literal = net::ip::make_address(host, ec);
    if (!ec)
        co_return std::vector<tcp::endpoint>{{literal, port}};
    {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(host);
        if (found != known_.end() && found->second.expires > clock::now())
            co_return with_port(found->second.addresses, port);
    }

    tcp::resolver resolver(co_await net::this_coro::executor);
    auto [failed, answers] = co_await resolver.async_resolve(host, std::to_string(port), as_result);
    std::vector<net::ip::address> addresses;
    for (const auto& answer : answers)
        addresses.push_back(answer.endpoint().address());

    const std::lock_guard lock(mutex_);
    if (failed || addresses.empty())
    {
        const auto stale = known_.find(host);
        if (stale != known_.end())
            co_return with_port(stale->second.addresses, port);
        co_return error(errc::cannot_connect, "looking up " + host)
            .because(failed ? failed.message() : "the name has no address")
            .advise("check the name and this machine's DNS");
    }
    auto out = with_port(addresses, port);
    known_.insert_or_assign(std::move(host), entry{std::move(addresses), clock::now() + keep_for_});
    co_return out;
}

void address_book::forget(const std::string& host)
{
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(host);
    if (found != known_.end())
        found->second.expires = {};
}

} // namespace postern::transport
