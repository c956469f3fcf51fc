#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/webex/types.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace postern {

struct fetch_options
{
    std::size_t limit = std::size_t{100} * 1024 * 1024; // bytes of a file (protocol/webex-rest.md 4.6)
    unsigned redirects = 5;
    bool allow_private = false; // also addresses that only this network knows; for demonstrations
};

// Gets a file from the web, so that a bot can send it on, without becoming a way into the network it lives
// in: see bot/say/safe_url.hpp. No cookies, no token, no referrer. Thread-safe.
class file_fetcher
{
public:
    // `web` must connect to nothing that bot/say/safe_url.hpp refuses: make() sees to that.
    file_fetcher(fetch_options options, std::shared_ptr<transport::http_client> web)
        : options_(options), web_(std::move(web))
    {
    }

    // The client gets the proxy and the trust of `base`, and its own connections. Errors: those of
    // transport::make_http_client.
    static result<std::shared_ptr<file_fetcher>> make(net::any_io_executor,
                                                      transport::http_client_options base, fetch_options,
                                                      log);

    // An empty name is the one that the server tells, or else the last part of the URL's path. Errors:
    // bad_input for a URL that may not be asked, too_large, not_found (404 and 410), api_rejected (other
    // 4xx), api_unavailable (5xx, 429), bad_response for a redirect too many, and those of http_client. No
    // error quotes what the server says.
    awaitable<result<webex::file_upload>> fetch(std::string url, std::string name, deadline) const;

private:
    fetch_options options_;
    std::shared_ptr<transport::http_client> web_;
};

} // namespace postern
