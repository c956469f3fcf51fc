#include "postern/webex/retry_policy.hpp"

#include "postern/transport/http_status.hpp"

#include <algorithm>

namespace postern::webex {

using std::chrono::milliseconds;

retry_policy::retry_policy(std::string_view method, retry_limits limits)
    : limits_(limits), reads_(method == "GET" || method == "HEAD"), removes_(method == "DELETE"),
      idempotent_(reads_ || removes_ || method == "PUT")
{
}

step retry_policy::answered(unsigned status, std::string_view retry_after, milliseconds left, wall_time now,
                            double random)
{
    if (status >= 200 && status < 300)
        return {next::done};
    if (status == 404 && removes_ && maybe_done_)
        return {next::done};

    const auto named = transport::parse_retry_after(retry_after, now);
    switch (status)
    {
    case 429: return wait_as_asked(clamp(named.value_or(limits_.default_retry_after)), left, random);

    case 423:
        if (named)
            return wait_as_asked(clamp(*named), left, random);
        if (const auto pause = limits_.pauses.pause(scans_++, random); pause < left)
            return {next::again, pause};
        return {next::give_up};

    case 502:
    case 503:
    case 504:
    {
        maybe_done_ = maybe_done_ || !reads_;
        if (!idempotent_)
            return {next::give_up};
        step decided = back_off(limits_.attempts, left, random);
        decided.smaller_page = status == 504 && decided.what == next::again;
        if (named)
        {
            decided.asked = clamp(*named);
            decided.pause = std::max(decided.pause, *decided.asked);
            if (decided.what == next::again && decided.pause >= left)
                return {next::give_up, {}, false, decided.asked};
        }
        return decided;
    }

    case 500: maybe_done_ = maybe_done_ || !reads_; return reads_ ? back_off(2, left, random) : step{};

    default: return {};
    }
}

step retry_policy::failed(const error& why, milliseconds left, double random)
{
    const bool sent = why.maybe_sent;
    maybe_done_ = maybe_done_ || (sent && !reads_);

    const bool lost =
        why.is(errc::connection_lost) || why.is(errc::cannot_connect) || why.is(errc::timed_out);
    // A proxy that refuses our password needs a person, and the person needs to hear of it.
    const bool no_pass = why.status == 407;
    if (!lost || no_pass || (sent && !idempotent_))
        return {};
    return back_off(limits_.attempts, left, random);
}

step retry_policy::wait_as_asked(milliseconds asked, milliseconds left, double random) const
{
    // Never early; a little late, so that everybody who was told the same second doesn't come back in it.
    const auto spread = std::min(asked / 10, milliseconds(1000));
    const auto pause = asked + milliseconds(static_cast<long>(static_cast<double>(spread.count()) * random));
    if (pause >= left)
        return {next::give_up, {}, false, asked};
    return {next::again, pause, false, asked};
}

step retry_policy::back_off(unsigned most, milliseconds left, double random)
{
    const auto pause = limits_.pauses.pause(failures_, random);
    ++failures_;
    if (failures_ >= std::min(most, limits_.attempts) || pause >= left)
        return {};
    return {next::again, pause};
}

milliseconds retry_policy::clamp(milliseconds asked) const
{
    return std::min(std::max(asked, limits_.shortest_retry_after), limits_.longest_retry_after);
}

} // namespace postern::webex
