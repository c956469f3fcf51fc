#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/base/trail.hpp"
#include "postern/bot/bot.hpp"
#include "postern/bot/no_code/no_code_commands.hpp"
#include "postern/gateway/options.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace postern {

// The whole server: options in, rooms built in order of need, stopped in order of the flow. One run() per
// gateway.
class gateway
{
public:
    // Binds the listener and opens the data directory, so that what can't work is known before anything runs.
    // `who` must outlive the gateway; commands of the configuration file were added to it, and are given what
    // they need here. Errors: bad_configuration (all complaints in one), address_in_use, file_unreadable.
    static result<std::shared_ptr<gateway>> make(net::any_io_executor, gateway_options,
                                                 std::shared_ptr<const bot> who, log, trail = {},
                                                 std::shared_ptr<no_code_commands> = {});
    virtual ~gateway() = default;

    // Serves until stop(), or until Webex rejects the token: token_rejected. Nothing else ends it: what fails
    // is logged, shown in /ready and tried again. Returns after everything was wound down and our webhooks or
    // our device were taken away.
    virtual awaitable<result<>> run() = 0;

    // Ends run() in an orderly way. Thread-safe; may be called before run().
    virtual void stop() = 0;

    // Called once, when events begin to come in: the webhooks are in place, or the channel is authorised.
    virtual void on_ready(std::function<void()>) = 0;

    virtual std::string address() const = 0;     // where the listener is, with its real port
    virtual std::string webhook_url() const = 0; // where the cloud delivers; empty in websocket mode
};

} // namespace postern
