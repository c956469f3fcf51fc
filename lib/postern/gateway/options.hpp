#pragma once

#include "postern/base/backoff.hpp"
#include "postern/base/log.hpp"
#include "postern/base/secret.hpp"
#include "postern/bot/bot_consumer.hpp"
#include "postern/dispatch/dispatcher.hpp"
#include "postern/journal/memory_journal.hpp"
#include "postern/source/webhook/receiver.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/transport/http_server.hpp"
#include "postern/webex/api.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace postern {

// All that a gateway can be told. Every member has a default; gateway/settings.hpp says which file key,
// variable and flag sets it.
struct gateway_options
{
    gateway_options() { listener.listen = "127.0.0.1:8080"; }

    secret token;             // of the bot, or of the person an integration acts for
    std::string token_source; // where it was found; for the log

    webex::api_options api;
    transport::http_client_options client;
    transport::http_server_options listener;

    // Where the cloud reaches us, without the webhook's path; the tunnel's or the proxy's URL.
    std::string public_url;
    std::string webhook_path = "/webhook";
    secret webhook_secret; // made at first start, and kept in data_dir, when empty

    // Holds the instance's name and its webhook secret. Made if need be, for the owner alone.
    std::string data_dir;

    log_format format = log_format::human;
    severity level = severity::info;
    std::size_t threads = 2;

    source::receiver_options receiver;
    journal::memory_journal_options journal;
    dispatch::dispatcher_options dispatch;
    bot_options bot;

    // While Webex can't be reached or refuses for a time: between two tries of starting.
    backoff start_again{std::chrono::milliseconds(500), std::chrono::milliseconds(32'000)};
    std::chrono::milliseconds call_timeout{
        60'000}; // one undertaking at start: "who am I", "make the webhooks right"
    std::chrono::milliseconds stop_patience{
        20'000}; // for handlers under way at stop; then they are cancelled
};

// All complaints at once: an operator fixes a file once, not line by line. Empty: it can start.
std::vector<std::string> check(const gateway_options&);

} // namespace postern
