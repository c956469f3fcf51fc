#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/emulator/cloud.hpp"
#include "postern/emulator/mercury_session.hpp"
#include "postern/transport/http_server.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace postern::emulator {

struct emulator_options
{
    std::string listen = "127.0.0.1:0"; // the control API asks for no token: stay on loopback
    world_seed seed;                    // default_seed() if empty
    std::string public_url; // "https://cloud.example.net": in the URLs we hand out; empty: the Host header
    std::string certificate_file; // PEM; with both the server speaks TLS
    std::string key_file;
    std::string ca_file;                                // PEM, for webhook targets, beside the system's store
    std::chrono::milliseconds delivery_timeout{10'000}; // of one attempt to reach a webhook's target
    std::chrono::milliseconds patience{2'000};          // of stop()
    mercury_options mercury;                            // time limits of websockets

    // Asked first: a page in front of the emulator, on the same server. Takes the paths that `front_owns`
    // names.
    std::shared_ptr<transport::http_handler> front;
    std::function<bool(std::string_view path)> front_owns;
};

// The emulated Webex cloud as a running server: the REST API under /v1/, the service catalogue under /u2c/,
// device registration under /wdm/, Mercury's websockets, the control API under /_emulator/, and webhooks that
// go out. Thread-safe.
class emulator
{
public:
    // Listens and serves when it returns. Errors: those of http_server::bind, and bad_configuration for the
    // seed.
    static result<std::unique_ptr<emulator>> start(net::any_io_executor, emulator_options, log);

    // stop() must have ended.
    ~emulator();

    // Ends websockets, takes no more requests, lets deliveries leave, cuts what is left after the patience.
    // Once.
    awaitable<void> stop();

    // Who watches; called from any thread, one watcher. An empty function ends it.
    void observe(std::function<void(observed)>);

    // Waits until no webhook delivery is queued or under way; false at the deadline.
    awaitable<bool> idle(deadline limit);

    std::string api_url() const;     // "http://127.0.0.1:43117/v1"
    std::string u2c_url() const;     // "http://127.0.0.1:43117/u2c/api/v1"
    std::string control_url() const; // "http://127.0.0.1:43117/_emulator"
    std::string token(
        std::string_view name) const; // of the seed's person of that name; empty if there is none
    std::string person_id(std::string_view name) const; // likewise

    // One line of JSON for whoever started us:
    // {"listen":"127.0.0.1:43117","api":...,"control":...,"u2c":...,"tokens":{"bot":...}}. It holds tokens:
    // for standard output, never for a log.
    std::string ready_line() const;

private:
    friend class emulator_door;
    struct core;
    emulator(std::shared_ptr<core>, std::unique_ptr<transport::http_server>, std::string origin,
             std::chrono::milliseconds patience);

    std::shared_ptr<core> core_;
    std::unique_ptr<transport::http_server> server_;
    std::string origin_;
    std::chrono::milliseconds patience_;
};

} // namespace postern::emulator
