#pragma once

#include "postern/base/secret.hpp"
#include "postern/source/tunnel/ngrok_api.hpp"
#include "postern/source/tunnel/ngrok_config.hpp"
#include "postern/source/tunnel/ngrok_log.hpp"
#include "postern/source/tunnel/tunnel_program.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace postern::source {

// The ngrok agent, versions 2.3 to 3 (protocol/ngrok.md).
class ngrok final : public tunnel_program
{
public:
    struct setup
    {
        std::string target; // our listener
        std::string domain; // a reserved one, or empty
        secret token;
        std::string directory; // absolute
        redaction hide;
        std::shared_ptr<transport::http_client> client; // for loopback
    };

    ngrok(net::any_io_executor, setup);

    tunnel_traits traits() const override;
    std::vector<std::string> version_arguments() const override { return {"version"}; }
    void is_version(const program_version&) override;
    result<launch> prepare() override;
    tunnel_news read(std::string_view line) override { return log_.read(line); }
    awaitable<result<tunnel_view>> look(deadline limit) override;
    void clean_up() noexcept override;

private:
    std::string config_file() const { return with_.directory + "/ngrok.yml"; }

    net::any_io_executor strand_;
    setup with_;
    std::string scheme_;
    ngrok_log log_;
    program_version version_ = current_ngrok;
    std::optional<ngrok_api> api_;
};

} // namespace postern::source
