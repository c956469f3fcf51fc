#include "postern/gateway/delivery_path.hpp"

#include <algorithm>
#include <utility>

namespace postern {
namespace {

// The tunnel's end is noticed a moment after its beginning.
constexpr std::chrono::seconds noticed_late(60);

} // namespace

void delivery_path::webhooks(const source::reconciler_state& now_is, wall_time now)
{
    const auto since = webhooks_seen_.value_or(now);
    const bool fine = now_is.in_place && now_is.last_error.empty();
    in_place_ = now_is.in_place; // a look that failed changes nothing: what we knew still holds
    if (!std::exchange(fine_, fine) && fine && webhooks_seen_)
        suspect(since, "the cloud could not be reached, or our webhooks were not in place");
    if (std::exchange(revived_, now_is.revived) != now_is.revived)
        suspect(since, "the cloud had switched our webhooks off");
    if (std::exchange(drifted_, now_is.drifted) != now_is.drifted)
        suspect(since, "somebody had changed our webhooks");
    if (std::exchange(rekeyed_, now_is.rekeyed) != now_is.rekeyed)
        suspect(since, "our webhooks had another secret");
    if (fine && now_is.last_checked)
        webhooks_seen_ = now_is.last_checked;
}

void delivery_path::tunnel(bool up, wall_time now)
{
    if (std::exchange(tunnel_up_, up) && !up)
        suspect(now - noticed_late, "the tunnel was lost");
}

void delivery_path::self_check(bool whole, wall_time now)
{
    if (!std::exchange(path_whole_, whole) && whole && path_seen_)
        suspect(*path_seen_, "the way to us was broken");
    if (whole)
        path_seen_ = now;
}

std::optional<source::missed_time> delivery_path::take(wall_time now)
{
    if (!open() || !suspicion_)
        return std::nullopt;
    suspicion_->to = now;
    return std::exchange(suspicion_, std::nullopt);
}

std::optional<wall_time> delivery_path::sure_until() const
{
    // A path that never was whole may be one that can't be seen from here.
    if (webhooks_seen_ && path_seen_ && !path_whole_)
        return std::min(*webhooks_seen_, *path_seen_);
    return webhooks_seen_;
}

void delivery_path::suspect(wall_time since, std::string why)
{
    if (suspicion_)
        suspicion_->from = std::min(suspicion_->from, since);
    else
        suspicion_ = source::missed_time{since, {}, std::move(why)};
}

} // namespace postern
