#include "postern/transport/proxy_refusal.hpp"

#include <algorithm>
#include <cctype>

namespace postern::transport {
namespace {

constexpr auto undertaking = "connecting through a proxy";
constexpr std::size_t named_schemes = 4;

// Proxy-Authenticate; some proxies (tinyproxy, for one) answer a wrong password as a web server would.
bool names_scheme(const header_fields::value_type& field)
{
    return equal_ignoring_case(field.first, "Proxy-Authenticate") ||
           equal_ignoring_case(field.first, "WWW-Authenticate");
}

std::string_view scheme_of(const header_fields::value_type& field)
{
    return std::string_view(field.second).substr(0, field.second.find(' '));
}

// "NTLM, Negotiate"; empty if Basic is among them, or none at all.
std::string foreign_schemes(const response& answer)
{
    std::string all;
    std::size_t count = 0;
    for (const auto& field : answer.headers)
    {
        if (!names_scheme(field))
            continue;
        if (equal_ignoring_case(scheme_of(field), "Basic"))
            return {};
        if (count++ < named_schemes)
            all += (all.empty() ? "" : ", ") + printable(scheme_of(field), 20);
    }
    return all;
}

error wants_to_know_us(const proxy_address& proxy, const std::string& its_name, const response& answer)
{
    error why(errc::cannot_connect, undertaking);
    why.status = 407;
    if (const auto schemes = foreign_schemes(answer); !schemes.empty())
    {
        why.ours = its_name + " wants sign-in by " + schemes + ", only Basic is spoken here";
        why.advice = "ask whoever runs it for an account with Basic sign-in, or to let this machine through";
    }
    else if (proxy.wants_password)
    {
        why.ours = its_name + " refused the user name or password";
        why.advice = "check them in " + proxy.setting + "; special letters must be written as %XX there";
    }
    else
    {
        why.ours = its_name + " wants a user name and password";
        why.advice = "put them into " + proxy.setting + ", as http://user:password@host:port";
    }
    return why;
}

} // namespace

error refused_by_proxy(const proxy_address& proxy, const std::string& target, const response& answer,
                       std::string phrase)
{
    const auto its_name = "the proxy " + proxy.name();
    if (answer.status == 407 || answer.status == 401)
        return wants_to_know_us(proxy, its_name, answer);

    const auto status = " (" + std::to_string(answer.status) + ')';
    error why(errc::cannot_connect, undertaking);
    why.theirs = std::move(phrase);
    switch (answer.status)
    {
    case 403:
        why.ours = its_name + " does not allow connections to " + target + status;
        why.advice = "ask whoever runs it to allow " + target;
        if (!target.ends_with(":443"))
            why.advice += " (many allow port 443 only), or reach it directly with --no-proxy";
        break;
    case 400:
    case 404:
    case 405:
    case 501:
        why.ours = its_name + " does not know CONNECT" + status;
        why.advice = "check whether " + proxy.setting + " names an HTTP proxy";
        break;
    case 500:
    case 502:
    case 503:
    case 504:
        why.ours = its_name + " could not connect to " + target + status;
        why.advice = "check whether the proxy reaches " + target;
        break;
    default:
        why.ours = its_name + " did not let us through to " + target + status;
        why.advice = answer.status / 100 == 3 ? "it may want somebody to sign in on a web page first"
                                              : "ask whoever runs it";
    }
    return why;
}

error no_way_through(const proxy_address& proxy, std::string_view step, error why)
{
    why.ours = std::string(step) + " the proxy " + proxy.name() + (why.ours.empty() ? "" : ": " + why.ours);
    why.doing = undertaking;
    const auto named = "named by " + proxy.setting;
    if (why.is(errc::tls_failed) && !why.advice.empty())
        why.advice += " (the proxy is " + named + ')';
    else
        why.advice = "check the proxy, " + named;
    return why;
}

error behind_proxy(const proxy_address& proxy, error why)
{
    why.ours += (why.ours.empty() ? "through the proxy " : ", through the proxy ") + proxy.name();
    return why;
}

} // namespace postern::transport
