#include "postern/gateway/settings.hpp"

#include "postern/gateway/setting_values.hpp"

#include <array>

namespace postern {
namespace {

using options = gateway_options;
using text = const std::string&;

using namespace setting_values;

// Captureless on purpose: the table is a constant.
constexpr std::array table{
    setting{"mode", "--mode", "MODE",
            "how events come in: websocket (default; needs nothing but outbound HTTPS) or webhook",
            [](options& o, text v) {
                const auto parsed = parse_mode(v);
                if (parsed)
                    o.way = *parsed;
                return std::string(parsed ? "" : "expected websocket or webhook");
            }},
    setting{"webex.api_url", "--api-url", "URL",
            "base URL of the Webex REST API (default https://webexapis.com/v1)",
            [](options& o, text v) { return keep(v, o.api.base_url); }},
    setting{"webex.token_file", "--token-file", "FILE", "read the access token from this file",
            [](options& o, text v) { return o.token_source = v, secret_file(v, o.token); }},
    setting{"webex.token_env", "", "NAME", "read the access token from this variable",
            [](options& o, text v) { return o.token_source = "$" + v, std::string(); }},
    setting{"webex.ca_file", "--ca-file", "FILE", "PEM certificates to trust besides the system's",
            [](options& o, text v) { return keep(v, o.client.ca_file); }},
    setting{"webex.insecure", "--insecure", "", "do not check TLS certificates (never in production)",
            [](options& o, text v) { return yes_no(v, o.client.insecure); }},
    setting{"webex.shortest_wait", "", "TIME",
            "for tests: after a 429 we wait at least so long, whatever Webex says (default 1s)",
            [](options& o, text v) { return duration(v, o.api.shortest_retry_after); }},
    setting{"network.proxy", "--proxy", "URL",
            "proxy for all connections, http://[USER:PASSWORD@]HOST:PORT or https://..., or none (default: "
            "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY); a password is better kept in the file or a variable",
            [](options& o, text v) { return proxy(v, o.network); }},
    setting{"network.no_proxy", "--no-proxy", "LIST",
            "what is reached without it, as in example.com,10.0.0.0/8 (default: NO_PROXY); this machine "
            "always is",
            [](options& o, text v) { return no_proxy(v, o.network); }},
    setting{"network.proxy_loopback", "", "",
            "for tests: even this machine's own addresses through the proxy",
            [](options& o, text v) { return yes_no(v, o.network.proxy_loopback); }},
    setting{"device.u2c_url", "--u2c-url", "URL",
            "service catalogue, for websocket mode (default https://u2c.wbx2.com/u2c/api/v1)",
            [](options& o, text v) { return keep(v, o.device.u2c_url); }},
    setting{"device.name", "--device-name", "NAME",
            "name of our device (default postern-HOST-BOT): by it a start finds what the last run left",
            [](options& o, text v) { return keep(v, o.device.name); }},
    setting{"device.keep", "--keep-device", "", "leave our device registered at stop",
            [](options& o, text v) { return yes_no(v, o.device.keep_device); }},
    setting{"listen.address", "--listen", "ADDR:PORT",
            "where to listen: 127.0.0.1:8080 (default), port 0 for any free one, or unix:/path",
            [](options& o, text v) { return keep(v, o.listener.listen); }},
    setting{"listen.certificate_file", "", "FILE", "PEM certificate: the listener then speaks TLS",
            [](options& o, text v) { return keep(v, o.listener.certificate_file); }},
    setting{"listen.key_file", "", "FILE", "PEM key of the certificate",
            [](options& o, text v) { return keep(v, o.listener.key_file); }},
    setting{"webhook.public_url", "--public-url", "URL",
            "where Webex reaches this server in webhook mode: the URL of your tunnel or reverse proxy",
            [](options& o, text v) { return keep(v, o.public_url); }},
    setting{"webhook.path", "--webhook-path", "PATH", "path of the deliveries (default /webhook)",
            [](options& o, text v) { return keep(v, o.webhook_path); }},
    setting{"webhook.secret_file", "", "FILE",
            "read the webhook secret from this file (default: made at first start)",
            [](options& o, text v) { return secret_file(v, o.webhook_secret); }},
    setting{"webhook.body_limit", "", "BYTES", "longest delivery that is accepted (default 65536)",
            [](options& o, text v) {
                return number(v, o.receiver.body_limit, std::size_t{1024}, std::size_t{16 * 1024 * 1024});
            }},
    setting{"webhook.keep", "--keep-webhooks", "", "leave our webhooks in the cloud at stop",
            [](options& o, text v) { return yes_no(v, o.webhook.keep); }},
    setting{"webhook.check_every", "", "SECONDS",
            "between two looks at our webhooks in the cloud (default 300)",
            [](options& o, text v) { return seconds(v, o.webhook.reconciling.timing.period); }},
    setting{"webhook.self_check", "", "true|false",
            "ping ourselves through the public URL, to know the whole way (default true)",
            [](options& o, text v) { return yes_no(v, o.webhook.self_check); }},
    setting{"webhook.rotate_every", "", "SECONDS",
            "a new webhook secret so often, without a gap (default: never; 2592000 is a month)",
            [](options& o, text v) { return seconds(v, o.webhook.rotate_every, 31'536'000L); }},
    setting{"tunnel.kind", "--tunnel", "KIND",
            "a child that gives us a public URL: ngrok, cloudflared, command or none (default)",
            [](options& o, text v) {
                const auto kind = parse_tunnel(v);
                if (kind)
                    o.tunnel.kind = *kind;
                return std::string(kind ? "" : "expected ngrok, cloudflared, command or none");
            }},
    setting{"tunnel.program", "", "PROGRAM", "a path, or a name on the PATH (default: the kind's own name)",
            [](options& o, text v) { return keep(v, o.tunnel.program); }},
    setting{"tunnel.command", "", "COMMAND",
            "for kind command: program and arguments, split at blanks; {port} and {url} are our listener's",
            [](options& o, text v) { return command(v, o.tunnel); }},
    setting{"tunnel.pattern", "", "REGEX",
            "for kind command: finds the URL in what the program prints (its first group, if it has one)",
            [](options& o, text v) { return keep(v, o.tunnel.pattern); }},
    setting{"tunnel.domain", "--tunnel-domain", "URL",
            "a name that is reserved for us, as https://bots.ngrok.app (default: what the service gives)",
            [](options& o, text v) { return keep(v, o.tunnel.domain); }},
    setting{"tunnel.token_file", "", "FILE",
            "read the tunnel's token from this file (default: NGROK_AUTHTOKEN or TUNNEL_TOKEN)",
            [](options& o, text v) { return secret_file(v, o.tunnel.token); }},
    setting{"tunnel.pass_proxy", "", "true|false",
            "let the tunnel use our proxy (free ngrok accounts refuse that; default false)",
            [](options& o, text v) { return yes_no(v, o.tunnel.pass_proxy); }},
    setting{"data_dir", "--data-dir", "DIR",
            "where this instance keeps its journal, its name, its secret and its device (default "
            "$STATE_DIRECTORY or "
            "~/.local/state/postern)",
            [](options& o, text v) { return keep(v, o.data_dir); }},
    setting{"journal.engine", "--journal", "ENGINE",
            "where events are kept until they are handled: sqlite (default; survives everything) or memory",
            [](options& o, text v) { return engine(v, o.journal); }},
    setting{"journal.file", "", "FILE", "the journal's file (default journal.db in data_dir)",
            [](options& o, text v) { return keep(v, o.journal.sqlite.file); }},
    setting{"journal.keep", "", "TIME", "so long events that are over are kept, and recognised (default 7d)",
            [](options& o, text v) { return duration(v, o.journal.sqlite.keep); }},
    setting{"journal.size_limit", "", "BYTES",
            "of the file (default 1073741824): old events go first, what is not handled never",
            [](options& o, text v) {
                return number(v, o.journal.sqlite.size_limit, std::uint64_t{4} << 20, std::uint64_t{1} << 44);
            }},
    setting{"journal.unfinished", "", "N",
            "events that may wait to be handled (default 100000); more are refused with 503, or not read",
            [](options& o, text v) {
                return number(v, o.journal.sqlite.unfinished, std::size_t{100}, std::size_t{10'000'000});
            }},
    setting{
        "guard.organisations", "--allow-org", "LIST",
        "answer only in rooms whose members all belong to one of these organisations (ids), to an allowed "
        "domain or to the allowed people; \"own\" is the bot's or token owner's own organisation",
        [](options& o, text v) { return organisations(v, o.guard.organisations); }},
    setting{"guard.domains", "--allow-domain", "LIST",
            "e-mail domains whose people may be there, as in example.com,example.org; also ALLOWED_DOMAINS, "
            "PERMITTED_DOMAINS, WHITELIST_DOMAINS",
            [](options& o, text v) { return domains(v, o.guard.domains); }},
    setting{"guard.people", "--allow-person", "LIST", "people who may be there: e-mail addresses or ids",
            [](options& o, text v) { return people(v, o.guard.people); }},
    setting{"guard.rooms", "--allow-room", "LIST", "rooms that are served whoever is in them: ids",
            [](options& o, text v) { return rooms(v, o.guard.rooms); }},
    setting{"guard.bots", "--allow-bots", "", "other bots are no outsiders",
            [](options& o, text v) { return yes_no(v, o.guard.bots); }},
    setting{"guard.monitors", "--allow-monitors", "", "compliance accounts (monitors) are no outsiders",
            [](options& o, text v) { return yes_no(v, o.guard.monitors); }},
    setting{"guard.check", "", "WHAT", "room (default): every member; or sender: only who wrote",
            [](options& o, text v) {
                o.guard.check = v == "sender" ? guard::check_of::sender : guard::check_of::room;
                return std::string(v == "room" || v == "sender" ? "" : "expected room or sender");
            }},
    setting{
        "guard.action", "--guard-action", "ACTION",
        "what is done about a refused room, besides not answering: ignore (default), tell (one short text "
        "an hour), leave, or remove (the outsiders, where the bot is moderator; else it leaves)",
        [](options& o, text v) { return action(v, o.guard.action); }},
    setting{"guard.words", "", "TEXT", "what guard.action tell says",
            [](options& o, text v) { return keep(v, o.guard.words); }},
    setting{"guard.keep", "", "TIME",
            "so long a verdict holds when nothing is heard of its room (default 15m)",
            [](options& o, text v) { return duration(v, o.guard.keep); }},
    setting{"guard.again", "", "TIME",
            "so long after a look that failed a room's events wait for the next one, at first (default 15s)",
            [](options& o, text v) { return duration(v, o.guard.again); }},
    setting{"guard.timeout", "", "TIME", "longest a look at all members of one room may take (default 20s)",
            [](options& o, text v) { return duration(v, o.guard.call_timeout); }},
    setting{"audit.every", "--audit", "TIME",
            "so often all rooms are looked at, whether or not anything happens there (default 24h), or off",
            [](options& o, text v) { return duration_or_off(v, o.audit.every); }},
    setting{"audit.fix", "", "true|false",
            "the audit leaves refused rooms, or removes the outsiders, as guard.action says (default false: "
            "it reports)",
            [](options& o, text v) { return yes_no(v, o.audit.fix); }},
    setting{"recovery", "--recovery", "TIME",
            "how far back messages are fetched that were missed in an outage or while postern was not "
            "running (default 24h), or off",
            [](options& o, text v) { return duration_or_off(v, o.recovery.reach); }},
    setting{"bot.give_up_after", "", "TIME",
            "so long an event is tried again while Webex or a target is down (default 12h)",
            [](options& o, text v) { return duration(v, o.dispatch.give_up_after); }},
    setting{"bot.help_as_card", "", "true|false", "answer /help with a card (default false)",
            [](options& o, text v) { return yes_no(v, o.bot.help_as_card); }},
    setting{"bot.private_urls", "", "true|false",
            "let handlers send files from addresses that only this network knows (default false)",
            [](options& o, text v) { return yes_no(v, o.files.allow_private); }},
    setting{"bot.handler_timeout", "", "SECONDS", "longest a command may take (default 60)",
            [](options& o, text v) { return seconds(v, o.dispatch.handler_deadline); }},
    setting{
        "bot.lanes", "", "N", "rooms that are handled side by side (default 16)",
        [](options& o, text v) { return number(v, o.dispatch.lanes, std::size_t{1}, std::size_t{1024}); }},
    setting{"stop_timeout", "", "SECONDS", "how long commands under way may take at stop (default 20)",
            [](options& o, text v) { return seconds(v, o.stop_patience); }},
    setting{"threads", "--threads", "N", "threads of the event loop (default 2)",
            [](options& o, text v) { return number(v, o.threads, std::size_t{1}, std::size_t{64}); }},
    setting{"log.level", "--log-level", "LEVEL", "error, warning, info (default) or debug; also LOG_LEVEL",
            [](options& o, text v) {
                const auto parsed = parse_severity(v);
                if (parsed)
                    o.level = *parsed;
                return std::string(parsed ? "" : "expected error, warning, info or debug");
            }},
    setting{"log.format", "--log-format", "FORMAT", "human (default) or json, one object a line",
            [](options& o, text v) {
                o.format = v == "json" ? log_format::json : log_format::human;
                return std::string(v == "json" || v == "human" ? "" : "expected human or json");
            }},
};

} // namespace

std::span<const setting> settings() { return table; }

} // namespace postern
