#pragma once

#include "postern/emulator/cloud.hpp"

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
