#include "postern/transport/byte_stream.hpp"

#include "postern/transport/tls_context.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <sys/socket.h>

namespace postern::transport {
namespace {

namespace ssl = net::ssl;
using tcp = net::ip::tcp;
using local = net::local::stream_protocol;
using tls_layer = ssl::stream<tcp::socket>;

template <class Layer>
auto& lowest(Layer& layer)
{
    return layer.lowest_layer();
}

bool end_of_stream(const error_code& ec)
{
    return ec == net::error::eof || ec == ssl::error::stream_truncated;
}

// The two things that may be under way at once.
enum class side
{
    reading,
    writing
};

// Cancels the waits of a socket when the deadline of one of them passes, and leaves the socket open: a peer
// that was too slow can still be told so. One timer a connection; starting an operation usually costs the
// storing of a number, because the timer looks every few seconds what the deadlines have become.
class watchdog : public std::enable_shared_from_this<watchdog>
{
public:
    using clock = std::chrono::steady_clock;

    explicit watchdog(const net::any_io_executor& executor) : timer_(executor) {}

    template <class Socket>
    void guard(Socket& socket, side what, deadline limit)
    {
        cancel_ = [&socket] {
            error_code ignored;
            socket.cancel(ignored);
        };
        at(what) = {limit.at(), false};
        if (!armed_ || limit.at() < timer_.expiry())
            arm();
    }

    void release(side what) { at(what).limit = clock::time_point::max(); }

    void stop()
    {
        release(side::reading);
        release(side::writing);
        cancel_ = nullptr;
        timer_.cancel();
    }

    // One place that tells "our deadline" from "somebody stopped us" from "the peer went away".
    error translate(side what, const error_code& ec) const
    {
        if (ec == net::error::operation_aborted)
            return error(fired(what) ? errc::timed_out : errc::stopped);
        return error(errc::connection_lost).because(ec.message());
    }
    bool fired(side what) const { return watched_[static_cast<std::size_t>(what)].fired; }

private:
    struct operation
    {
        clock::time_point limit = clock::time_point::max(); // max: none is under way
        bool fired = false;
    };

    operation& at(side what) { return watched_[static_cast<std::size_t>(what)]; }
    clock::time_point earliest() const { return std::min(watched_[0].limit, watched_[1].limit); }

    void arm()
    {
        armed_ = true;
        timer_.expires_at(std::min(earliest(), clock::now() + std::chrono::seconds(5)));
        timer_.async_wait([self = shared_from_this()](const error_code& ec) {
            if (!ec)
                self->look();
        });
    }

    void look()
    {
        armed_ = false;
        const auto next = earliest();
        if (next == clock::time_point::max())
            return; // nothing is under way
        if (clock::now() < next)
            return arm();
        for (auto& one : watched_) // a socket's waits can only be cancelled together
            if (one.limit != clock::time_point::max())
                one = {clock::now() + again_after, true};
        if (cancel_)
            cancel_();
        arm();
    }

    // An operation of several steps that was between two of them has not heard it.
    static constexpr std::chrono::milliseconds again_after{20};

    net::steady_timer timer_;
    std::array<operation, 2> watched_;
    bool armed_ = false;
    std::function<void()> cancel_;
};

std::string name_of(const tcp::endpoint& e)
{
    const auto address = e.address().to_string();
    return (e.address().is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(e.port());
}

template <class Layer>
class stream_over final : public byte_stream
{
public:
    stream_over(Layer layer, std::string peer)
        : layer_(std::move(layer)), peer_(std::move(peer)),
          dog_(std::make_shared<watchdog>(layer_.get_executor()))
    {
    }
    ~stream_over() override { dog_->stop(); }

    awaitable<result<std::size_t>> read_some(net::mutable_buffer into, deadline limit) override
    {
        if (limit.passed()) // what is there already can be read without a wait: a flood would never end
            co_return error(errc::timed_out);
        dog_->guard(lowest(layer_), side::reading, limit);
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
        dog_->guard(lowest(layer_), side::writing, limit);
        const std::array<net::const_buffer, 2> both{first, second};
        const auto [ec, size] = co_await net::async_write(layer_, both, as_result);
        dog_->release(side::writing);
        if (ec)
            co_return dog_->translate(side::writing, ec);
        co_return result<>();
    }

    awaitable<void> shutdown(deadline limit) override
    {
        if constexpr (std::is_same_v<Layer, tls_layer>)
        {
            dog_->guard(lowest(layer_), side::writing, limit);
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
        lowest(layer_).shutdown(net::socket_base::shutdown_send, ignored);
    }

    void close() override
    {
        error_code ignored;
        lowest(layer_).close(ignored);
    }

    bool fit_for_reuse() override
    {
        auto& socket = lowest(layer_);
        if (!socket.is_open())
            return false;
        char byte;
        const auto size = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

    std::string peer() const override { return peer_; }
    net::any_io_executor executor() override { return layer_.get_executor(); }

private:
    Layer layer_;
    std::string peer_;
    std::shared_ptr<watchdog> dog_;
};

// SNI, and OpenSSL's own name check, so that a wrong name is told apart from a broken chain.
void expect_name(tls_layer& layer, const std::string& host, bool verify)
{
    error_code not_an_address;
    net::ip::make_address(host, not_an_address);
    if (not_an_address)
    {
        SSL_ctrl(layer.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(host.c_str()));
        if (verify)
            SSL_set1_host(layer.native_handle(), host.c_str());
    }
    else if (verify)
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(layer.native_handle()), host.c_str());
}

std::string distinguished(X509_NAME* name)
{
    if (!name)
        return "?";
    std::array<char, 256> text{};
    X509_NAME_oneline(name, text.data(), static_cast<int>(text.size()));
    return printable(text.data());
}

// Whose certificate was refused: after the failed handshake OpenSSL does not tell any more.
struct refused_certificate
{
    int verdict = X509_V_OK;
    std::string subject, issuer;
};

void remember_refusal(tls_layer& layer, const std::shared_ptr<refused_certificate>& into)
{
    error_code ignored;
    layer.set_verify_callback(
        [into](bool accepted, ssl::verify_context& context) {
            auto* store = context.native_handle();
            X509* certificate = X509_STORE_CTX_get_current_cert(store);
            if (!accepted && into->verdict == X509_V_OK)
            {
                into->verdict = X509_STORE_CTX_get_error(store);
                into->subject = distinguished(certificate ? X509_get_subject_name(certificate) : nullptr);
                into->issuer = distinguished(certificate ? X509_get_issuer_name(certificate) : nullptr);
            }
            return accepted;
        },
        ignored);
}

// Says which box on the way broke the chain, and what would help.
error tls_failure(const refused_certificate& refused, const watchdog& dog, const std::string& host,
                  const error_code& ec)
{
    if (ec == net::error::operation_aborted)
        return error(dog.fired(side::writing) ? errc::timed_out : errc::stopped,
                     "TLS handshake with " + host);

    error failed(errc::tls_failed, "TLS handshake with " + host);
    if (refused.verdict != X509_V_OK)
    {
        failed.ours = X509_verify_cert_error_string(refused.verdict);
        failed.ours += ", certificate of " + refused.subject + ", issued by " + refused.issuer;
        const bool other_name = refused.verdict == X509_V_ERR_HOSTNAME_MISMATCH ||
                                refused.verdict == X509_V_ERR_IP_ADDRESS_MISMATCH;
        failed.advice = other_name ? "the server answers under another name: check the URL"
                                   : "if a private CA signs here, name its certificate with --ca-file";
        return failed;
    }
    failed.ours = ec.message();
    const auto code = static_cast<unsigned long>(ec.value());
    if (ec.category() == net::error::get_ssl_category() && ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER)
        failed.advice = "the port does not speak TLS: check whether the URL should begin with http://";
    return failed;
}

awaitable<result<stream_ptr>> shake_hands(tcp::socket socket, std::shared_ptr<tls_context> context,
                                          ssl::stream_base::handshake_type role, std::string host,
                                          std::string peer, deadline limit)
{
    tls_layer layer(std::move(socket), context->ssl);
    const auto refused = std::make_shared<refused_certificate>();
    if (role == ssl::stream_base::client)
    {
        expect_name(layer, host, context->verify);
        if (context->verify)
            remember_refusal(layer, refused);
    }
    const auto dog = std::make_shared<watchdog>(layer.get_executor());
    dog->guard(lowest(layer), side::writing, limit);
    const auto [failed] = co_await layer.async_handshake(role, as_result);
    dog->stop();
    if (failed)
        co_return tls_failure(*refused, *dog, host, failed);
    co_return stream_ptr(std::make_unique<stream_over<tls_layer>>(std::move(layer), std::move(peer)));
}

} // namespace

stream_ptr make_stream(tcp::socket socket)
{
    error_code ec;
    const auto peer = socket.remote_endpoint(ec);
    socket.set_option(tcp::no_delay(true), ec); // small answers must not wait for a full segment
    return std::make_unique<stream_over<tcp::socket>>(std::move(socket), name_of(peer));
}

stream_ptr make_stream(local::socket socket)
{
    return std::make_unique<stream_over<local::socket>>(std::move(socket), "unix");
}

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

awaitable<result<stream_ptr>> connect(std::vector<tcp::endpoint> addresses, std::string host,
                                      std::shared_ptr<tls_context> context, deadline limit)
{
    tcp::socket socket(co_await net::this_coro::executor);
    const auto dog = std::make_shared<watchdog>(socket.get_executor());
    error failed(errc::cannot_connect);
    std::string tried;
    for (const auto& address : addresses)
    {
        error_code closed;
        socket.close(closed);
        socket.open(address.protocol(), closed);
        dog->guard(socket, side::writing, limit);
        const auto [ec] = co_await socket.async_connect(address, as_result);
        dog->release(side::writing);
        failed = ec ? dog->translate(side::writing, ec) : error();
        tried = name_of(address);
        if (!ec || ec == net::error::operation_aborted)
            break;
        failed.code = make_error_code(errc::cannot_connect);
    }
    dog->stop();
    if (failed.code)
    {
        failed.doing = "connecting to " + host + (tried.empty() ? "" : " (" + tried + ')');
        co_return failed;
    }
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (!context)
        co_return stream_ptr(std::make_unique<stream_over<tcp::socket>>(std::move(socket), std::move(tried)));
    auto stream = co_await shake_hands(std::move(socket), std::move(context), ssl::stream_base::client, host,
                                       std::move(tried), limit);
    co_return stream;
}

} // namespace postern::transport
