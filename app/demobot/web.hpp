#pragma once

#include <postern/base/deadline.hpp>
#include <postern/base/log.hpp>
#include <postern/base/result.hpp>
#include <postern/transport/http_client.hpp>

#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace demobot {

struct fetched
{
    postern::transport::url where;
    std::string type; // "text/html"
    std::string body;
};

// GET over HTTP and HTTPS, with a bound for everything: one try, ten seconds, and as many bytes as the caller
// can bear. The way out is that of HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Thread-safe; has a thread of its
// own, so that it may live longer than the server that runs the bot.
class web
{
public:
    using environment = std::function<const char*(const char*)>;

    // Errors: bad_configuration for a proxy variable that means nothing.
    static postern::result<std::shared_ptr<web>> make(const environment&, postern::log);
    ~web();

    // Errors: those of http_client; not_found, api_unavailable (5xx, 429) or bad_response for any answer but
    // 200; bad_input for what is no URL. Redirects are not followed: they could lead anywhere.
    postern::awaitable<postern::result<fetched>> get(std::string url, std::size_t limit,
                                                     postern::deadline until) const;

private:
    web() = default;

    boost::asio::thread_pool thread_{1};
    std::shared_ptr<postern::transport::http_client> client_;
};

// What a person is told: "The joke server does not answer; try again later."
std::string excuse(std::string site, const postern::error&);

} // namespace demobot
