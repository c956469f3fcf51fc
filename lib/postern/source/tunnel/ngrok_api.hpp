#pragma once

#include "postern/source/tunnel/local_api.hpp"
#include "postern/source/tunnel/tunnel_news.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postern::source {

// The agent's local API (protocol/ngrok.md 7).

struct ngrok_endpoint
{
    std::string url;
    std::string upstream;
};

// Bodies of GET /api/endpoints (agents from 3.30 on) and /api/tunnels. What has no URL is left out. Errors:
// bad_response.
result<std::vector<ngrok_endpoint>> read_ngrok_endpoints(std::string_view body);
result<std::vector<ngrok_endpoint>> read_ngrok_tunnels(std::string_view body);
// Body of GET /api/status: is the session online? None: it does not say.
std::optional<bool> read_ngrok_status(std::string_view body);

// The URL, without a slash at its end, of the endpoint that leads to our listener; empty: none does. Of
// several, the first with that scheme ("https", "http") if there is one.
std::string our_ngrok_url(const std::vector<ngrok_endpoint>&, std::string_view target,
                          std::string_view scheme);

class ngrok_api
{
public:
    ngrok_api(local_api, std::string target, std::string preferred_scheme);

    // Errors: it does not answer, or with something else than it should.
    awaitable<result<tunnel_view>> look(deadline limit);

private:
    awaitable<result<std::vector<ngrok_endpoint>>> list(deadline limit);

    local_api api_;
    std::string target_;
    std::string scheme_;
};

} // namespace postern::source
