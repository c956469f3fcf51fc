#pragma once

#include "postern/base/result.hpp"
#include "postern/base/secret.hpp"
#include "postern/transport/url.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::transport {

// An HTTP proxy, and what it wants to know of us.
struct proxy_address
{
    bool tls = false;     // TLS to the proxy itself
    std::string host;     // lower case, without brackets
    std::uint16_t port{}; // the scheme's own, 80 or 443, unless the text named one
    std::string user;
    secret password;
    bool wants_password = false; // the text had a user name
    std::string setting;         // who named it, for advice: "HTTPS_PROXY"

    std::string name() const; // "proxy.example:3128": never with user or password
};

// "http://user:password@host:port", the same with https:// for TLS to the proxy, or "host:port". User and
// password may be percent-encoded, and must be where they hold one of / ? # (and the user with ':' can't be
// sent at all). Errors: bad_configuration; no part of the text is in the error, it may be the password.
result<proxy_address> parse_proxy(std::string_view text, std::string setting);

// What is set about proxies; whatever is left out is looked up in the environment.
struct proxy_settings
{
    std::optional<proxy_address> proxy;  // for all connections
    bool none = false;                   // no proxy, whatever the environment says
    std::optional<std::string> no_proxy; // as NO_PROXY below
    bool proxy_loopback = false;         // tests only: this machine's own addresses through the proxy, too
};

using variables = std::function<const char*(const char*)>; // std::getenv, or a test's own

// Which way out a connection takes: one rule for requests and websockets alike. A value; cheap to copy,
// thread-safe.
//
// Through the proxy goes everything (an http target, too, by CONNECT: one way for all), but for
// - this machine: localhost, names under .localhost, 127.0.0.0/8 and ::1;
// - what NO_PROXY lists: items between commas or blanks, case-blind. "*" is everything; "example.com",
//   ".example.com" and "*.example.com" are that host and all hosts below it; an address or a network
//   ("10.0.0.0/8", "fd00::/8") covers targets that are named by address, for names are not looked up here;
//   "host:port" is that port only.
class proxy_rules
{
public:
    // No proxy.
    proxy_rules() = default;

    // Environment: HTTPS_PROXY for https and wss, HTTP_PROXY for http and ws, ALL_PROXY for what neither
    // names, NO_PROXY. Lower-case names win, and an empty value is none, both as in curl. HTTP_PROXY in upper
    // case counts, too: curl passes it over because a CGI program gets it from a request's "Proxy" header,
    // and postern is none.
    //
    // Errors: bad_configuration, naming the variable.
    static result<proxy_rules> make(const proxy_settings&, const variables& env);

    // Null: directly. Valid as long as any copy of these rules.
    const proxy_address* proxy_for(const url& target) const;

    bool empty() const noexcept { return !parts_; }
    // For a log: the proxies' names, and who named them; both empty without a proxy.
    std::string proxies() const;
    std::string settings() const;
    // Items of NO_PROXY that mean nothing to us.
    std::vector<std::string> not_understood() const;

private:
    struct parts;
    std::shared_ptr<const parts> parts_;
};

// The first item of a no_proxy list that means nothing to us; empty if all are understood.
std::string wrong_in_no_proxy(std::string_view list);

// "localhost", a name under ".localhost", or a loopback address.
bool is_this_machine(std::string_view host);

} // namespace postern::transport
