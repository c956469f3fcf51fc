#include "postern/transport/proxy.hpp"

#include "postern/transport/http.hpp"
#include "postern/transport/no_proxy.hpp"

#include <algorithm>
#include <cctype>

namespace postern::transport {
namespace {

constexpr auto form = "write it as http://user:password@host:port, https://host:port or host:port";

error refuse(std::string setting, std::string why, std::string advice = form)
{
    return error(errc::bad_configuration, std::move(setting))
        .because(std::move(why))
        .advise(std::move(advice));
}

// An empty variable is no variable.
std::string value_of(const variables& env, const std::string& name)
{
    const char* value = env ? env(name.c_str()) : nullptr;
    return value ? value : "";
}

struct variable
{
    std::string name;
    std::string value;
};

// The lower-case one first, as in curl.
variable look_up(const variables& env, const std::string& upper)
{
    auto lower = upper;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    for (const auto& name : {lower, upper})
        if (auto value = value_of(env, name); !value.empty())
            return {name, std::move(value)};
    return {};
}

result<std::optional<proxy_address>> proxy_of(const variables& env, const std::string& upper)
{
    auto found = look_up(env, upper);
    if (found.value.empty())
        found = look_up(env, "ALL_PROXY");
    if (found.value.empty())
        return std::optional<proxy_address>();
    auto parsed = parse_proxy(found.value, found.name);
    if (parsed.has_error())
        return parsed.error();
    return std::optional(std::move(*parsed));
}

// Apart from the rest, for no part of it may be quoted. False: what stands there can't be told apart.
bool take_credentials(std::string& rest, proxy_address& into)
{
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    const auto at = authority.rfind('@');
    if (at == authority.npos)
        return rest.find('@') == rest.npos;
    const auto given = authority.substr(0, at);
    rest.erase(0, at + 1);
    const auto colon = given.find(':');
    into.user = percent_decode(given.substr(0, colon));
    if (colon != given.npos)
        into.password = secret(percent_decode(given.substr(colon + 1)));
    into.wants_password = true;
    return true;
}

} // namespace

std::string proxy_address::name() const
{
    const bool v6 = host.find(':') != host.npos;
    return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

result<proxy_address> parse_proxy(std::string_view text, std::string setting)
{
    proxy_address out;
    std::string scheme = "http";
    std::string rest(text);
    if (const auto end = rest.find("://"); end != rest.npos)
    {
        scheme = rest.substr(0, end);
        rest.erase(0, end + 3);
        std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                       [](unsigned char c) { return std::tolower(c); });
    }
    if (scheme != "http" && scheme != "https")
        return refuse(std::move(setting), scheme.starts_with("socks")
                                              ? "SOCKS is not spoken here, only HTTP proxies are used"
                                              : "a proxy's URL begins with http:// or https://");
    if (!take_credentials(rest, out))
        return refuse(std::move(setting), "the user name or the password has one of / ? #",
                      "write these as %2F, %3F and %23");
    if (out.user.find(':') != out.user.npos)
        return refuse(std::move(setting), "no user name with a colon can be sent to a proxy");

    const auto parsed = parse_url(scheme + "://" + rest);
    if (!parsed)
        return refuse(std::move(setting), parsed.error().ours);
    if (parsed->target != "/")
        return refuse(std::move(setting),
                      "a proxy's URL ends behind the port; files that choose one (PAC) are "
                      "not read");
    out.tls = parsed->tls();
    out.host = parsed->host;
    out.port = parsed->port;
    out.setting = std::move(setting);
    return out;
}

struct proxy_rules::parts
{
    std::optional<proxy_address> for_tls;
    std::optional<proxy_address> for_plain;
    no_proxy_list direct;
    bool loopback = false;
};

result<proxy_rules> proxy_rules::make(const proxy_settings& given, const variables& env)
{
    if (given.none)
        return proxy_rules();
    auto made = std::make_shared<parts>();
    made->for_tls = made->for_plain = given.proxy;
    if (!given.proxy)
    {
        auto for_tls = proxy_of(env, "HTTPS_PROXY");
        auto for_plain = proxy_of(env, "HTTP_PROXY");
        if (for_tls.has_error() || for_plain.has_error())
            return for_tls.has_error() ? for_tls.error() : for_plain.error();
        made->for_tls = std::move(*for_tls);
        made->for_plain = std::move(*for_plain);
    }
    made->direct = no_proxy_list(given.no_proxy ? *given.no_proxy : look_up(env, "NO_PROXY").value);
    made->loopback = given.proxy_loopback;

    proxy_rules rules;
    if (made->for_tls || made->for_plain)
        rules.parts_ = std::move(made);
    return rules;
}

const proxy_address* proxy_rules::proxy_for(const url& target) const
{
    if (!parts_)
        return nullptr;
    const auto& proxy = target.tls() ? parts_->for_tls : parts_->for_plain;
    if (!proxy || parts_->direct.covers(target.host, target.port))
        return nullptr;
    return is_this_machine(target.host) && !parts_->loopback ? nullptr : &*proxy;
}

std::string proxy_rules::proxies() const
{
    if (!parts_)
        return {};
    const auto& [tls, plain, direct, loopback] = *parts_;
    if (tls && plain && tls->name() != plain->name())
        return tls->name() + ", for http " + plain->name();
    return tls ? tls->name() : plain->name() + " for http only";
}

std::string proxy_rules::settings() const
{
    if (!parts_)
        return {};
    const auto& [tls, plain, direct, loopback] = *parts_;
    if (tls && plain && tls->setting != plain->setting)
        return tls->setting + ", " + plain->setting;
    return (tls ? tls : plain)->setting;
}

std::vector<std::string> proxy_rules::not_understood() const
{
    return parts_ ? parts_->direct.not_understood() : std::vector<std::string>();
}

} // namespace postern::transport
