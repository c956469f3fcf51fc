#pragma once

// What the parts of the stand-in share. One thread, no locks.

#include "postern/base/async.hpp"
#include "standin/account.hpp"
#include "standin/recorder.hpp"
#include "standin/refusals.hpp"
#include "standin/settings.hpp"
#include "standin/tunnels.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <vector>

namespace postern::standin {

enum class api_mode
{
    open,
    silent, // accepts, never answers
    closed  // nobody listens
};

enum class edge_mode
{
    normal,
    offline,
    rate_limited
};

struct world
{
    world(net::io_context& context, settings s, recorder r, std::string authtoken)
        : io(context), env(std::move(s)), out(std::move(r)),
          service(env.registry_file, env.agents, env.linger), token(std::move(authtoken))
    {
    }

    net::io_context& io;
    settings env;
    recorder out;
    account service;
    std::string token;

    std::string public_origin; // "http://127.0.0.1:43117", where the public side really is
    std::string api_address;   // "127.0.0.1:4040"; empty: there is none
    std::vector<std::string> web_allow_hosts;
    tunnel_table tunnels;
    captures captured;
    bool connected = false; // to the service

    api_mode api = api_mode::open;
    edge_mode edge = edge_mode::normal;
    std::string webhook_secret;             // demanded of everybody (the fault "verify")
    std::string foreign_upstream;           // shown by the API in place of ours
    bool second_first = false;              // the API lists somebody else's tunnel first
    bool http_first = false;                // 2.3: the other order
    std::string wrong_address;              // printed by "starting web service" before the right one
    std::optional<std::string> unreachable; // err= of attempts to connect, as long as it is set

    const agent_version& version() const { return env.version; }
    refusal_facts facts() const
    {
        refusal_facts f;
        f.token = token;
        f.version = version().text();
        return f;
    }
};

// FAKE_NGROK_STATE, replaced as a whole: {"pid", "api", "public_listen", "url", "tunnels": [...]}.
void write_state(const world&);

// The end of a failed start, without exiting: records, then "ERROR:" lines on standard error.
void record_refusal(world&, const remote_refusal&);
void record_failure(world&, const std::string& words); // of our own making: a busy port

} // namespace postern::standin
