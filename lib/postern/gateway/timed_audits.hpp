#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"
#include "postern/gateway/options.hpp"
#include "postern/webex/api.hpp"

#include <memory>

namespace postern {

// Audits all rooms a minute after it was begun, and then as often as options.audit says, until cancelled;
// what it finds goes to the log. Must run on a strand.
awaitable<void> audit_now_and_then(gateway_options, std::shared_ptr<webex::api>, webex::person me, log);

} // namespace postern
