#pragma once

#include "postern/base/result.hpp"
#include "postern/base/time.hpp"
#include "postern/webex/types.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace postern::matching {

// What a reply is recognised by: a digest of room, thread, words, and whether a card or a file is there. Two
// messages with one digest count as the same. It is made so that what was sent and what REST tells of it
// afterwards give the same: markdown and plain text are echoed as they were posted
// (protocol/webex-rest.md 4.4), white space aside; of a card only the fallback text counts, because the
// service rewrites image URLs inside it (9.1).
std::string fingerprint(const webex::new_message&, bool with_file = false);
std::string fingerprint(const webex::message&, const std::string& room_id);

// From when on a reply that was noted `at` can have been created, by the cloud's clock. A reply comes after
// what it answers by at least the time that passed here between `received` and `at`, however wrong our clock
// is; what comes over late says little that way, and there our clock is trusted to a minute. `happened` and
// `received` are those of the event; the epoch: not known.
wall_time earliest_reply(wall_time at, wall_time happened, wall_time received);

// What a look at the room came to.
struct sighting
{
    enum class kind
    {
        found,
        absent,  // certainly not there
        unknown, // the room can't be asked; never will be
        failed   // this time; asking again may tell
    };
    kind what = kind::unknown;
    webex::message which; // found
    error why;            // unknown and failed
};

// Looks for one reply among what a room shows. Decides only: the caller lists, newest first, as it is told.
//
// A bot can list a direct room, but not what is said in a group room (protocol/webex-rest.md 8.1, 8.3). A
// thread of a group room is tried; a bot that does not find its reply there knows nothing. A person's token
// sees everything.
class reply_search
{
public:
    enum class next
    {
        list_room,
        list_thread,
        over
    };
    struct reader
    {
        std::string own_id;
        bool is_bot = false;
    };
    struct place
    {
        std::string room_id;
        std::string room_type; // "direct", "group"; empty: not known
        std::string parent_id;
    };
    // Takes a message for this reply; false: it is another's.
    using claim = std::function<bool(const std::string& message_id)>;

    reply_search(reader who, place where, std::string digest, wall_time since, claim take);

    next start();
    std::size_t most() const noexcept { return most_; } // so many of the newest are to be listed
    next listed(const result<std::vector<webex::message>>&);
    sighting& seen() noexcept { return seen_; } // once it is over

private:
    next end(sighting::kind what, error why = {});
    bool is_it(const webex::message&) const;
    bool reaches_back(const std::vector<webex::message>&) const;

    reader who_;
    place where_;
    std::string digest_;
    wall_time since_;
    claim take_;
    std::size_t most_;
    sighting seen_;
};

} // namespace postern::matching
