#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/gateway/options.hpp"
#include "postern/guard/auditor.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>

namespace postern {

// What `postern audit` asks for, besides the options.
struct audit_wish
{
    bool fix = false;
    bool restart = false; // what an interrupted audit saw is forgotten
    std::function<void(const guard::audit_state&)> progress;
};

// Audits all rooms of the token, once (guard/auditor.hpp); what it saw is kept in the data directory until it
// came to its end. Must run on a strand. The log hears of no room, they are in the report. Errors:
// bad_configuration, token_rejected, and those of the calls.
awaitable<result<guard::audit_report>> audit_rooms(net::any_io_executor, gateway_options, audit_wish, log);

} // namespace postern
