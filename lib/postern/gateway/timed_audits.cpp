#include "postern/gateway/timed_audits.hpp"

#include "postern/base/within.hpp"
#include "postern/guard/auditor.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <string>

namespace postern {
namespace {

using namespace std::chrono_literals;

// A start has other things to do first; and who is started every night must be audited, too.
constexpr std::chrono::milliseconds first_after = 1min;

} // namespace

awaitable<void> audit_now_and_then(gateway_options options, std::shared_ptr<webex::api> api, webex::person me,
                                   log out)
{
    guard::audit_options how;
    how.fix = options.audit.fix;
    auto pause = std::min(first_after, options.audit.every);
    for (;;)
    {
        const bool waited = co_await pause_for(pause);
        if (!waited)
            co_return;
        pause = options.audit.every;
        const auto report = co_await guard::audit(options.guard, how, api, me, out);
        const auto state = co_await net::this_coro::cancellation_state;
        if (state.cancelled() != net::cancellation_type::none)
            co_return;
        const std::string reason = report.has_error() ? describe(report.error()) : "Webex could not be had";
        if (report.has_error() || !report->complete)
            out.warning("the audit of all rooms did not come to its end; the next one begins anew",
                        {{"in", pause}, {"reason", reason}});
    }
}

} // namespace postern
