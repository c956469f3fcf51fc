#include "postern/transport/dialer.hpp"

#include "postern/transport/proxy_refusal.hpp"
#include "postern/transport/proxy_tunnel.hpp"

namespace postern::transport {
namespace {

// Who sits inside a firewall and has named no proxy sees only that nothing can be reached.
void hint_at_proxy(error& why, const url& where)
{
    if (is_this_machine(where.host) || !(why.is(errc::cannot_connect) || why.is(errc::timed_out)))
        return;
    why.advice += why.advice.empty() ? "if" : "; if";
    why.advice += " a proxy leads out of this network, name it with --proxy or HTTPS_PROXY";
}

std::string host_and_port(const url& where)
{
    const bool v6 = where.host.find(':') != where.host.npos;
    return (v6 ? '[' + where.host + ']' : where.host) + ':' + std::to_string(where.port);
}

} // namespace

dialer::dialer(const http_client_options& options, std::shared_ptr<tls_context> tls, address_rule rule)
    : connect_timeout_(options.connect_timeout), user_agent_(options.user_agent), proxies_(options.proxy),
      tls_(std::move(tls)), may_connect_(std::move(rule)), addresses_(options.resolve_for)
{
}

awaitable<result<stream_ptr>> dialer::dial(url where, deadline limit)
{
    if (const auto* proxy = proxies_.proxy_for(where))
    {
        auto stream = co_await through(*proxy, std::move(where), limit);
        co_return stream;
    }
    auto stream = co_await straight(where, limit);
    if (stream.has_error() && proxies_.empty())
    {
        auto why = stream.error();
        hint_at_proxy(why, where);
        co_return why;
    }
    co_return stream;
}

awaitable<result<stream_ptr>> dialer::straight(url where, deadline limit)
{
    auto addresses = co_await addresses_.find(where.host, where.port);
    if (addresses.has_error())
        co_return addresses.error();
    if (may_connect_)
        std::erase_if(*addresses, [this](const auto& one) { return !may_connect_(one.address()); });
    if (addresses->empty())
        co_return error(errc::cannot_connect, "connecting to " + where.host)
            .because("its address is not one that may be connected to");
    limit = limit.at_most(connect_timeout_);
    auto stream = co_await connect(std::move(*addresses), where.host, limit);
    if (stream.has_value() && where.tls())
        stream = co_await secure(std::move(*stream), tls_, where.host, limit);
    if (stream.has_error())
        addresses_.forget(where.host);
    co_return stream;
}

// The proxy looks the target's name up, not we.
awaitable<result<stream_ptr>> dialer::through(const proxy_address& proxy, url where, deadline limit)
{
    auto addresses = co_await addresses_.find(proxy.host, proxy.port);
    if (addresses.has_error())
        co_return no_way_through(proxy, "looking up", addresses.error());
    limit = limit.at_most(connect_timeout_);
    auto stream = co_await connect(std::move(*addresses), proxy.host, limit);
    if (stream.has_error())
    {
        addresses_.forget(proxy.host);
        co_return no_way_through(proxy, "connecting to", stream.error());
    }
    if (proxy.tls)
        stream = co_await secure(std::move(*stream), tls_, proxy.host, limit);
    if (stream.has_error())
        co_return no_way_through(proxy, "TLS handshake with", stream.error());

    const auto opened = co_await open_tunnel(**stream, proxy, host_and_port(where), user_agent_, limit);
    if (opened.has_error())
        co_return opened.error();
    if (where.tls())
        stream = co_await secure(std::move(*stream), tls_, where.host, limit);
    if (stream.has_error())
        co_return behind_proxy(proxy, stream.error());
    co_return stream;
}

} // namespace postern::transport
