#include "postern/source/tunnel/ngrok.hpp"

#include "postern/source/tunnel/own_files.hpp"

namespace postern::source {

ngrok::ngrok(net::any_io_executor strand, setup s)
    : strand_(std::move(strand)), with_(std::move(s)),
      scheme_(with_.domain.starts_with("http://") ? "http" : "https"), log_(with_.target, with_.hide)
{
}

void ngrok::is_version(const program_version& v)
{
    version_ = v;
    const bool opens_both = v.major < 3; // http first, then https (protocol/ngrok.md 2.1)
    log_ = ngrok_log(with_.target, with_.hide, opens_both ? scheme_ : std::string());
}

tunnel_traits ngrok::traits() const
{
    tunnel_traits t;
    t.name = "ngrok";
    t.can_look = true;
    return t;
}

// A fresh port each time: an address that is configured and taken ends the agent (protocol/ngrok.md 7.1).
result<tunnel_program::launch> ngrok::prepare()
{
    const auto port = free_loopback_port(strand_);
    if (port.has_error())
        return port.error();
    launch l;
    l.web_addr = "127.0.0.1:" + std::to_string(*port);
    const auto written = write_own_file(config_file(), ngrok_config(version_, l.web_addr));
    if (written.has_error())
        return written.error();
    l.arguments = ngrok_arguments(version_, with_.target, config_file(), with_.domain);
    if (!with_.token.empty())
        l.environment.emplace("NGROK_AUTHTOKEN", with_.token.reveal());
    api_.emplace(local_api(with_.client, l.web_addr), with_.target, scheme_);
    return l;
}

awaitable<result<tunnel_view>> ngrok::look(deadline limit)
{
    auto seen = co_await api_->look(limit);
    co_return seen;
}

void ngrok::clean_up() noexcept { remove_own_file(config_file()); }

} // namespace postern::source
