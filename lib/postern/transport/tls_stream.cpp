#include "postern/transport/byte_stream.hpp"
#include "postern/transport/stream_over.hpp"
#include "postern/transport/tls_context.hpp"
#include "postern/transport/tls_refusal.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

namespace postern::transport {
namespace {

namespace ssl = net::ssl;
using tcp = net::ip::tcp;

// SNI, and OpenSSL's own name check, so that a wrong name is told apart from a broken chain.
void expect_name(SSL* session, const std::string& host, bool verify)
{
    error_code not_an_address;
    net::ip::make_address(host, not_an_address);
    if (not_an_address)
    {
        SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(host.c_str()));
        if (verify)
            SSL_set1_host(session, host.c_str());
    }
    else if (verify)
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str());
}

std::string distinguished(X509_NAME* name)
{
    if (!name)
        return "?";
    std::array<char, 256> text{};
    X509_NAME_oneline(name, text.data(), static_cast<int>(text.size()));
    return printable(text.data());
}

std::string subject_of(X509* c) { return distinguished(c ? X509_get_subject_name(c) : nullptr); }
std::string issuer_of(X509* c) { return distinguished(c ? X509_get_issuer_name(c) : nullptr); }

// After the failed handshake OpenSSL does not tell any more.
void note_refusal(X509_STORE_CTX* store, refused_certificate& into)
{
    into.verdict = X509_STORE_CTX_get_error(store);
    auto* certificate =
        is_untrusted(into.verdict) ? X509_STORE_CTX_get0_cert(store) : X509_STORE_CTX_get_current_cert(store);
    into.subject = subject_of(certificate);
    into.issuer = issuer_of(certificate);
    const auto* chain = X509_STORE_CTX_get0_chain(store);
    if (const int length = chain ? sk_X509_num(chain) : 0; length > 0)
        into.root = issuer_of(sk_X509_value(chain, length - 1));
}

template <class Lower>
void remember_refusal(ssl::stream<Lower>& layer, const std::shared_ptr<refused_certificate>& into)
{
    error_code ignored;
    layer.set_verify_callback(
        [into](bool accepted, ssl::verify_context& context) {
            if (!accepted && into->verdict == X509_V_OK)
                note_refusal(context.native_handle(), *into);
            return accepted;
        },
        ignored);
}

error broken_handshake(const std::string& host, const error_code& ec)
{
    error failed(errc::tls_failed);
    failed.ours = end_of_stream(ec) ? host + " ended the connection" : ec.message();
    const auto code = static_cast<unsigned long>(ec.value());
    if (ec.category() == net::error::get_ssl_category() && ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER)
        failed.advice = "the port does not speak TLS: check whether the URL should begin with http://";
    return failed;
}

template <class Lower>
awaitable<result<stream_ptr>> shake_hands(Lower lower, std::shared_ptr<tls_context> context,
                                          ssl::stream_base::handshake_type role, std::string host,
                                          std::string peer, deadline limit)
{
    ssl::stream<Lower> layer(std::move(lower), context->ssl);
    const auto refused = std::make_shared<refused_certificate>();
    if (role == ssl::stream_base::client)
    {
        expect_name(layer.native_handle(), host, context->verify);
        if (context->verify)
            remember_refusal(layer, refused);
    }
    const auto dog = std::make_shared<watchdog>(layer.get_executor(), [&layer] {
        error_code ignored;
        layer.lowest_layer().cancel(ignored);
    });
    dog->guard(side::writing, limit);
    const auto [ec] = co_await layer.async_handshake(role, as_result);
    dog->stop();
    if (!ec)
        co_return stream_ptr(
            std::make_unique<stream_over<ssl::stream<Lower>>>(std::move(layer), std::move(peer)));

    error failed;
    if (ec == net::error::operation_aborted)
        failed = dog->translate(side::writing, ec);
    else if (refused->verdict != X509_V_OK)
        failed = explain(*refused, host, context->trusted);
    else
        failed = broken_handshake(host, ec);
    failed.doing = "TLS handshake with " + host;
    co_return failed;
}

} // namespace

awaitable<result<stream_ptr>> accept_tls(tcp::socket socket, std::shared_ptr<tls_context> context,
                                         deadline limit)
{
    error_code ec;
    const auto peer = name_of(socket.remote_endpoint(ec));
    socket.set_option(tcp::no_delay(true), ec);
    auto stream = co_await shake_hands(std::move(socket), std::move(context), ssl::stream_base::server, peer,
                                       peer, limit);
    co_return stream;
}

awaitable<result<stream_ptr>> secure(stream_ptr below, std::shared_ptr<tls_context> context, std::string host,
                                     deadline limit)
{
    using plain = stream_over<tcp::socket>;
    using tunnel = stream_over<ssl::stream<tcp::socket>>; // TLS to a proxy
    const auto peer = below->peer();
    if (auto* over_tcp = dynamic_cast<plain*>(below.get()))
    {
        auto lower = over_tcp->release();
        auto secured = co_await shake_hands(std::move(lower), std::move(context), ssl::stream_base::client,
                                            std::move(host), peer, limit);
        co_return secured;
    }
    if (auto* over_tls = dynamic_cast<tunnel*>(below.get()))
    {
        auto lower = over_tls->release();
        auto secured = co_await shake_hands(std::move(lower), std::move(context), ssl::stream_base::client,
                                            std::move(host), peer, limit);
        co_return secured;
    }
    co_return error(errc::bad_input, "TLS handshake with " + host).because("only TCP carries TLS here");
}

} // namespace postern::transport
