#pragma once

#include "postern/base/backoff.hpp"
#include "postern/base/log.hpp"
#include "postern/base/secret.hpp"
#include "postern/bot/bot_consumer.hpp"
#include "postern/bot/no_code/no_code_options.hpp"
#include "postern/bot/say/file_fetcher.hpp"
#include "postern/dispatch/dispatcher.hpp"
#include "postern/guard/guard_options.hpp"
#include "postern/journal/memory_journal.hpp"
#include "postern/journal/sqlite_journal.hpp"
#include "postern/source/device/device_options.hpp"
#include "postern/source/recovery/recovery.hpp"
#include "postern/source/tunnel/tunnel.hpp"
#include "postern/source/webhook/receiver.hpp"
#include "postern/source/webhook/reconciler.hpp"
#include "postern/source/webhook/self_check.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/transport/http_server.hpp"
#include "postern/webex/api.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

// How events come in.
enum class mode
{
    websocket, // over the websocket of a registered device: needs nothing but outbound HTTPS
    webhook    // as deliveries to our listener: needs a URL that the cloud reaches
};
std::string_view to_string(mode) noexcept;
std::optional<mode> parse_mode(std::string_view) noexcept;

// Webhook mode, besides where it is reached.
struct webhook_options
{
    bool keep = false;                         // leave our webhooks at stop
    bool self_check = true;                    // ping ourselves through the public URL
    std::chrono::milliseconds rotate_every{0}; // a new secret so often; 0: never
    std::chrono::milliseconds grace{600'000};  // so long the previous secret is still accepted
    source::reconciler_options reconciling;
    source::self_check_options checking;
};

// Where events are kept until they are handled.
enum class journal_engine
{
    sqlite, // a file in data_dir: survives the process
    memory
};

struct journal_choice
{
    journal_engine engine = journal_engine::sqlite;
    journal::sqlite_journal_options sqlite; // file: see journal_file()
    journal::memory_journal_options memory;
};

// The audit of all rooms, beside the guard's look at each event.
struct audit_choice
{
    std::chrono::milliseconds every{24 * 3'600'000}; // 0: never. Only with a guard that is configured
    bool fix = false;                                // else it only reports
};

// All that a gateway can be told. Every member has a default; gateway/settings.hpp says which file key,
// variable and flag sets it.
struct gateway_options
{
    gateway_options() { listener.listen = "127.0.0.1:8080"; }

    secret token;             // of the bot, or of the person an integration acts for
    std::string token_source; // where it was found; for the log

    mode way = mode::websocket;

    webex::api_options api;
    transport::http_client_options client;
    transport::proxy_settings network; // what was set about proxies; load_options makes client.proxy of it
    transport::http_server_options listener;

    source::device_options device; // websocket mode

    // Webhook mode. Where the cloud reaches us, without the webhook's path; the tunnel's or the proxy's URL.
    std::string public_url;
    std::string webhook_path = "/webhook";
    secret webhook_secret; // made at first start, and kept in data_dir, when empty

    // Holds the journal, the instance's name, its webhook secret and which device is ours. Made if need be,
    // for the owner alone.
    std::string data_dir;

    log_format format = log_format::human;
    severity level = severity::info;
    std::size_t threads = 2;

    source::receiver_options receiver;
    webhook_options webhook;
    source::tunnel_options tunnel;
    journal_choice journal;
    source::recovery_options recovery;
    guard::guard_options guard;
    audit_choice audit;
    dispatch::dispatcher_options dispatch;
    bot_options bot;
    fetch_options files;     // that handlers send on from the web
    no_code_options no_code; // [[commands]] of the file: gateway/commands_config.hpp

    // While Webex can't be reached or refuses for a time: between two tries of starting.
    backoff start_again{std::chrono::milliseconds(500), std::chrono::milliseconds(32'000)};
    std::chrono::milliseconds call_timeout{
        60'000}; // one undertaking at start: "who am I", "make the webhooks right"
    std::chrono::milliseconds stop_patience{
        20'000}; // for handlers under way at stop; then they are cancelled
};

// The journal's file: the one that was named, or the data directory's.
std::string journal_file(const gateway_options&);

// All complaints at once: an operator fixes a file once, not line by line. Empty: it can start.
std::vector<std::string> check(const gateway_options&);

} // namespace postern
