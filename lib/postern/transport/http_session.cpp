#include "postern/transport/http_session.hpp"

#include "postern/transport/http_wire.hpp"
#include "postern/transport/request_parser.hpp"
#include "postern/transport/watchdog.hpp"
#include "postern/transport/websocket_over.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace postern::transport {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::size_t read_size = 16 * 1024;

// What a peer gets to see when its request is not HTTP as we accept it.
response refusal(unsigned status)
{
    return make_response(status, std::string(reason_phrase(status)) + '\n', "text/plain");
}

unsigned status_of(const error_code& ec)
{
    if (ec == http::error::header_limit || ec == http::error::buffer_overflow)
        return 431;
    if (ec == http::error::body_limit)
        return 413;
    return 400;
}

// What is read of a request at a time.
enum class part
{
    head,
    message
};

class session
{
public:
    session(std::shared_ptr<server_core> core, stream_ptr stream)
        : core_(std::move(core)), stream_(std::move(stream)),
          patience_(std::make_shared<watchdog>(stream_->executor(), [this] { interrupt(); }))
    {
    }
    ~session() { patience_->stop(); }

    // To be started with interrupted() as its cancellation slot.
    awaitable<void> run();

    net::cancellation_slot interrupted() { return interruption_.slot(); }

    // A stop ends a connection between requests, and while one is read; but a request that has begun to act
    // is answered before.
    void stop(net::cancellation_type how)
    {
        if (!acting_ || (how & net::cancellation_type::terminal) != net::cancellation_type::none)
            interrupt();
    }

private:
    // Ends what is being waited for at the moment, and with it neither this coroutine nor the connection.
    void interrupt() { interruption_.emit(net::cancellation_type::terminal); }

    http_handler::admission admit(const request& head, const request_parser& parser)
    {
        http_handler::admission admission;
        const bool chunked = head.headers.has("Transfer-Encoding");
        if (chunked && head.headers.has("Content-Length"))
            admission.refusal =
                refusal(400); // two framings: whoever believes the other one is being smuggled past
        else if (chunked && !core_->options.accept_chunked)
            admission.refusal = refusal(411);
        if (admission.refusal)
            return admission;

        admission = core_->handler->admit(head);
        const auto length = parser.content_length();
        if (!admission.refusal && length &&
            *length > admission.body_limit.value_or(core_->options.body_limit))
            admission.refusal = refusal(413);
        return admission;
    }

    // Parses what is there. True: it is all of that part.
    result<bool> parse(request_parser& parser, part wanted)
    {
        const bool head = wanted == part::head;
        const auto is_whole = [&] { return head ? parser.is_header_done() : parser.is_done(); };
        while (buffer_.size() > 0 && !is_whole())
        {
            error_code ec;
            buffer_.consume(parser.put(buffer_.data(), ec));
            if (ec == http::error::need_more)
                break;
            if (ec)
                return refused_bytes(ec, head);
        }
        return is_whole();
    }

    awaitable<result<bool>> parse_until(request_parser& parser, part wanted, deadline limit)
    {
        for (;;)
        {
            const auto more = co_await fill(limit);
            if (more.has_error())
                co_return more.error();
            if (*more == 0)
                co_return error(errc::connection_lost);
            const auto whole = parse(parser, wanted);
            if (whole.has_error() || *whole)
                co_return whole;
        }
    }

    error refused_bytes(const error_code& ec, bool head) const
    {
        error failed(errc::bad_response, "reading a request from " + stream_->peer());
        failed.status = status_of(ec);
        failed.ours = ec.message();
        const auto bytes = buffer_.data();
        if (head && bytes.size() > 0 && *static_cast<const unsigned char*>(bytes.data()) == 0x16)
            failed.ours = "a TLS hello on a plain-HTTP port: the peer's URL should begin with http://";
        return failed;
    }

    awaitable<result<std::size_t>> fill(deadline limit)
    {
        const auto space = buffer_.prepare(read_size);
        auto size = co_await stream_->read_some(space, limit);
        if (size.has_value())
            buffer_.commit(*size);
        co_return size;
    }

    awaitable<response> answer_within(request asked, deadline limit)
    {
        patience_->guard(side::answering, limit);
        std::string failure;
        try
        {
            auto answer = co_await core_->handler->answer(std::move(asked));
            patience_->release(side::answering);
            if (!patience_->fired(side::answering))
                co_return answer;
        }
        catch (const std::exception& e)
        {
            patience_->release(side::answering);
            failure = e.what();
        }
        co_await net::this_coro::reset_cancellation_state(); // what follows was not interrupted
        const bool late = patience_->fired(side::answering);
        if (late && failure.empty())
            failure = make_error_code(errc::timed_out).message();
        core_->out.error(late ? "a request was not answered in time" : "answering a request failed",
                         {{"peer", stream_->peer()}, {"reason", failure}});
        co_return refusal(late ? 503 : 500);
    }

    // False: the connection has ended.
    awaitable<bool> reply(response answer, bool keep_alive, bool head_only)
    {
        if (!fields_are_safe(answer.headers))
        {
            core_->out.error("an answer with an unsafe header was not sent", {{"peer", stream_->peer()}});
            answer = refusal(500);
        }
        const bool endless = static_cast<bool>(answer.streamed);
        keep_alive = keep_alive && !endless && !answer.cut_after;
        head_.clear();
        append_response_head(head_, answer, endless ? std::nullopt : std::optional(answer.body.size()),
                             !keep_alive, core_->options.server_name);
        const auto sent = co_await write_answer(answer, head_only);
        if (answer.sent)
            answer.sent();
        if (sent && endless)
            co_await stream_body(std::move(answer));
        if (sent && keep_alive)
            co_return true;
        co_await end();
        co_return false;
    }

    // head_ and the body; the caller keeps the answer until it is done.
    awaitable<result<>> write_answer(const response& answer, bool head_only)
    {
        net::const_buffer first = net::buffer(head_);
        net::const_buffer second = head_only ? net::const_buffer() : net::buffer(answer.body);
        if (answer.cut_after)
        {
            const auto cut = *answer.cut_after;
            second = net::buffer(second, cut > first.size() ? cut - first.size() : 0);
            first = net::buffer(first, cut);
        }
        return stream_->write(first, second, deadline::after(core_->options.write_timeout));
    }

    class stream_writer final : public body_stream
    {
    public:
        explicit stream_writer(session& owner) : owner_(owner) {}
        awaitable<result<>> write(std::string piece) override
        {
            const auto limit = deadline::after(owner_.core_->options.write_timeout);
            auto sent = co_await owner_.stream_->write(net::buffer(piece), {}, limit);
            co_return sent;
        }

    private:
        session& owner_;
    };

    awaitable<void> stream_body(response answer)
    {
        acting_ = false; // a stop ends an endless answer at once
        if (core_->stopping)
            co_return;
        try
        {
            co_await answer.streamed(std::make_shared<stream_writer>(*this));
        }
        catch (const std::exception& e)
        {
            core_->out.error("a streamed answer failed", {{"peer", stream_->peer()}, {"reason", e.what()}});
        }
    }

    // The connection belongs to the websocket from now on, and ends with it.
    awaitable<void> upgrade(request handshake, response answer)
    {
        if (buffer_.size() > 0 || !handshake.body.empty()) // frames before our answer to the handshake
            co_return co_await refuse(refusal(400));
        acting_ = false; // a stop ends a websocket at once: its reads and writes answer "stopped"
        if (core_->stopping)
            co_return co_await end();

        const auto peer = stream_->peer();
        answer.headers.set("Server",
                           core_->options.server_name.empty() ? "postern" : core_->options.server_name);
        auto opened = co_await accept_websocket_over(std::move(stream_), std::move(handshake),
                                                     std::move(answer.headers), core_->options.websocket,
                                                     deadline::after(core_->options.write_timeout));
        if (answer.sent)
            answer.sent();
        if (opened.has_error())
        {
            core_->out.info("a websocket was not opened",
                            {{"peer", peer}, {"reason", describe(opened.error())}});
            co_return;
        }
        try
        {
            co_await answer.upgraded(std::move(*opened));
        }
        catch (const std::exception& e)
        {
            core_->out.error("a websocket ended with an exception", {{"peer", peer}, {"reason", e.what()}});
        }
    }

    awaitable<void> broken(error why)
    {
        if (why.is(errc::timed_out))
            co_return co_await refuse(refusal(408));
        if (why.status == 0) // the peer went away, or we were stopped
            co_return co_await end();
        core_->out.info("a request was refused",
                        {{"peer", stream_->peer()}, {"status", why.status}, {"reason", why.ours}});
        co_return co_await refuse(refusal(why.status));
    }

    // Answers without having read the whole request. What still arrives is read and thrown away for a moment:
    // closing at once would reset the connection, and the peer would never see the answer.
    awaitable<void> refuse(response answer)
    {
        head_.clear();
        append_response_head(head_, answer, answer.body.size(), true, core_->options.server_name);
        const auto sent = co_await write_answer(answer, false);
        if (answer.sent)
            answer.sent();
        if (!sent)
            co_return co_await end();
        stream_->finish_sending();
        const auto limit = deadline::after(std::chrono::seconds(1));
        for (std::size_t drained = 0; drained < 1024 * 1024;)
        {
            buffer_.clear();
            const auto more = co_await fill(limit);
            if (!more || *more == 0)
                break;
            drained += *more;
        }
        stream_->close();
    }

    awaitable<void> end() { co_await stream_->shutdown(deadline::after(std::chrono::seconds(1))); }

    std::shared_ptr<server_core> core_;
    stream_ptr stream_;
    // Both for the connection's whole life: the buffer may hold the start of the next request, and the next
    // head needs no more room than the last one.
    beast::flat_buffer buffer_;
    std::string head_;
    net::cancellation_signal interruption_;
    std::shared_ptr<watchdog> patience_; // with the handler
    bool acting_ = false;
};

// One frame for the whole connection: what a request needs is not allocated anew for each.
awaitable<void> session::run()
{
    co_await net::this_coro::throw_if_cancelled(false);
    for (bool next = true; next;)
    {
        acting_ = false;
        if (core_->stopping)
            co_return co_await end();

        const bool idle = buffer_.size() == 0;
        auto limit = deadline::after(idle ? core_->options.idle_timeout : core_->options.read_timeout);
        if (idle)
        {
            const auto first = co_await fill(limit);
            if (!first || *first == 0)
                co_return co_await end();
            limit = deadline::after(core_->options.read_timeout);
        }
        request asked;
        request_parser parser(asked, core_->options.header_limit);
        auto whole = parse(parser, part::head);
        if (whole && !*whole)
            whole = co_await parse_until(parser, part::head, limit);
        if (whole.has_error())
            co_return co_await broken(whole.error());
        asked.peer = stream_->peer();

        auto admission = admit(asked, parser);
        if (admission.refusal)
            co_return co_await refuse(std::move(*admission.refusal));

        if (!parser.is_done())
        {
            parser.body_limit(admission.body_limit.value_or(core_->options.body_limit));
            parser.eager(true);
            const bool expects = equal_ignoring_case(asked.headers.get("Expect"), "100-continue");
            if (expects && buffer_.size() == 0)
            {
                const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
                const auto sent = co_await stream_->write(net::buffer(interim), {}, limit);
                if (sent.has_error())
                    co_return co_await end();
            }
            whole = parse(parser, part::message);
            if (whole && !*whole)
                whole = co_await parse_until(parser, part::message, limit);
            if (whole.has_error())
                co_return co_await broken(whole.error());
        }

        acting_ = true; // from here the request has effects
        const bool keep_alive = parser.keep_alive();
        const bool head_only = asked.method == "HEAD";
        const auto patience = admission.handler_timeout.count() > 0 ? admission.handler_timeout
                                                                    : core_->options.handler_timeout;
        std::optional<request> handshake;
        if (wants_websocket(asked))
            handshake = asked;
        auto answer = co_await answer_within(std::move(asked), deadline::after(patience));
        if (answer.status == 101 && answer.upgraded && handshake)
            co_return co_await upgrade(std::move(*handshake), std::move(answer));
        if (answer.status == 101)
        {
            core_->out.error("an answer switched protocols, but the request did not ask for it",
                             {{"peer", stream_->peer()}});
            answer = refusal(500);
        }
        next = co_await reply(std::move(answer), keep_alive && !core_->stopping, head_only);
    }
}

} // namespace

awaitable<void> serve_connection(std::shared_ptr<server_core> core, stream_ptr stream)
{
    const auto strand = stream->executor();
    session connection(std::move(core), std::move(stream));

    // Who stops us is heard here; the session itself can be interrupted without being stopped.
    co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation());
    const auto stopped = co_await net::this_coro::cancellation_state;
    auto ear = stopped.slot();
    if (ear.is_connected())
        ear.assign([&connection](net::cancellation_type how) { connection.stop(how); });
    auto served = [&connection] { return connection.run(); };
    const auto [failure] = co_await net::co_spawn(
        strand, served, net::bind_cancellation_slot(connection.interrupted(), as_result));
    ear.clear();
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace postern::transport
