#include "postern/transport/http_session.hpp"

#include "postern/base/within.hpp"
#include "postern/transport/http_wire.hpp"
#include "postern/transport/websocket_over.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace postern::transport {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using parser_type = http::request_parser<http::string_body>;

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

// To a wait, asked to end is the same as told to: a race (within) ignores what is only asked.
struct insist
{
    net::cancellation_type operator()(net::cancellation_type heard) const
    {
        return heard == net::cancellation_type::none ? heard : net::cancellation_type::terminal;
    }
};

class session
{
public:
    session(std::shared_ptr<server_core> core, stream_ptr stream)
        : core_(std::move(core)), stream_(std::move(stream))
    {
    }

    awaitable<void> run()
    {
        for (bool next = true; next;)
            next = co_await one_request();
    }

private:
    // False: the connection has ended.
    awaitable<bool> one_request()
    {
        if (core_->stopping)
            co_return co_await end();
        parser_type parser;
        parser.header_limit(static_cast<std::uint32_t>(core_->options.header_limit));
        parser.body_limit(boost::none); // set once the head tells which limit applies

        // Between requests, and while one is read, a stop may end the connection.
        co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation());
        const bool idle = buffer_.size() == 0;
        auto limit = deadline::after(idle ? core_->options.idle_timeout : core_->options.read_timeout);
        if (idle)
        {
            const auto first = co_await fill(limit);
            if (!first || *first == 0)
                co_return co_await end();
            limit = deadline::after(core_->options.read_timeout);
        }
        const auto head = co_await parse_until(parser, limit, true);
        if (head.has_error())
            co_return co_await broken(head.error());

        const auto& message = parser.get();
        request asked;
        asked.method = std::string(message.method_string());
        asked.target = std::string(message.target());
        asked.headers = copy_fields(message);
        asked.peer = stream_->peer();
        const bool keep_alive = message.keep_alive();

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
            const auto body = co_await parse_until(parser, limit, false);
            if (body.has_error())
                co_return co_await broken(body.error());
        }
        asked.body = std::move(parser.get().body());

        // From here the request has effects: a stop waits for its answer.
        co_await net::this_coro::reset_cancellation_state(net::enable_terminal_cancellation());
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
        co_return co_await reply(std::move(answer), keep_alive && !core_->stopping, head_only);
    }

    http_handler::admission admit(const request& head, const parser_type& parser)
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

    // Reads and parses to the end of the head, or of the message.
    awaitable<result<>> parse_until(parser_type& parser, deadline limit, bool head)
    {
        for (;;)
        {
            error_code ec;
            if (buffer_.size() > 0)
            {
                buffer_.consume(parser.put(buffer_.data(), ec));
                if (ec && ec != http::error::need_more)
                    co_return refused_bytes(ec, head);
            }
            if (head ? parser.is_header_done() : parser.is_done())
                co_return result<>();
            if (ec == http::error::need_more || buffer_.size() == 0)
            {
                const auto more = co_await fill(limit);
                if (more.has_error())
                    co_return more.error();
                if (*more == 0)
                    co_return error(errc::connection_lost);
            }
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
        std::string failure;
        try
        {
            auto answer = co_await within(limit, answered(std::move(asked)));
            if (answer.has_value())
                co_return std::move(*answer);
            failure = answer.error().code.message();
        }
        catch (const std::exception& e)
        {
            failure = e.what();
        }
        const bool late = limit.passed();
        core_->out.error(late ? "a request was not answered in time" : "answering a request failed",
                         {{"peer", stream_->peer()}, {"reason", failure}});
        co_return refusal(late ? 503 : 500);
    }

    awaitable<result<response>> answered(request asked)
    {
        auto answer = co_await core_->handler->answer(std::move(asked));
        co_return answer;
    }

    awaitable<bool> reply(response answer, bool keep_alive, bool head_only)
    {
        if (!fields_are_safe(answer.headers))
        {
            core_->out.error("an answer with an unsafe header was not sent", {{"peer", stream_->peer()}});
            answer = refusal(500);
        }
        const bool endless = static_cast<bool>(answer.streamed);
        keep_alive = keep_alive && !endless && !answer.cut_after;
        const auto head = response_head(answer, endless ? std::nullopt : std::optional(answer.body.size()),
                                        !keep_alive, core_->options.server_name);
        const bool sent = co_await write_answer(head, answer, head_only);
        if (answer.sent)
            answer.sent();
        if (sent && endless)
            co_await stream_body(std::move(answer));
        if (!sent || !keep_alive)
            co_return co_await end();
        co_return true;
    }

    awaitable<bool> write_answer(const std::string& head, const response& answer, bool head_only)
    {
        const auto limit = deadline::after(core_->options.write_timeout);
        net::const_buffer first = net::buffer(head);
        net::const_buffer second = head_only ? net::const_buffer() : net::buffer(answer.body);
        if (answer.cut_after)
        {
            const auto cut = *answer.cut_after;
            second = net::buffer(second, cut > first.size() ? cut - first.size() : 0);
            first = net::buffer(first, cut);
        }
        const auto sent = co_await stream_->write(first, second, limit);
        co_return sent.has_value();
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
        // A stop ends an endless answer at once.
        co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation());
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
    awaitable<bool> upgrade(request handshake, response answer)
    {
        if (buffer_.size() > 0 || !handshake.body.empty()) // frames before our answer to the handshake
            co_return co_await refuse(refusal(400));
        // A stop ends a websocket at once: its reads and writes answer "stopped".
        co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation(), insist());
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
            co_return false;
        }
        try
        {
            co_await answer.upgraded(std::move(*opened));
        }
        catch (const std::exception& e)
        {
            core_->out.error("a websocket ended with an exception", {{"peer", peer}, {"reason", e.what()}});
        }
        co_return false;
    }

    awaitable<bool> broken(error why)
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
    awaitable<bool> refuse(response answer)
    {
        const auto head = response_head(answer, answer.body.size(), true, core_->options.server_name);
        const bool sent = co_await write_answer(head, answer, false);
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
        co_return false;
    }

    awaitable<bool> end()
    {
        co_await stream_->shutdown(deadline::after(std::chrono::seconds(1)));
        co_return false;
    }

    std::shared_ptr<server_core> core_;
    stream_ptr stream_;
    beast::flat_buffer
        buffer_; // one for the connection's whole life: it may hold the start of the next request
};

} // namespace

awaitable<void> serve_connection(std::shared_ptr<server_core> core, stream_ptr stream)
{
    session connection(std::move(core), std::move(stream));
    co_await connection.run();
}

} // namespace postern::transport
