#pragma once

#include "postern/emulator/faults.hpp"
#include "postern/emulator/rate_limit.hpp"
#include "postern/emulator/request_counters.hpp"
#include "postern/emulator/rest.hpp"
#include "postern/emulator/seed.hpp"
#include "postern/emulator/shapes_activity.hpp"
#include "postern/emulator/switchboard.hpp"
#include "postern/emulator/webhook_sender.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator {

// What the emulator tells those who watch it.
struct observed
{
    std::string what; // "posted", "activity", "webhook sent", "webhook answered", "frame sent"
    std::string resource, event, data_id, room_id, actor_id;
    unsigned status = 0;
    std::chrono::system_clock::time_point at{};
    std::string note;
};

// The whole emulated cloud behind one lock, which is held inside these functions only: requests in,
// responses, deliveries and observations out. No sockets, no timers. Thread-safe.
class cloud
{
public:
    // `seed` must be complete(). `public_url` stands in for the Host header in the URLs we hand out, if not
    // empty; without it they say https where the server speaks `tls`.
    cloud(world_seed seed, std::string public_url, world::clock reads = std::chrono::system_clock::now,
          bool tls = false);

    // A delivery and what it tells of; `about.note` is the webhook's name.
    struct dispatch
    {
        outgoing what;
        observed about;
    };

    // What the sockets of one registration are to be told; `about.note` is the device's name.
    struct telling
    {
        std::string registration;
        mercury_event what;
        observed about;
    };

    struct settled
    {
        transport::response response;
        std::vector<dispatch> deliveries; // to send once the response has left
        std::vector<telling> tellings;    // likewise
        std::vector<observed> seen;
    };
    // A request to the public API or to the service catalogue.
    settled answer(const transport::request&, const fetched_file* fetched = nullptr);
    // A request to the control API, /_emulator/...
    settled control(const transport::request&);
    static bool controls(std::string_view path);

    // Writes a request down that never came as far as answer(): a fault ate it.
    void note_request(const transport::request&, unsigned status);
    std::optional<std::string> wants_file(const transport::request&) const;

    void delivery_began(const dispatch&);
    // Counts failures, disables webhooks, completes the log.
    observed delivery_ended(const delivery_report&);

    // What the control API sets on the sender.
    void on_mode(std::function<void(delivery_mode)> set);

    // --- websockets (cloud_mercury.cpp); see switchboard.hpp
    static bool is_socket(const transport::request&); // is that the path of one?

    // What becomes of a request for a websocket (protocol/mercury.md 4.1, 4.2): an answer that is no
    // upgrade, or a socket. With aliasHttpStatus=true failures are told after the upgrade, by `end`.
    struct admission
    {
        std::optional<transport::response> refused;
        mercury_caller who;
        bool authorised = false; // the header showed a good token
        std::optional<mercury_end> end;
    };
    admission knock(const transport::request&);

    socket_id open_socket(const admission&, switchboard::wake_fn, std::chrono::milliseconds authorise_within);
    void heard(socket_id, std::string_view payload); // a frame of the client
    mercury_step next_step(socket_id);
    bool stalled(socket_id) const;
    bool to_be_cut(socket_id) const;
    void socket_gone(socket_id);

    // Tells the registration's sockets; false if there is none that takes it.
    bool tell(const telling&);
    void hang_up(); // all sockets end, and no more come
    bool has_sockets() const;

    // Everything but the control API is to be dropped without a byte.
    bool in_outage() const;

    std::string token_of(std::string_view name) const; // of the seed; empty if there is nobody of that name
    std::string person_id_of(std::string_view name) const;           // empty if there is nobody of that name
    std::vector<std::pair<std::string, std::string>> tokens() const; // of the seed: name, token

    fault_table faults;

private:
    friend class control_desk;

    struct request_note
    {
        wall_time at;
        std::string who, method, target;
        unsigned status;
    };
    struct delivery_note
    {
        std::string webhook; // id
        observed about;
        std::string problem;
        std::chrono::milliseconds took{};
        bool ended = false;
    };

    void rebuild();
    void settle(std::vector<activity>&, settled&);
    void settle_sockets(const std::vector<activity>&, settled&);
    void end_unregistered();
    std::set<std::string> registrations() const;
    void note_registrations(const std::set<std::string>& before);
    moment moment_now() const { return {world_.now(), std::chrono::steady_clock::now()}; }
    const person* bearer_of(std::string_view token) const; // null unless the token is valid
    void remember(const transport::request&, std::string_view who, unsigned status);

    mutable std::mutex mutex_;
    const world_seed seed_;
    const world::clock reads_;
    world world_;
    device_book devices_;
    rest_api rest_;
    rate_limit rate_;
    delivery_mode mode_;
    bool modern_signature_ = false;
    request_counters counters_;
    std::deque<request_note> requests_;    // the newest 1000
    std::deque<delivery_note> deliveries_; // the newest 1000
    std::function<void(delivery_mode)> set_mode_;
    switchboard switchboard_;
    time_uuids activity_ids_;
    bool outage_ = false;
    bool hung_up_ = false;
};

} // namespace postern::emulator
