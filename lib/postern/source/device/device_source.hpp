#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"
#include "postern/base/secret.hpp"
#include "postern/base/stages.hpp"
#include "postern/source/device/activity_map.hpp"
#include "postern/source/device/channel_state.hpp"
#include "postern/source/device/device_options.hpp"
#include "postern/source/device/device_registry.hpp"
#include "postern/transport/http_client.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>

namespace postern::source {

// The websocket way in: discovers, registers, connects, and hands every event to the intake, for as long as
// run() is awaited. Nothing but cancellation ends it; a token that Webex rejects is told to
// `on_token_rejected`, which decides.
class device_source
{
public:
    struct setup
    {
        device_options options;
        std::shared_ptr<transport::http_client> client;
        secret token;
        identity me;
        device_memory memory;
        std::shared_ptr<intake_port> intake;
        std::function<void()> on_token_rejected;
        // Called on the strand of run() whenever something of the state changes that a person would want to
        // know: phase, device, error, gap. state() has the rest.
        std::function<void(const channel_state&)> watch;
    };

    static result<std::unique_ptr<device_source>> make(setup, log); // bad_configuration: a URL is none
    virtual ~device_source() = default;

    // Until cancelled. Must run on a strand.
    virtual awaitable<void> run() = 0;

    // After run() has returned: deletes our device, unless it is to be kept.
    virtual awaitable<result<>> tidy(deadline limit) = 0;

    virtual channel_state state() const = 0; // thread-safe
};

} // namespace postern::source
