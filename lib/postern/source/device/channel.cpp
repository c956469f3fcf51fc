#include "postern/source/device/channel.hpp"

#include "postern/base/crypto.hpp"
#include "postern/transport/http.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace postern::source {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_read = 1h; // the pulse ends a silent connection long before

} // namespace

std::string channel_url(std::string_view websocket_url, wall_time now)
{
    std::string url(websocket_url.substr(0, websocket_url.find('#')));
    const auto mark = url.find('?');
    const auto given = transport::parse_query(mark == url.npos ? std::string_view()
                                                               : std::string_view(url).substr(mark + 1));
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    transport::query_params wanted{{"outboundWireFormat", "text"},
                                   {"bufferStates", "true"},
                                   {"aliasHttpStatus", "true"},
                                   {"clientTimestamp", std::to_string(ms)}};
    std::erase_if(wanted, [&](const auto& w) {
        return std::any_of(given.begin(), given.end(), [&](const auto& g) { return g.first == w.first; });
    });
    if (wanted.empty())
        return url;
    if (mark == url.npos)
        url += '?';
    else if (url.back() != '?' && url.back() != '&')
        url += '&';
    return url + transport::format_query(wanted);
}

channel::channel(net::any_io_executor strand, const device_options& options, signed_calls& calls, inbox& in,
                 channel_listener& listener, log out, wall_clock wall)
    : strand_(std::move(strand)), options_(options), calls_(calls), inbox_(in), listener_(listener),
      log_(std::move(out)), wall_(std::move(wall)), outbox_(std::make_shared<outbox>(strand_)),
      beat_due_(strand_), ended_(strand_), tasks_([this](std::exception_ptr) {
          end(setback::kind::failed,
              error(errc::handler_failed, "reading the channel").because("an exception"));
      })
{
}

awaitable<setback> channel::run(std::string websocket_url)
{
    transport::websocket_options limits;
    limits.message_limit = options_.frame_limit;
    auto opened = co_await calls_.open_websocket(channel_url(websocket_url, wall_()), limits,
                                                 deadline::after(options_.handshake_timeout));
    if (!opened)
        co_return setback::of(stage::handshake, opened.error());
    socket_ = std::move(*opened);
    where_ = stage::authorising;
    ready_limit_ = deadline::after(options_.ready_timeout);
    listener_.channel_open();
    outbox_->send(authorization_frame(random_uuid(), calls_.token(), calls_.next_tracking_id()));
    tasks_.spawn(strand_, [this] { return read(); });
    tasks_.spawn(strand_, [this] { return write(); });

    bool wanted = true;
    while (!end_ && wanted)
        wanted = co_await ended_.wait();
    if (!end_)
        end(setback::kind::failed, error(errc::stopped));
    co_await hang_up(!wanted);
    co_return *end_;
}

// Goodbye is only said where somebody listens and nobody waits for the next connection.
awaitable<void> channel::hang_up(bool politely)
{
    if (politely)
        co_await socket_->close(1000, "Done", deadline::after(options_.goodbye_timeout));
    socket_->cut();
    outbox_->close();
    bool quiet = false;
    while (!quiet)
    {
        tasks_.stop(net::cancellation_type::terminal);
        quiet = co_await tasks_.drained(deadline::after(1s));
    }
    socket_.reset();
}

void channel::leave(setback why)
{
    if (end_)
        return;
    end_ = std::move(why);
    ended_.ring();
}

void channel::end(setback::kind what, error why)
{
    setback s;
    s.what = what;
    s.where = where_;
    s.why = std::move(why);
    leave(std::move(s));
}

awaitable<void> channel::read()
{
    while (!end_)
    {
        auto limit = deadline::after(longest_read);
        if (!pulse_)
            limit = *ready_limit_;
        auto came = co_await socket_->read(limit);
        if (end_)
            co_return;
        if (const auto* over = std::get_if<transport::ws_end>(&came))
        {
            setback s;
            s.what =
                over->why.is(errc::timed_out) && !pulse_ ? setback::kind::never_ready : setback::kind::closed;
            s.where = where_;
            s.code = over->code;
            s.reason = over->reason;
            s.why = over->why;
            leave(std::move(s));
            co_return;
        }
        co_await take(std::move(std::get<transport::ws_message>(came).payload));
        if (!pulse_ && ready_limit_->passed()) // frames without end, and not the one that counts
            end(setback::kind::never_ready);
    }
}

awaitable<void> channel::take(std::string payload)
{
    const auto bytes = payload.size();
    auto f = read_frame(payload);
    payload = {};
    listener_.frame_seen();
    if (const auto missing = sequence_.missing_before(f); missing != 0)
        listener_.frames_missing(missing);
    switch (f.what)
    {
    case frame::kind::activity: co_await take_activity(std::move(f), bytes); co_return;
    case frame::kind::pong: take_pong(f); co_return; // its id is ours, there is nothing to acknowledge
    case frame::kind::not_understood: not_understood(f); co_return;
    case frame::kind::ready: let_in(f); break;
    case frame::kind::catalogue_changed: listener_.catalogue_changed(); break;
    case frame::kind::shutdown:
        // Connected anew at once, rather than side by side with this socket as the JS SDK does (4.8): the
        // cloud keeps what comes in the moment between.
        end(setback::kind::announced);
        break;
    case frame::kind::other:
        if (f.type == "error")
            log_.warning("the cloud sent an error frame", {{"tracking_id", printable(f.tracking_id)}});
        else
            log_.debug("frame without meaning for us", {{"type", printable(f.type)}});
    }
    acknowledge(f);
}

awaitable<void> channel::take_activity(frame f, std::size_t bytes)
{
    const bool waits = inbox_.full(bytes);
    if (waits)
    {
        log_.info("reading pauses: events come faster than they are stored", {{"waiting", inbox_.waiting()}});
        if (pulse_)
            pulse_->pause();
    }
    co_await inbox_.put(std::move(f), bytes, outbox_);
    if (waits && pulse_)
    {
        pulse_->resume(std::chrono::steady_clock::now());
        beat_due_.ring();
    }
}

void channel::let_in(const frame& f)
{
    if (pulse_)
        return;
    in_sync_ = f.in_sync;
    pulse_.emplace(options_, std::chrono::steady_clock::now(), wall_());
    tasks_.spawn(strand_, [this] { return keep_alive(); });
}

void channel::take_pong(const frame& f)
{
    if (!pulse_ || !pulse_->pong(f.id, std::chrono::steady_clock::now()))
    {
        log_.debug("a pong for none of our pings", {{"id", printable(f.id)}});
        return;
    }
    beat_due_.ring();
    listener_.pong_seen();
    if (where_ == stage::serving)
        return;
    where_ = stage::serving;
    listener_.channel_ready(in_sync_);
}

void channel::not_understood(const frame& f)
{
    constexpr auto words = "frame not understood, left out";
    if (garbage_++ == 0)
        log_.warning(words, {{"reason", f.why}});
    else
        log_.debug(words, {{"reason", f.why}, {"so_far", garbage_}});
}

void channel::acknowledge(const frame& f)
{
    if (!f.id.empty())
        outbox_->send(ack_frame(f.id));
}

awaitable<void> channel::write()
{
    for (;;)
    {
        auto text = co_await outbox_->next();
        if (!text)
            co_return;
        transport::ws_message message;
        message.payload = std::move(*text);
        const auto sent = co_await socket_->write(std::move(message), deadline::after(options_.pong_timeout));
        if (sent || sent.error().is(errc::too_large))
            continue;
        // The reader knows better how it ended: the cloud's close code may lie there. Only a peer that takes
        // nothing any more is seen from here.
        if (sent.error().is(errc::timed_out))
            end(setback::kind::silent);
        outbox_->close();
        co_return;
    }
}

awaitable<void> channel::keep_alive()
{
    for (;;)
    {
        const auto beat = pulse_->tick(std::chrono::steady_clock::now(), wall_());
        if (beat.what == pulse::beat::kind::dead)
        {
            end(beat.slept ? setback::kind::slept : setback::kind::silent);
            co_return;
        }
        if (beat.what == pulse::beat::kind::ping)
            outbox_->send(ping_frame(beat.id));
        const bool on = co_await beat_due_.wait_until(pulse_->next());
        if (!on)
            co_return;
    }
}

} // namespace postern::source
