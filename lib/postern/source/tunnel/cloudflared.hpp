#pragma once

#include "postern/base/secret.hpp"
#include "postern/source/tunnel/local_api.hpp"
#include "postern/source/tunnel/redaction.hpp"
#include "postern/source/tunnel/tunnel_program.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace postern::source {

// "https://some-words.trycloudflare.com" in a line of the banner; empty if there is none. The service's own
// name, api.trycloudflare.com, is none.
std::string find_quick_tunnel(std::string_view line);

// What a line of cloudflared means (protocol/ngrok.md 13). `named`: the URL is known beforehand.
tunnel_news read_cloudflared_line(std::string_view line, bool named, const redaction& hide);

// cloudflared: a quick tunnel, with a new URL at every start; or, with a token and a domain, a tunnel that
// was made in Cloudflare's dashboard and leads to our listener there. Its /ready tells whether it is
// connected.
class cloudflared final : public tunnel_program
{
public:
    struct setup
    {
        std::string target;
        std::string domain; // of a named tunnel; empty: a quick tunnel
        secret token;       // of a named tunnel
        redaction hide;
        std::shared_ptr<transport::http_client> client; // for loopback
    };

    cloudflared(net::any_io_executor, setup);

    tunnel_traits traits() const override;
    std::vector<std::string> version_arguments() const override { return {"version"}; }
    result<launch> prepare() override;
    tunnel_news read(std::string_view line) override;
    awaitable<result<tunnel_view>> look(deadline limit) override;

private:
    bool named() const { return !with_.domain.empty(); }

    net::any_io_executor strand_;
    setup with_;
    std::optional<local_api> api_;
};

} // namespace postern::source
