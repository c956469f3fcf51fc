#include "postern/transport/proxy_tunnel.hpp"

#include "postern/base/crypto.hpp"
#include "postern/transport/http_wire.hpp"
#include "postern/transport/proxy_refusal.hpp"

#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>

#include <memory>

namespace postern::transport {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::size_t longest_head = 16 * 1024;
constexpr unsigned char tls_alert = 0x15;
using buffer_type = beast::flat_static_buffer<longest_head>;

unsigned char first_byte(const buffer_type& got)
{
    return *static_cast<const unsigned char*>(got.data().data());
}

std::string connect_head(const proxy_address& proxy, const std::string& target, std::string_view user_agent)
{
    request ask;
    ask.method = "CONNECT";
    ask.target = target;
    if (proxy.wants_password)
        ask.headers.add("Proxy-Authorization",
                        "Basic " + base64(proxy.user + ':' + std::string(proxy.password.reveal())));
    return request_head(ask, target, user_agent);
}

struct answered
{
    response head;
    std::string phrase;
};

error not_understood(const buffer_type& got)
{
    const bool alert = first_byte(got) == tls_alert;
    return error(errc::bad_response)
        .because(alert ? "it speaks TLS: its URL should begin with https://" : "it is not HTTP");
}

error endless() { return error(errc::too_large).because("it does not end"); }

error broken_off(bool begun)
{
    return error(errc::connection_lost).because(begun ? "it broke off in the middle" : "none came");
}

awaitable<result<answered>> hear(byte_stream& proxy, deadline limit)
{
    const auto buffer = std::make_unique<buffer_type>();
    http::response_parser<http::empty_body> parser;
    parser.header_limit(longest_head);
    parser.skip(true); // what follows is the tunnel, or of no interest
    while (!parser.is_header_done())
    {
        const auto room = buffer->prepare(buffer->max_size() - buffer->size());
        const auto size = co_await proxy.read_some(room, limit);
        if (size.has_error())
            co_return size.error();
        if (*size == 0)
            co_return broken_off(buffer->size() > 0);
        buffer->commit(*size);
        if (!parser.got_some() && first_byte(*buffer) != 'H') // what is no HTTP may never end a line
            co_return not_understood(*buffer);

        error_code ec;
        buffer->consume(parser.put(buffer->data(), ec));
        const bool full = !parser.is_header_done() && buffer->size() == buffer->max_size();
        if (full || ec == http::error::header_limit)
            co_return endless();
        if (ec && ec != http::error::need_more)
            co_return not_understood(*buffer);
    }
    answered out;
    out.head.status = parser.get().result_int();
    out.head.headers = copy_fields(parser.get());
    const auto phrase = parser.get().reason();
    out.phrase.assign(phrase.data(), phrase.size());
    if (out.head.status / 100 == 2 && buffer->size() > 0) // a target speaks second, in HTTP as in TLS
        co_return error(errc::bad_response).because("it goes on behind its end");
    co_return out;
}

} // namespace

awaitable<result<>> open_tunnel(byte_stream& to_proxy, const proxy_address& proxy, std::string target,
                                std::string user_agent, deadline limit)
{
    const auto head = connect_head(proxy, target, user_agent);
    const auto sent = co_await to_proxy.write(net::buffer(head), {}, limit);
    auto heard = co_await hear(to_proxy, limit); // a refusal may have come before all was sent
    if (heard.has_error())
    {
        auto why = sent.has_error() ? sent.error() : heard.error();
        co_return no_way_through(proxy, "waiting for the answer of", std::move(why));
    }
    if (heard->head.status / 100 != 2)
        co_return refused_by_proxy(proxy, target, heard->head, std::move(heard->phrase));
    co_return result<>();
}

} // namespace postern::transport
