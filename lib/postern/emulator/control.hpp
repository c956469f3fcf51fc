#pragma once

#include "postern/emulator/cloud.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator {

// The emulator's own API under /_emulator/ (protocol/webex-rest.md 10.2, row 20): what tests and demos do to
// the cloud from outside. No token: it is for a loopback address. Lives for one request, under the cloud's
// lock.
class control_desk
{
public:
    explicit control_desk(cloud& c) : c_(c) {}
    cloud::settled answer(const transport::request&);

private:
    using reply = granted<json::value>;

    struct entry
    {
        std::string_view method;
        std::string_view path; // behind /_emulator; "{id}" stands for one segment
        reply (control_desk::*handle)();
        std::string_view words;
    };
    static const std::vector<entry>& entries();

    // control.cpp
    reply index();
    reply reset();
    reply list_faults();
    reply add_fault();
    reply clear_faults();
    reply remove_fault();
    reply advance_clock();
    reply set_deliveries();
    reply set_rate();
    reply set_quirks();
    granted<untold_organisations> people_without_organisation(std::string_view key) const;

    // control_state.cpp
    reply state();
    reply requests();
    reply deliveries();
    reply counters();
    reply clear_counters();
    json::array devices_shown() const;

    // control_people.cpp: making people, and acting for them
    reply add_organisation();
    reply add_human();
    reply add_bot();
    reply add_token();
    reply expire_tokens();
    reply say();
    reply press_card();
    reply scan_content();
    reply scan_next();

    // control_members.cpp: who is in which room
    reply add_member();
    reply remove_member();
    reply set_moderator();
    reply add_crowd();
    reply add_rooms();
    granted<const room*> room_in(std::string_view key) const; // of the body: a group room's title, or an id
    granted<const person*> actor_in(std::string_view otherwise) const;         // `by`, or that UUID
    granted<const membership*> membership_in() const;                          // of `person` in `room`
    granted<std::vector<const person*>> people_in(std::string_view key) const; // an array of them
    granted<std::vector<std::int64_t>> places_in(std::int64_t least, std::int64_t most) const; // `at`
    granted<const room*> found_quietly(const std::string& title, const std::vector<const person*>& members,
                                       const std::vector<const person*>& moderators);
    person one_of_many(std::string org, const std::string& domain) const;

    // control_mercury.cpp: how the emulated Mercury behaves, and outages
    reply set_mercury();
    reply expire_devices();
    reply see_message();
    reply set_outage();

    // control_sockets.cpp: what is done to open websockets
    reply list_sockets();
    reply close_sockets();
    reply cut_sockets();
    reply stall_sockets();
    reply send_frame();
    reply announce_shutdown();
    json::array sockets_shown() const;
    granted<std::vector<socket_id>> chosen_sockets() const; // of the body's person, or all

    // Names the first member of the body that is not known.
    static std::optional<refusal> strange(const json::object& body,
                                          std::initializer_list<std::string_view> known);
    static granted<std::int64_t> number(const json::object& body, std::string_view key,
                                        std::int64_t otherwise, std::int64_t most);
    granted<bool> on_or_off() const; // the member `on`, which must be there

    reply add_person(person_type);
    granted<const person*> person_in(
        std::string_view key) const; // of the body: a name, an e-mail address or an id
    static const person* known_as(const world&, std::string_view text);  // name, e-mail address or id
    granted<std::string> organisation_of(const std::string& name) const; // UUID; the seed's first if empty
    static draft said_by_app(const std::string& text, const person* mention);
    granted<scan> read_scan() const;

    cloud& c_;
    std::string origin_;
    std::vector<std::string> captured_;
    json::object body_;
    std::vector<activity> activities_;
};

} // namespace postern::emulator
