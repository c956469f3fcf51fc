#pragma once

#include "postern/base/error.hpp"
#include "postern/base/stages.hpp"
#include "postern/bot/say/reply_search.hpp"

#include <optional>
#include <utility>

namespace postern::matching {

// Decides how one reply gets out, and once only: after a crash, a stop or a lost connection it is looked up
// before it is sent again. One object a reply; it knows no API and no journal: the caller performs each step
// and tells what it came to.
class reply_steps
{
public:
    enum class next
    {
        note,     // durably, that it is about to be sent
        post,     // send it
        look_up,  // find out whether sought() is in the room
        known,    // over: an earlier attempt sent it, as sought().id
        found,    // over: it is in the room
        sent,     // over: by us, now
        withdraw, // note that it is certainly not there, then give up
        give_up   // over: why() tells
    };

    // `earlier`: what an earlier attempt noted of it, if anything.
    explicit reply_steps(std::optional<effect> earlier) : sought_(std::move(earlier)) {}

    next start() const;
    next noted(effect);
    next not_noted(const error&); // the journal did not take it: nothing may be sent
    next looked(const sighting&);
    next posted();
    next not_posted(const error&);

    const effect& sought() const { return *sought_; }
    const error& why() const { return why_; }

    // Nothing was sent in this attempt, and another attempt can: run the handler again.
    bool held_back() const noexcept { return held_back_; }
    // It may be out although we gave up, and no look will ever tell.
    bool in_doubt() const noexcept { return in_doubt_; }
    // It is sent although an earlier attempt may have: why that can't be known.
    const std::optional<error>& maybe_twice() const noexcept { return maybe_twice_; }

private:
    next hold_back(error why);

    std::optional<effect> sought_;
    bool ours_ = false; // sought_ was noted in this attempt
    unsigned posts_ = 0;
    error why_;
    bool held_back_ = false;
    bool in_doubt_ = false;
    std::optional<error> maybe_twice_;
};

} // namespace postern::matching
