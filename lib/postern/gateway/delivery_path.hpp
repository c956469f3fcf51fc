#pragma once

#include "postern/base/time.hpp"
#include "postern/source/recovery/recovery.hpp"
#include "postern/source/webhook/reconciler.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace postern {

// From what is seen of webhooks, tunnel and self-check: may deliveries have been lost, and since when?
// Decides only; whoever asks says what time it is.
class delivery_path
{
public:
    // Each is told what is so now.
    void webhooks(const source::reconciler_state&, wall_time now);
    void tunnel(bool up, wall_time now);
    // A ping through the public URL may fail where deliveries don't (a network that does not reach itself
    // from inside), so a broken path closes nothing; when it is whole again deliveries may have been lost.
    void self_check(bool whole, wall_time now);

    // Deliveries reach us, as far as we know.
    bool open() const noexcept { return tunnel_up_ && in_place_; }

    // Everything that was delivered until then has come in, as far as anybody has looked. Empty: nobody has.
    std::optional<wall_time> sure_until() const;

    // While open: the time in which deliveries may have been lost, told once.
    std::optional<source::missed_time> take(wall_time now);

private:
    void suspect(wall_time since, std::string why);

    bool tunnel_up_ = true; // there may be none
    bool in_place_ = false;
    bool fine_ = false;
    bool path_whole_ = true;
    std::optional<wall_time> webhooks_seen_; // fine, the last time
    std::optional<wall_time> path_seen_;     // whole, the last time
    std::uint64_t revived_ = 0;
    std::uint64_t drifted_ = 0;
    std::uint64_t rekeyed_ = 0;

    std::optional<source::missed_time> suspicion_;
};

} // namespace postern
