#include "postern/source/tunnel/tunnel.hpp"

#include "postern/source/tunnel/cloudflared.hpp"
#include "postern/source/tunnel/command_tunnel.hpp"
#include "postern/source/tunnel/ngrok.hpp"
#include "postern/source/tunnel/supervisor.hpp"
#include "postern/transport/programs.hpp"
#include "postern/transport/url.hpp"

#include <algorithm>
#include <filesystem>

namespace postern::source {
namespace {

using program_ptr = std::unique_ptr<tunnel_program>;

error wrong(std::string what, std::string advice)
{
    return error(errc::bad_configuration, "the tunnel").because(std::move(what)).advise(std::move(advice));
}

std::string_view default_program(tunnel_kind kind)
{
    switch (kind)
    {
    case tunnel_kind::ngrok: return "ngrok";
    case tunnel_kind::cloudflared: return "cloudflared";
    default: return {};
    }
}

// "bots.example.com" -> "https://bots.example.com"; empty stays empty. A path would be refused by the
// service.
result<std::string> read_domain(const std::string& text)
{
    if (text.empty())
        return text;
    const auto full = text.find("://") == text.npos ? "https://" + text : text;
    const auto parsed = transport::parse_url(full);
    if (parsed.has_error() || parsed->target != "/")
        return wrong(printable(text) + " is no domain",
                     "give it as https://bots.example.com, without a path");
    return parsed->origin();
}

// Nothing of our environment but what programs can't do without: no proxy, no tokens.
std::map<std::string, std::string> environment_of(const tunnel::setup& s)
{
    std::map<std::string, std::string> all;
    for (const char* name : {"PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR",
                             "XDG_RUNTIME_DIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSH_AUTH_SOCK"})
        if (auto value = s.environment ? s.environment(name) : std::string(); !value.empty())
            all.emplace(name, std::move(value));
    if (s.options.pass_proxy)
        all.insert(s.proxy.begin(), s.proxy.end());
    return all;
}

// ngrok looks at http_proxy alone (protocol/ngrok.md 12).
void name_proxy_for_ngrok(std::map<std::string, std::string>& environment)
{
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY"})
        if (const auto found = environment.find(name); found != environment.end())
        {
            const auto value = found->second;
            environment.insert_or_assign("http_proxy", value);
            return;
        }
}

redaction hide_in(const tunnel::setup& s, const secret& token)
{
    redaction hide;
    hide.hide(token);
    for (const auto& [name, value] : s.proxy)
    {
        const auto scheme = value.find("://");
        const auto from = scheme == value.npos ? 0 : scheme + 3;
        const auto at = value.rfind('@');
        if (at != value.npos && at > from)
            hide.hide(secret(value.substr(from, at - from)));
    }
    return hide;
}

// What the kinds need of each other's findings.
struct findings
{
    std::string program; // an absolute path
    std::string domain;
    std::string directory;
    secret token;
    redaction hide;
};

result<program_ptr> make_ngrok(const net::any_io_executor& strand, const tunnel::setup& s, findings f,
                               const log& out)
{
    if (f.directory.empty())
        return wrong("ngrok needs a directory for its configuration", {});
    if (const auto why = wrong_with_authtoken(f.token.reveal()); !f.token.empty() && !why.empty())
        return wrong("what was given as ngrok's authtoken is none: " + why,
                     "copy it from https://dashboard.ngrok.com/get-started/your-authtoken");
    auto client = make_loopback_client(strand, out);
    if (client.has_error())
        return client.error();
    ngrok::setup with{s.target, f.domain, std::move(f.token), f.directory, f.hide, std::move(*client)};
    return std::make_unique<ngrok>(strand, std::move(with));
}

result<program_ptr> make_cloudflared(const net::any_io_executor& strand, const tunnel::setup& s, findings f,
                                     const log& out)
{
    if (f.domain.empty() != f.token.empty())
        return wrong(f.token.empty() ? "a domain, but no token of the tunnel that it belongs to"
                                     : "a token, but not the domain that its tunnel serves",
                     "a named tunnel of cloudflared needs both; a quick tunnel neither");
    auto client = make_loopback_client(strand, out);
    if (client.has_error())
        return client.error();
    cloudflared::setup with{s.target, f.domain, std::move(f.token), f.hide, std::move(*client)};
    return std::make_unique<cloudflared>(strand, std::move(with));
}

result<program_ptr> make_command(const tunnel::setup& s, const findings& f)
{
    if (s.options.pattern.empty() && f.domain.empty())
        return wrong("no pattern that finds the URL in what " + printable(s.options.program) + " prints",
                     "for example: https://[a-z0-9-]+\\.example\\.com");
    command_tunnel::setup with;
    with.name = std::filesystem::path(f.program).filename().string();
    with.arguments = s.options.arguments;
    with.target = s.target;
    with.domain = f.domain;
    if (!s.options.pattern.empty())
    {
        auto pattern = url_pattern::make(s.options.pattern);
        if (pattern.has_error())
            return pattern.error();
        with.pattern = std::move(*pattern);
    }
    return std::make_unique<command_tunnel>(std::move(with));
}

result<program_ptr> make_program(const net::any_io_executor& strand, const tunnel::setup& s, findings f,
                                 const log& out)
{
    switch (s.options.kind)
    {
    case tunnel_kind::ngrok: return make_ngrok(strand, s, std::move(f), out);
    case tunnel_kind::cloudflared: return make_cloudflared(strand, s, std::move(f), out);
    case tunnel_kind::command: return make_command(s, f);
    case tunnel_kind::none: break;
    }
    return wrong("none is wanted", {});
}

secret token_of(const tunnel::setup& s)
{
    if (!s.options.token.empty() || !s.environment)
        return s.options.token;
    switch (s.options.kind)
    {
    case tunnel_kind::ngrok: return secret(s.environment("NGROK_AUTHTOKEN"));
    // Without a domain it is not ours: then a quick tunnel is wanted.
    case tunnel_kind::cloudflared:
        return s.options.domain.empty() ? secret() : secret(s.environment("TUNNEL_TOKEN"));
    default: return {};
    }
}

result<findings> find_out(const tunnel::setup& s)
{
    findings f;
    const auto name =
        s.options.program.empty() ? std::string(default_program(s.options.kind)) : s.options.program;
    if (name.empty())
        return wrong("no program that makes it", {});
    auto program = transport::find_program(name, s.environment ? s.environment("PATH") : std::string());
    if (program.has_error())
        return std::move(program.error()).during("the tunnel");
    f.program = std::move(*program);
    auto domain = read_domain(s.options.domain);
    if (domain.has_error())
        return domain.error();
    f.domain = std::move(*domain);
    if (!s.options.directory.empty())
        f.directory = std::filesystem::absolute(s.options.directory).lexically_normal().string();
    f.token = token_of(s);
    f.hide = hide_in(s, f.token);
    return f;
}

} // namespace

std::string_view to_string(tunnel_phase p) noexcept
{
    switch (p)
    {
    case tunnel_phase::idle: return "idle";
    case tunnel_phase::starting: return "starting";
    case tunnel_phase::online: return "online";
    case tunnel_phase::offline: return "offline";
    case tunnel_phase::waiting: return "waiting";
    case tunnel_phase::failed: return "failed";
    case tunnel_phase::stopping: return "stopping";
    }
    return "unknown";
}

result<std::unique_ptr<tunnel>> tunnel::make(net::any_io_executor strand, setup s, log out)
{
    auto found = find_out(s);
    if (found.has_error())
        return found.error();
    auto program = make_program(strand, s, *found, out.in("tunnel"));
    if (program.has_error())
        return program.error();
    supervisor::setup with;
    with.environment = environment_of(s);
    if (s.options.kind == tunnel_kind::ngrok)
        name_proxy_for_ngrok(with.environment);
    with.options = std::move(s.options);
    with.options.directory = found->directory;
    with.program = found->program;
    with.hide = found->hide;
    with.watch = std::move(s.watch);
    return std::make_unique<supervisor>(std::move(strand), std::move(with), std::move(*program),
                                        std::move(out));
}

} // namespace postern::source
