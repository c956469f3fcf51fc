#include "postern/transport/http_client.hpp"

#include "postern/transport/address_rule.hpp"
#include "postern/transport/dialer.hpp"
#include "postern/transport/elsewhere.hpp"
#include "postern/transport/http_pool.hpp"
#include "postern/transport/http_wire.hpp"
#include "postern/transport/websocket_over.hpp"

#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace postern::transport {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using parser_type = http::response_parser<http::string_body>;

constexpr std::size_t read_size = 16 * 1024;

struct exchange_result
{
    result<response> answer;
    bool reusable = false;
};

// One request and its answer over one connection.
class exchange
{
public:
    exchange(byte_stream& stream, const http_client_options& options) : stream_(stream), options_(options) {}

    // The references belong to the caller's frame, which awaits this one.
    awaitable<exchange_result> run(const url& where, const request& what, deadline limit)
    {
        exchange_result out{error(errc::connection_lost), false};
        const auto head = request_head(what, where.authority(), options_.user_agent);
        const auto sent = co_await send(head, what, limit);
        // Even when sending failed, the peer may have answered already: a refusal of a body that is too
        // large.
        auto answer = co_await receive(what, limit, out.reusable);
        if (answer.has_error() && sent.has_error())
            answer = sent.error();
        if (answer.has_error())
        {
            auto failed = answer.error();
            failed.maybe_sent = true;
            answer = std::move(failed);
        }
        out.reusable = out.reusable && sent.has_value() && answer.has_value();
        out.answer = std::move(answer);
        co_return out;
    }

private:
    awaitable<result<>> send(const std::string& head, const request& what, deadline limit)
    {
        if (!what.streamed_body)
        {
            auto sent = co_await stream_.write(net::buffer(head), net::buffer(what.body), limit);
            co_return sent;
        }
        auto sent = co_await stream_.write(net::buffer(head), {}, limit);
        while (sent.has_value())
        {
            const auto piece = co_await what.streamed_body->next();
            if (piece.has_error())
                co_return piece.error();
            if (piece->empty())
                break;
            sent = co_await stream_.write(net::buffer(*piece), {}, limit);
        }
        co_return sent;
    }

    awaitable<result<response>> receive(const request& asked, deadline limit, bool& reusable)
    {
        for (;;)
        {
            parser_type parser;
            parser.header_limit(static_cast<std::uint32_t>(options_.header_limit));
            parser.body_limit(asked.response_limit.value_or(options_.response_limit));
            parser.eager(true);
            parser.skip(asked.method == "HEAD");
            const auto read = co_await read_message(parser, limit);
            if (read.has_error())
                co_return read.error();
            if (parser.get().result_int() / 100 == 1)
                continue; // an interim answer: the real one follows

            response answer;
            answer.status = parser.get().result_int();
            answer.headers = copy_fields(parser.get());
            reusable = parser.get().keep_alive() && !parser.need_eof() && buffer_.size() == 0;
            answer.body = std::move(parser.get().body());
            co_return answer;
        }
    }

    awaitable<result<>> read_message(parser_type& parser, deadline limit)
    {
        while (!parser.is_done())
        {
            error_code ec;
            if (buffer_.size() > 0)
            {
                buffer_.consume(parser.put(buffer_.data(), ec));
                if (parser.is_done())
                    break;
                if (ec && ec != http::error::need_more)
                    co_return not_understood(ec);
            }
            const auto size = co_await stream_.read_some(buffer_.prepare(read_size), limit);
            if (size.has_error())
                co_return size.error();
            buffer_.commit(*size);
            if (*size == 0)
            {
                error_code at_end;
                if (parser.got_some())
                    parser.put_eof(at_end);
                if (at_end || !parser.is_done())
                    co_return error(errc::connection_lost)
                        .because(parser.got_some() ? "the answer broke off in the middle" : "no answer came");
            }
        }
        co_return result<>();
    }

    static error not_understood(const error_code& ec)
    {
        if (ec == http::error::body_limit || ec == http::error::header_limit)
            return error(errc::too_large).because("the answer is longer than we accept");
        return error(errc::bad_response).because("the answer is not HTTP (" + ec.message() + ')');
    }

    byte_stream& stream_;
    const http_client_options& options_;
    beast::flat_buffer buffer_;
};

class client final : public http_client, public std::enable_shared_from_this<client>
{
public:
    client(net::any_io_executor executor, http_client_options options, std::shared_ptr<tls_context> tls,
           address_rule rule)
        : executor_(std::move(executor)), options_(std::move(options)),
          dialer_(options_, std::move(tls), std::move(rule)),
          pool_({options_.connections_per_host, options_.idle_per_host, options_.idle_timeout})
    {
    }

    awaitable<result<response>> send(url where, request what, deadline limit) override
    {
        const auto doing = undertaking(where, what);
        if (!fits_on_the_wire(where, what.headers))
            co_return error(errc::bad_input, doing).because("a header or the URL has control characters");
        what.target = where.target;

        const auto origin = where.origin();
        const bool entered = co_await pool_.enter(origin, limit);
        if (!entered)
            co_return error(limit.passed() ? errc::timed_out : errc::stopped, doing)
                .because("all connections to " + where.authority() + " are busy");
        place here(pool_, origin);
        here.stream = idle_connection(origin);

        // A connection lives on a strand of its own, since callers on many strands share it: the exchange
        // runs there, and the caller waits here.
        net::any_io_executor strand = here.stream ? here.stream->executor() : net::make_strand(executor_);
        auto task = std::make_shared<job>(shared_from_this(), std::move(where), std::move(what), limit,
                                          std::move(here.stream));
        std::function<awaitable<void>()> work = [task] { return perform(task); };
        co_await run_elsewhere(strand, std::move(work));

        here.stream = std::move(task->stream);
        if (task->answer.has_error())
            co_return task->answer.error().during(doing);
        co_return std::move(task->answer);
    }

    awaitable<result<websocket_ptr>> open_websocket(url where, header_fields headers,
                                                    websocket_options options, deadline limit) override
    {
        const auto self = shared_from_this();
        const auto doing = "opening a websocket at " + without_query(where);
        if (!fits_on_the_wire(where, headers))
            co_return error(errc::bad_input, doing).because("a header or the URL has control characters");
        if (!headers.has("User-Agent"))
            headers.add("User-Agent", options_.user_agent);

        auto stream = co_await dialer_.dial(where, limit);
        if (stream.has_error())
            co_return stream.error().during(doing);
        auto opened = co_await open_websocket_over(std::move(*stream), std::move(where), std::move(headers),
                                                   options, limit);
        if (opened.has_error())
            co_return opened.error().during(doing);
        co_return opened;
    }

    void close_idle() override { pool_.close_idle(); }

private:
    // A request's way: what it needs, and what became of it.
    struct job
    {
        job(std::shared_ptr<client> c, url u, request r, deadline d, stream_ptr s)
            : self(std::move(c)), where(std::move(u)), what(std::move(r)), limit(d), stream(std::move(s))
        {
        }
        std::shared_ptr<client> self;
        url where;
        request what;
        deadline limit;
        stream_ptr stream; // in: an idle connection, or null; out: one that can be used again, or null
        result<response> answer = error(errc::stopped);
    };

    // Gives the place back on every path, an exception included.
    struct place
    {
        place(connection_pool& p, std::string o) : pool(p), origin(std::move(o)) {}
        place(const place&) = delete;
        ~place() { pool.leave(origin, std::move(stream), deadline::clock::now()); }
        connection_pool& pool;
        std::string origin;
        stream_ptr stream;
    };

    static awaitable<void> perform(std::shared_ptr<job> task)
    {
        co_await net::this_coro::throw_if_cancelled(false);
        if (!task->stream)
        {
            auto opened = co_await task->self->dialer_.dial(task->where, task->limit);
            if (opened.has_error())
            {
                task->answer = opened.error();
                co_return;
            }
            task->stream = std::move(*opened);
        }
        bool reusable = false;
        {
            exchange one(*task->stream, task->self->options_);
            auto done = co_await one.run(task->where, task->what, task->limit);
            task->answer = std::move(done.answer);
            reusable = done.reusable;
        }
        if (!reusable)
            task->stream.reset(); // here, on its own strand
    }

    // The query may carry names and addresses of people.
    static std::string without_query(const url& where)
    {
        return where.origin() + where.target.substr(0, where.target.find('?'));
    }

    static std::string undertaking(const url& where, const request& what)
    {
        return what.method + ' ' + without_query(where);
    }

    static bool fits_on_the_wire(const url& where, const header_fields& headers)
    {
        return fields_are_safe(headers) && where.target.find_first_of(" \r\n\t") == std::string::npos;
    }

    stream_ptr idle_connection(const std::string& origin)
    {
        for (;;)
        {
            auto stream = pool_.take_idle(origin, deadline::clock::now());
            if (!stream || stream->fit_for_reuse())
                return stream;
            dispose(std::move(stream));
        }
    }

    net::any_io_executor executor_;
    http_client_options options_;
    dialer dialer_;
    connection_pool pool_;
};

} // namespace

result<std::shared_ptr<http_client>> make_http_client(net::any_io_executor executor,
                                                      http_client_options options, log out)
{
    return make_http_client(std::move(executor), std::move(options), std::move(out), {});
}

result<std::shared_ptr<http_client>> make_http_client(net::any_io_executor executor,
                                                      http_client_options options, log out, address_rule rule)
{
    auto tls = make_client_tls({options.ca_file, options.insecure});
    if (tls.has_error())
        return tls.error();
    if (options.insecure)
        out.warning("TLS certificates are NOT checked: anybody on the way can read and change everything");
    if (!options.proxy.empty())
        out.info("connections go out through a proxy",
                 {{"proxy", options.proxy.proxies()}, {"named_by", options.proxy.settings()}});
    for (const auto& item : options.proxy.not_understood())
        out.warning("an item of NO_PROXY is not understood and counts for nothing",
                    {{"item", printable(item)}});
    return std::make_shared<client>(std::move(executor), std::move(options), std::move(*tls),
                                    std::move(rule));
}

} // namespace postern::transport
