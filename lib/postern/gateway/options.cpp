#include "postern/gateway/options.hpp"

#include "postern/transport/url.hpp"

namespace postern {

std::vector<std::string> check(const gateway_options& o)
{
    std::vector<std::string> complaints;
    if (o.token.empty())
        complaints.push_back(
            "no access token: set WEBEX_ACCESS_TOKEN, or webex.token_file in the configuration file");
    const auto api = transport::parse_url(o.api.base_url);
    if (!api)
        complaints.push_back("--api-url: " + describe(api.error()));
    if (!o.webhook_path.starts_with('/') || o.webhook_path.find_first_of("?# ") != o.webhook_path.npos)
        complaints.push_back("--webhook-path must begin with / and be a plain path, such as /webhook");
    if (!o.public_url.empty())
    {
        const auto edge = transport::parse_url(o.public_url);
        if (!edge)
            complaints.push_back("--public-url: " + describe(edge.error()));
    }
    else if (api && api->host != "127.0.0.1" && api->host != "localhost" && api->host != "::1")
        complaints.push_back(
            "--public-url is missing: Webex must be able to reach this server; give the URL of your "
            "tunnel or reverse proxy, for example https://bots.example.com");
    if (o.threads == 0)
        complaints.push_back("--threads must be at least 1");
    if (o.listener.certificate_file.empty() != o.listener.key_file.empty())
        complaints.push_back("listen.certificate_file and listen.key_file belong together: set both or none");
    return complaints;
}

} // namespace postern
