#include "postern/transport/http_server.hpp"

#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "postern/transport/http_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <charconv>
#include <unistd.h>

namespace postern::transport {
namespace {

using tcp = net::ip::tcp;
using local = net::local::stream_protocol;
constexpr std::string_view unix_prefix = "unix:";

struct tcp_address
{
    net::ip::address ip;
    std::uint16_t port{};
};

result<tcp_address> parse_address(const std::string& text)
{
    const auto bad = [&](const char* why) {
        return error(errc::bad_configuration, "listening on \"" + printable(text) + '"')
            .because(why)
            .advise("write ADDRESS:PORT, as in 127.0.0.1:8080 or [::1]:0, or unix:/path/to/socket");
    };
    const auto colon = text.rfind(':');
    if (colon == text.npos)
        return bad("there is no port");
    auto host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    if (host == "localhost")
        host = "127.0.0.1";
    tcp_address out;
    error_code ec;
    out.ip = net::ip::make_address(host, ec);
    if (ec)
        return bad("the address is no IP address");
    const char* end = text.data() + text.size();
    const auto [last, failed] = std::from_chars(text.data() + colon + 1, end, out.port);
    if (failed != std::errc() || last != end || colon + 1 == text.size())
        return bad("the port is no number from 0 to 65535");
    return out;
}

error cannot_listen(const std::string& where, const error_code& ec)
{
    const bool in_use = ec == net::error::address_in_use;
    return error(in_use ? errc::address_in_use : errc::bad_configuration, "listening on " + where)
        .because(ec.message())
        .advise(in_use ? "another process holds it: stop that one, or choose another with --listen (port 0 "
                         "takes any)"
                       : "choose another address with --listen");
}

// A strand on a named executor is a good deal faster than one on an erased one.
net::any_io_executor make_strand_on(const net::any_io_executor& executor)
{
    if (const auto* context = executor.target<net::io_context::executor_type>())
        return net::make_strand(*context);
    return net::make_strand(executor);
}

template <class Protocol>
class server final : public http_server
{
public:
    server(net::any_io_executor executor, std::shared_ptr<server_core> core, std::shared_ptr<tls_context> tls,
           typename Protocol::acceptor acceptor, std::string address, std::uint16_t port)
        : executor_(std::move(executor)), strand_(acceptor.get_executor()), core_(std::move(core)),
          tls_(std::move(tls)), acceptor_(std::move(acceptor)),
          slot_(std::make_shared<net::steady_timer>(strand_)), address_(std::move(address)), port_(port),
          accepting_(reporter()), sessions_(reporter())
    {
    }

    ~server() override
    {
        if constexpr (std::is_same_v<Protocol, local>)
            ::unlink(address_.substr(unix_prefix.size()).c_str());
    }

    void start() override
    {
        accepting_.spawn(strand_, [this] { return accept_all(); });
    }

    awaitable<void> stop(std::chrono::milliseconds patience) override
    {
        core_->stopping = true;
        co_await wind_down(accepting_, std::chrono::seconds(1));
        const bool quiet = co_await wind_down(sessions_, patience);
        if (!quiet)
            core_->out.warning("connections were still open at stop", {{"count", sessions_.size()}});
    }

    std::string address() const override { return address_; }
    std::uint16_t port() const override { return port_; }

private:
    task_scope::report_fn reporter()
    {
        return [out = core_->out](std::exception_ptr failure) {
            try
            {
                std::rethrow_exception(failure);
            }
            catch (const std::exception& e)
            {
                out.error("a connection ended with an exception", {{"reason", e.what()}});
            }
        };
    }

    awaitable<void> accept_all()
    {
        while (!core_->stopping)
        {
            while (sessions_.size() >= core_->options.connections && !core_->stopping)
            {
                slot_->expires_after(std::chrono::seconds(1)); // woken early when a connection ends
                co_await slot_->async_wait(as_result);
            }
            const auto strand = make_strand_on(executor_);
            auto [ec, socket] = co_await acceptor_.async_accept(strand, as_result);
            if (ec == net::error::operation_aborted)
                break;
            if (ec) // no descriptors left, for example: neither spin nor die
            {
                core_->out.warning("accepting a connection failed", {{"reason", ec}});
                co_await pause_for(std::chrono::milliseconds(100));
                continue;
            }
            auto owned = std::make_shared<typename Protocol::socket>(std::move(socket));
            auto task = [this, owned] { return run_session(owned); };
            sessions_.spawn(strand, std::move(task));
        }
        error_code ignored;
        acceptor_.close(ignored);
    }

    awaitable<void> run_session(std::shared_ptr<typename Protocol::socket> socket)
    {
        stream_ptr stream;
        if constexpr (std::is_same_v<Protocol, tcp>)
        {
            if (tls_)
            {
                const auto limit = deadline::after(core_->options.read_timeout);
                auto secured = co_await accept_tls(std::move(*socket), tls_, limit);
                if (secured.has_error())
                {
                    core_->out.info("a TLS connection was refused", {{"reason", describe(secured.error())}});
                    co_return;
                }
                stream = std::move(*secured);
            }
        }
        if (!stream)
            stream = make_stream(std::move(*socket));
        co_await serve_connection(core_, std::move(stream));
        net::post(strand_, [slot = slot_] { slot->cancel(); });
    }

    net::any_io_executor executor_;
    net::any_io_executor strand_; // of the acceptor and of slot_
    std::shared_ptr<server_core> core_;
    std::shared_ptr<tls_context> tls_;
    typename Protocol::acceptor acceptor_;
    std::shared_ptr<net::steady_timer> slot_; // shared: a last connection's wake-up may outlive the server
    std::string address_;
    std::uint16_t port_;
    task_scope accepting_;
    task_scope sessions_;
};

result<std::unique_ptr<http_server>> bind_tcp(net::any_io_executor executor,
                                              std::shared_ptr<server_core> core,
                                              std::shared_ptr<tls_context> tls)
{
    const auto& where = core->options.listen;
    const auto address = parse_address(where);
    if (!address)
        return address.error();

    net::any_io_executor strand = net::make_strand(executor);
    tcp::acceptor acceptor(strand);
    const tcp::endpoint endpoint(address->ip, address->port);
    error_code ec;
    acceptor.open(endpoint.protocol(), ec);
    if (!ec)
        acceptor.set_option(net::socket_base::reuse_address(true), ec);
    if (!ec)
        acceptor.bind(endpoint, ec);
    if (!ec)
        acceptor.listen(net::socket_base::max_listen_connections, ec);
    if (ec)
        return cannot_listen(where, ec);

    const auto port = acceptor.local_endpoint(ec).port();
    const auto ip = address->ip.to_string();
    auto name = (address->ip.is_v6() ? '[' + ip + ']' : ip) + ':' + std::to_string(port);
    return std::make_unique<server<tcp>>(std::move(executor), std::move(core), std::move(tls),
                                         std::move(acceptor), std::move(name), port);
}

result<std::unique_ptr<http_server>> bind_unix(net::any_io_executor executor,
                                               std::shared_ptr<server_core> core)
{
    const auto path = core->options.listen.substr(unix_prefix.size());
    net::any_io_executor strand = net::make_strand(executor);
    local::acceptor acceptor(strand);
    error_code ec;

    // A socket file that nobody answers at is a leftover of a process that died.
    local::socket probe(strand);
    probe.connect(local::endpoint(path), ec);
    if (!ec)
        return cannot_listen(core->options.listen, net::error::address_in_use);
    if (ec == net::error::connection_refused)
        ::unlink(path.c_str());

    ec = {};
    acceptor.open(local(), ec);
    if (!ec)
        acceptor.bind(local::endpoint(path), ec);
    if (!ec)
        acceptor.listen(net::socket_base::max_listen_connections, ec);
    if (ec)
        return cannot_listen(core->options.listen, ec);
    auto name = core->options.listen;
    return std::make_unique<server<local>>(std::move(executor), std::move(core), nullptr, std::move(acceptor),
                                           std::move(name), std::uint16_t{0});
}

} // namespace

result<std::unique_ptr<http_server>> http_server::bind(net::any_io_executor executor,
                                                       http_server_options options,
                                                       std::shared_ptr<http_handler> handler, log out)
{
    std::shared_ptr<tls_context> tls;
    if (!options.certificate_file.empty() || !options.key_file.empty())
    {
        auto made = make_server_tls(options.certificate_file, options.key_file);
        if (made.has_error())
            return made.error();
        tls = std::move(*made);
    }
    auto core = std::make_shared<server_core>(std::move(options), std::move(handler), std::move(out));
    if (core->options.listen.starts_with(unix_prefix))
        return bind_unix(std::move(executor), std::move(core));
    return bind_tcp(std::move(executor), std::move(core), std::move(tls));
}

} // namespace postern::transport
