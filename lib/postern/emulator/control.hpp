#pragma once

#include "postern/emulator/cloud.hpp"

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

    // control_state.cpp
    reply state();
    reply requests();
    reply deliveries();
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
    granted<scan> read_scan() const;

    cloud& c_;
    std::string origin_;
    std::vector<std::string> captured_;
    json::object body_;
    std::vector<activity> activities_;
};

} // namespace postern::emulator
