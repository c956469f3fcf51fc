#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/guard/guard_options.hpp"
#include "postern/guard/membership_rules.hpp"
#include "postern/webex/api.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace postern::guard {

struct audited_room
{
    std::string room;
    std::string title; // foreign text; may be empty
    std::string type;
    room_finding finding;
    std::string action;  // "left", "removed 2 outsiders"; "would leave" in a dry run; empty: none
    std::string failed;  // why it could not be looked at, decided or mended; empty: it could
    bool mended = false; // the action was taken
};

struct audit_report
{
    std::size_t rooms = 0;         // those we are in, and those that were left
    std::size_t looked_at = 0;     // all of them, unless it was cut short
    std::vector<audited_room> bad; // refused, undecided or failed; in the order of their ids
    std::size_t failures = 0;      // those of `bad` that have failed
    bool complete = false;         // it came to its end; false: cancelled, or given up

    std::size_t mended() const noexcept;
    bool clean() const noexcept { return complete && bad.empty(); }
};

// How far it is.
struct audit_state
{
    std::size_t looked_at = 0;
    std::size_t all = 0;
    std::size_t bad = 0;
    std::size_t known_before = 0; // looked at by an audit that was interrupted; in the above
};

struct audit_options
{
    bool fix = false; // else nothing is changed
    std::size_t side_by_side = 4;
    std::chrono::milliseconds list_timeout{600'000}; // the list of all rooms, its rate limits waited out
    // One room, likewise; twice as long as the longest Retry-After that the api listens to.
    std::chrono::milliseconds room_timeout{600'000};
    std::size_t give_up_after = 20; // rooms in a row at which Webex could not be had: it is not the rooms
    // What was looked at is kept here until the audit came to its end; the next one goes on from there, if it
    // is of the same rules and less than a day old. Written in between, blocking for a moment. Empty: none.
    std::string resume_file;
    bool log_rooms = true;                            // one warning a bad room, and one line at the end
    std::function<void(const audit_state&)> progress; // at the beginning, and after every room; may be none
};

// Looks at the members of all rooms, once; check_of::sender makes no difference here. With `fix` refused
// rooms are mended: on_refusal::remove removes the outsiders where we are moderator, everything else leaves.
//
// A room that fails is in the report and ends nothing. Cancelling it, and a service that can't be had any
// more, end it early: then the report is not complete. Errors: bad_configuration if nobody said who may be
// there, or for `fix` with check_of::sender, where rooms with outsiders are intended; token_rejected; those
// of listing the rooms. Must run on a strand; 429 is waited out by the api, within the timeouts.
awaitable<result<audit_report>> audit(guard_options, audit_options, std::shared_ptr<webex::api>,
                                      webex::person me, log);

std::string tell(const audit_report&); // a table for a person, with a line at the end that says it all
// {"rooms":,"lookedAt":,"complete":,"failures":,"bad":[{"room":,"title":,"type":,"reason":,
//   "outsiders":[{"person":,"email":,"guest":}],"action":,"mended":,"failed":}]}
std::string to_json(const audit_report&);

} // namespace postern::guard
