#include "postern/gateway/options.hpp"

#include "postern/gateway/commands_config.hpp"

#include "postern/transport/url.hpp"

namespace postern {
namespace {

bool is_loopback(const transport::url& where)
{
    return where.host == "127.0.0.1" || where.host == "localhost" || where.host == "::1";
}

bool public_api(const transport::url& where)
{
    return where.host == "webexapis.com" || where.host == "api.ciscospark.com";
}

// The token would go to the public cloud, or nothing would ever be heard from the other one.
bool other_cloud(const gateway_options& o, const transport::url& api)
{
    return o.device.u2c_url == source::device_options().u2c_url && !public_api(api);
}

void check_webhook_mode(const gateway_options& o, const result<transport::url>& api,
                        std::vector<std::string>& complaints)
{
    if (!o.webhook_path.starts_with('/') || o.webhook_path.find_first_of("?# ") != o.webhook_path.npos)
        complaints.push_back("--webhook-path must begin with / and be a plain path, such as /webhook");
    if (!o.public_url.empty())
    {
        const auto edge = transport::parse_url(o.public_url);
        if (!edge)
            complaints.push_back("--public-url: " + describe(edge.error()));
    }
    if (o.tunnel.kind != source::tunnel_kind::none)
    {
        if (!o.public_url.empty())
            complaints.push_back("--public-url and --tunnel exclude each other: the tunnel gives the URL");
        if (o.listener.listen.starts_with("unix:"))
            complaints.push_back("--tunnel needs a listener on a port: --listen 127.0.0.1:0");
        if (o.tunnel.kind == source::tunnel_kind::command && o.tunnel.program.empty())
            complaints.push_back("--tunnel command needs tunnel.command: the program and its arguments");
    }
    else if (o.public_url.empty() && api && !is_loopback(*api))
        complaints.push_back(
            "--public-url is missing: in webhook mode Webex must be able to reach this server; give the URL "
            "of your reverse proxy, for example https://bots.example.com, or let postern run a tunnel "
            "(--tunnel "
            "ngrok), or use --mode websocket, which needs neither");
}

void check_websocket_mode(const gateway_options& o, const result<transport::url>& api,
                          std::vector<std::string>& complaints)
{
    const auto u2c = transport::parse_url(o.device.u2c_url);
    if (!u2c)
        complaints.push_back("--u2c-url: " + describe(u2c.error()));
    else if (api && other_cloud(o, *api))
        complaints.push_back("--u2c-url is missing: --api-url names another cloud than the public one; give "
                             "the address of its service catalogue as well (postern emulator prints it)");
}

} // namespace

std::string_view to_string(mode m) noexcept { return m == mode::webhook ? "webhook" : "websocket"; }

std::optional<mode> parse_mode(std::string_view text) noexcept
{
    for (const auto m : {mode::websocket, mode::webhook})
        if (text == to_string(m))
            return m;
    return std::nullopt;
}

std::string journal_file(const gateway_options& o)
{
    const auto& named = o.journal.sqlite.file;
    return named.empty() ? o.data_dir + "/journal.db" : named;
}

std::vector<std::string> check(const gateway_options& o)
{
    std::vector<std::string> complaints;
    if (o.token.empty())
        complaints.push_back(
            "no access token: set WEBEX_ACCESS_TOKEN, or webex.token_file in the configuration file");
    const auto api = transport::parse_url(o.api.base_url);
    if (!api)
        complaints.push_back("--api-url: " + describe(api.error()));
    if (o.way == mode::webhook)
        check_webhook_mode(o, api, complaints);
    else
        check_websocket_mode(o, api, complaints);
    if (o.threads == 0)
        complaints.push_back("--threads must be at least 1");
    if (o.listener.certificate_file.empty() != o.listener.key_file.empty())
        complaints.push_back("listen.certificate_file and listen.key_file belong together: set both or none");
    for (auto& complaint : check_commands(o))
        complaints.push_back(std::move(complaint));
    return complaints;
}

} // namespace postern
