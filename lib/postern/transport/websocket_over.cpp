#include "postern/transport/websocket_over.hpp"

#include "postern/base/utf8.hpp"
#include "postern/transport/http_wire.hpp"
#include "postern/transport/refused_handshake.hpp"
#include "postern/transport/turn_queue.hpp"
#include "postern/transport/websocket_layer.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/assert.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace postern::transport {
namespace {

namespace http = boost::beast::http;
namespace ws = boost::beast::websocket;

constexpr std::size_t smallest_read = 4 * 1024; // bytes of room for the next piece of a message
constexpr std::size_t largest_read = 64 * 1024;
constexpr std::size_t masked_at_once = 16 * 1024; // bytes of a client's message that leave together
constexpr std::chrono::seconds parting_time(1);   // for the bytes to end, once the frames have
constexpr std::uint16_t no_code = 1005;           // RFC 6455 7.1.5
constexpr std::uint16_t no_close_frame = 1006;

bool is_of_websocket(const error_code& ec)
{
    return ec.category() == make_error_code(ws::error::closed).category();
}

// True for as long as it lives.
class flagged
{
public:
    explicit flagged(bool& flag) : flag_(flag) { flag_ = true; }
    flagged(const flagged&) = delete;
    flagged& operator=(const flagged&) = delete;
    ~flagged() { flag_ = false; }

private:
    bool& flag_;
};

class counted
{
public:
    counted(std::size_t& total, std::size_t size) : total_(total), size_(size) { total_ += size_; }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { total_ -= size_; }

private:
    std::size_t& total_;
    std::size_t size_;
};

// Everything runs on the stream's strand. The end is noted once, by whoever meets it first, and closes the
// bytes: that is what ends all other operations under way.
class websocket_over final : public websocket
{
public:
    websocket_over(stream_ptr stream, websocket_options options, deadline limit)
        : options_(options), link_(std::make_shared<websocket_link>(std::move(stream), limit)), ws_(link_)
    {
        ws_.read_message_max(options_.message_limit);
        ws_.auto_fragment(false); // one message, one frame: what the simplest peer understands
        ws_.write_buffer_bytes(masked_at_once);
    }
    ~websocket_over() override { link_->bytes->close(); }

    awaitable<result<>> ask(url where, header_fields headers)
    {
        ws_.set_option(ws::stream_base::decorator([headers = std::move(headers)](ws::request_type& asks) {
            for (const auto& [name, value] : headers)
                asks.insert(name, value);
        }));
        ws::response_type answer;
        const auto [ec] = co_await ws_.async_handshake(answer, where.authority(), where.target, as_result);
        if (!ec)
            co_return result<>();
        auto why = handshake_failure(ec, answer);
        why.maybe_sent = true;
        co_return why;
    }

    awaitable<result<>> accept(request asked, header_fields headers)
    {
        ws_.set_option(ws::stream_base::decorator([headers = std::move(headers)](ws::response_type& answer) {
            for (const auto& [name, value] : headers)
                answer.insert(name, value);
        }));
        http::request<http::empty_body> head(http::verb::get, asked.target, 11);
        for (const auto& [name, value] : asked.headers)
            head.insert(name, value);
        const auto [ec] = co_await ws_.async_accept(head, as_result);
        if (ec)
            co_return handshake_failure(ec, {});
        co_return result<>();
    }

    awaitable<ws_incoming> read(deadline limit) override
    {
        BOOST_ASSERT_MSG(!reading_, "one read at a time");
        const auto state = co_await net::this_coro::cancellation_state;
        if (state.cancelled() != net::cancellation_type::none)
            end(broken(error(errc::stopped)));
        if (ended_)
            co_return *ended_;

        const flagged mark(reading_);
        link_->read_limit = limit;
        if (!writing_)
            link_->write_limit = limit; // of the answer to a ping
        ws_message got;
        error_code ec;
        do
        {
            const auto had = got.payload.size();
            got.payload.resize(had + std::clamp(had, smallest_read, largest_read));
            const auto [failed, size] = co_await ws_.async_read_some(
                net::buffer(got.payload.data() + had, got.payload.size() - had), as_result);
            got.payload.resize(had + size);
            ec = failed;
        }
        while (!ec && !ws_.is_message_done());
        if (!ec && !ended_)
        {
            got.binary = ws_.got_binary();
            co_return got;
        }
        co_await part(ec, limit);
        co_return *ended_;
    }

    awaitable<result<>> write(ws_message what, deadline limit) override
    {
        if (ended_ || closing_)
            co_return gone();
        // A message that is longer than all that may wait can still be sent alone.
        if (unsent_ > 0 && unsent_ + what.payload.size() > options_.unsent_limit)
            co_return error(errc::too_large, "writing to a websocket").because("the peer does not keep up");
        const counted waiting(unsent_, what.payload.size());

        const bool entered = co_await turns_.enter(limit);
        if (!entered)
            end(broken(error(limit.passed() ? errc::timed_out : errc::stopped)));
        if (!entered)
            co_return gone();
        const turn mine(turns_);
        if (ended_)
            co_return gone();

        const flagged mark(writing_);
        link_->write_limit = limit;
        ws_.binary(what.binary);
        const auto [ec, size] = co_await ws_.async_write(net::buffer(what.payload), as_result);
        link_->write_limit = link_->read_limit;
        if (!ec)
            co_return result<>();
        // Without a failure of the bytes it is the reader that met the end, and says which.
        const auto state = co_await net::this_coro::cancellation_state;
        if (link_->failure.code || state.cancelled() != net::cancellation_type::none || !reading_)
            end(end_of(ec));
        co_return gone();
    }

    awaitable<void> close(std::uint16_t code, std::string reason, deadline limit) override
    {
        closing_ = true;
        // Not only our own operations have this deadline, a read under way in another coroutine too.
        net::steady_timer patience(executor(), limit.at());
        patience.async_wait([bytes = std::weak_ptr<byte_stream>(link_->bytes)](error_code cancelled) {
            const auto alive = bytes.lock();
            if (!cancelled && alive)
                alive->close();
        });
        const bool entered = co_await turns_.enter(limit);
        if (entered)
        {
            const turn mine(turns_);
            co_await say_goodbye(code, std::move(reason), limit);
        }
        if (!reading_)
            end(broken(error(errc::stopped)));
        turns_.dismiss();
        link_->bytes->close();
    }

    void cut() override { end(broken(error(errc::stopped))); }

    std::string peer() const override { return link_->bytes->peer(); }
    net::any_io_executor executor() override { return link_->bytes->executor(); }

private:
    awaitable<void> say_goodbye(std::uint16_t code, std::string reason, deadline limit)
    {
        if (ended_)
            co_return;
        link_->read_limit = limit;
        link_->write_limit = limit;
        ws::close_reason why;
        if (code != no_code)
            why = ws::close_reason(static_cast<ws::close_code>(code), shortened(reason));
        const auto [ec] = co_await ws_.async_close(why, as_result);
        if (ec) // a read under way may have seen the peer's frame, and says so
            co_return;
        if (!ended_)
            ended_ = end_of(ws::error::closed);
        co_await part(ws::error::closed, limit);
    }

    // At most 123 bytes fit into a close frame, and no half letter (RFC 6455 5.5, 7.1.6).
    static std::string shortened(std::string_view reason)
    {
        std::size_t size = 0;
        for (auto rest = reason; !rest.empty();)
        {
            take_code_point(rest);
            const auto so_far = reason.size() - rest.size();
            if (so_far > ws::reason_string::static_capacity)
                break;
            size = so_far;
        }
        return std::string(reason.substr(0, size));
    }

    // The frames have ended, now the bytes do. What still arrives is thrown away for a moment: closing at
    // once would reset the connection, and the peer would never see our close frame.
    awaitable<void> part(error_code ec, deadline limit)
    {
        if (!ended_)
            ended_ = end_of(ec);
        turns_.dismiss();
        const bool first = !std::exchange(parting_, true);
        const auto bytes = link_->bytes;
        if (first && ec == ws::error::closed)
            co_await bytes->shutdown(limit.at_most(parting_time));
        else if (first && is_of_websocket(ec))
        {
            bytes->finish_sending();
            const auto until = deadline::after(parting_time);
            std::vector<char> rest(largest_read);
            for (bool more = true; more;)
            {
                const auto size = co_await bytes->read_some(net::buffer(rest), until);
                more = size.has_value() && *size > 0;
            }
        }
        bytes->close();
    }

    void end(ws_end how)
    {
        if (!ended_)
            ended_ = std::move(how);
        turns_.dismiss();
        link_->bytes->close();
    }

    static ws_end broken(error why)
    {
        ws_end how;
        how.code = no_close_frame;
        how.why = std::move(why);
        return how;
    }

    ws_end end_of(error_code ec) const
    {
        if (ec == ws::error::closed)
        {
            ws_end how;
            how.code = ws_.reason().code == ws::close_code::none ? no_code : ws_.reason().code;
            how.reason.assign(ws_.reason().reason.data(), ws_.reason().reason.size());
            how.why = error(closing_ ? errc::stopped : errc::connection_lost);
            return how;
        }
        if (is_of_websocket(ec))
        {
            const bool too_big = ec == ws::error::message_too_big;
            auto how = broken(error(too_big ? errc::too_large : errc::bad_response).because(ec.message()));
            how.code = too_big                              ? ws::close_code::too_big
                       : ec == ws::error::bad_frame_payload ? ws::close_code::bad_payload
                                                            : ws::close_code::protocol_error;
            return how;
        }
        if (link_->failure.code)
            return broken(link_->failure);
        if (ec == net::error::eof)
            return broken(error(errc::connection_lost).because("the peer ended without a close frame"));
        return broken(error(errc::stopped));
    }

    // Why nothing can be written any more.
    error gone() const
    {
        errc code = closing_ ? errc::stopped : errc::connection_lost;
        if (ended_ && (ended_->why.is(errc::timed_out) || ended_->why.is(errc::stopped)))
            code = ended_->why.is(errc::timed_out) ? errc::timed_out : errc::stopped;
        return error(code, "writing to a websocket");
    }

    error handshake_failure(error_code ec, const ws::response_type& from) const
    {
        if (ec == ws::error::upgrade_declined)
        {
            response answer;
            answer.status = from.result_int();
            answer.headers = copy_fields(from);
            answer.body = from.body();
            return refused_handshake(answer, {}, std::chrono::system_clock::now());
        }
        if (link_->failure.code)
            return link_->failure;
        if (ec == net::error::eof || ec == http::error::end_of_stream)
            return error(errc::connection_lost).because("no answer came");
        if (ec == http::error::partial_message)
            return error(errc::connection_lost).because("the answer broke off in the middle");
        if (ec == http::error::header_limit || ec == http::error::body_limit)
            return error(errc::too_large).because("the answer is longer than we accept");
        if (ec == net::error::operation_aborted)
            return error(errc::stopped);
        return error(errc::bad_response).because("no websocket handshake (" + ec.message() + ')');
    }

    websocket_options options_;
    std::shared_ptr<websocket_link> link_;
    ws::stream<websocket_layer, false> ws_;
    turn_queue turns_; // of those who write
    std::size_t unsent_ = 0;
    bool reading_ = false;
    bool writing_ = false;
    bool closing_ = false;
    bool parting_ = false;
    std::optional<ws_end> ended_;
};

} // namespace

awaitable<result<websocket_ptr>> open_websocket_over(stream_ptr stream, url where, header_fields headers,
                                                     websocket_options options, deadline limit)
{
    auto made = std::make_unique<websocket_over>(std::move(stream), options, limit);
    const auto shaken = co_await made->ask(std::move(where), std::move(headers));
    if (shaken.has_error())
        co_return shaken.error();
    co_return websocket_ptr(std::move(made));
}

awaitable<result<websocket_ptr>> accept_websocket_over(stream_ptr stream, request asked,
                                                       header_fields headers, websocket_options options,
                                                       deadline limit)
{
    auto made = std::make_unique<websocket_over>(std::move(stream), options, limit);
    const auto shaken = co_await made->accept(std::move(asked), std::move(headers));
    if (shaken.has_error())
        co_return shaken.error();
    co_return websocket_ptr(std::move(made));
}

} // namespace postern::transport
