#pragma once

#include "postern/base/json.hpp"
#include "postern/emulator/mercury_outbox.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator {

using socket_id = std::uint64_t;

// Who opened a websocket and how, as the upgrade says (protocol/mercury.md 4.1).
struct mercury_caller
{
    std::string registration; // UUID
    std::string person;       // UUID of the device's owner
    std::string origin;       // how the client calls us: "http://127.0.0.1:8080"
    std::string peer;
    bool text = false;                // outboundWireFormat=text
    bool many = false;                // multipleConnections=true
    bool registration_status = false; // mercuryRegistrationStatus=true: that is the ready signal then
    bool alias = false;               // aliasHttpStatus=true: failures are close codes
};

// How a socket is to end.
struct mercury_end
{
    std::uint16_t code = 1000;
    std::string reason;
    bool cut = false; // without a close frame
};

// What a socket's session does next.
struct mercury_step
{
    enum class action
    {
        send,
        wait, // until `until` at most; something new wakes it earlier
        end
    };
    action what = action::wait;
    mercury_frame frame{};
    mercury_end end{};
    std::optional<std::chrono::steady_clock::time_point> until{};
};

// All websockets of the emulated Mercury: who is told what, in which order, and what becomes of it while
// nobody listens (protocol/mercury.md 4, 9.2). It owns no sockets, timers or threads: each socket has a
// session that asks next() and is woken when there may be another answer. Not thread-safe: the cloud's lock
// guards it. `wake` is called under that lock and must only post.
//
// A reader that is too slow for what it is told (10000 events or 16 MiB waiting) is closed with 1011.
//
// With a buffer, what was not acknowledged counts as not arrived: it is told again on the registration's next
// socket, before what happened in between. The ready signal says IN_SYNC only if nothing was lost since the
// registration's last socket, which nobody can say without a buffer.
class switchboard
{
public:
    using steady = std::chrono::steady_clock;
    using wake_fn = std::function<void()>;

    mercury_mode mode;

    // A socket that has not shown who it is. It is closed with 1008 when it does not in time.
    socket_id open(mercury_caller, wake_fn, std::chrono::milliseconds authorise_within, moment);
    // What the socket asked for; null if it is gone.
    const mercury_caller* find(socket_id) const;
    bool authorised(socket_id) const;

    // Who it is has been shown: it says ready, then what was kept. An older socket of the registration is
    // closed with 4000, or with 4001 after an announced shutdown, unless this one allows several.
    void authorise(socket_id, moment);
    void ping(socket_id, std::string id, moment);
    void acknowledge(socket_id, std::string_view id);

    // For all sockets of the registration; kept or lost if there are none. True if a socket takes it.
    bool tell(std::string_view registration, mercury_event, moment);
    // How clients of that registration call us; none before its first socket was ready.
    std::optional<std::string> origin_of(std::string_view registration) const;

    mercury_step next(socket_id, moment);
    bool to_be_cut(socket_id) const;
    bool stalled(socket_id) const;
    void gone(socket_id); // its session has ended

    // --- what the control API does to sockets
    std::vector<socket_id> sockets() const; // that are to stay open
    bool any() const noexcept { return !sockets_.empty(); }
    std::vector<socket_id> sockets_of(std::string_view person) const;
    // Ends it now: what waits is not sent any more. A stalled socket is cut, whatever the code.
    void end(socket_id, mercury_end);
    // The next `times` sockets that would become ready end so instead.
    void end_next(mercury_end, unsigned times);
    void stall(socket_id, bool on); // neither reads nor writes
    void raw(socket_id, std::string payload, std::optional<bool> binary, moment);
    // Says that it will go away, and goes with 4001 once a newer socket of the registration is ready, or
    // after that time (protocol/mercury.md 4.8).
    void announce_shutdown(socket_id, std::chrono::milliseconds within, moment);
    std::vector<std::string> registrations() const; // that something is known or kept of
    void forget(std::string_view registration);
    void deafen(std::string registration); // it hears nothing any more, as at a wrong region
    bool deaf(std::string_view registration) const { return deaf_.contains(std::string(registration)); }

    struct view
    {
        socket_id id = 0;
        const mercury_caller* who = nullptr;
        wall_time since{};
        bool authorised = false;
        bool stalled = false;
        std::uint64_t frames_sent = 0;
        std::size_t waiting = 0;
        std::uint64_t acknowledgements = 0;
        std::vector<std::string> last_acknowledged; // the newest 10, as they came
    };
    std::vector<view> show() const;

    // Sockets end with 1001 and no more become ready.
    void hang_up();
    // As at the start. Open sockets end with that.
    void reset(mercury_end);

private:
    struct socket
    {
        mercury_caller who;
        wake_fn wake;
        mercury_outbox out;
        wall_time since{};
        steady::time_point authorise_by{};
        std::optional<steady::time_point> leaves_at{}; // the shutdown was announced
        std::optional<mercury_end> end{};
        bool authorised = false;
        bool stalled = false;
        std::uint64_t acknowledgements = 0;
        std::deque<std::string> last_acknowledged{};
    };
    // What outlives sockets: one per registration that ever was ready.
    struct line
    {
        std::string origin;
        std::deque<mercury_event> kept;
        bool lost = false;
    };

    socket* live(socket_id); // null if it is gone or on its way
    void wake(const socket& s) const
    {
        if (s.wake)
            s.wake();
    }
    void say_ready(socket&, line&, bool known, moment);
    void keep(line&, std::vector<mercury_event>);
    void reclaim(socket&, line&);

    std::map<socket_id, socket> sockets_;
    std::map<std::string, line, std::less<>> lines_; // by registration
    std::set<std::string, std::less<>> deaf_;
    socket_id last_id_ = 0;
    std::optional<mercury_end> end_next_;
    unsigned end_next_times_ = 0;
    bool hung_up_ = false;
};

} // namespace postern::emulator
