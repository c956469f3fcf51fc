#include "standin/agent.hpp"

#include "postern/base/within.hpp"
#include "standin/api.hpp"
#include "standin/edge.hpp"
#include "standin/opening.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace postern::standin {
namespace {

constexpr std::size_t megabyte = 1024 * 1024;

void report(std::exception_ptr failure)
{
    try
    {
        std::rethrow_exception(failure);
    }
    catch (const std::exception& e)
    {
        std::fprintf(stderr, "stand-in for ngrok: %s\n", e.what());
    }
}

std::shared_ptr<upstream> make_upstream(world& w)
{
    transport::http_client_options options;
    options.insecure = true;   // as the agent: an upstream's certificate is nobody's business
    options.idle_per_host = 0; // a fresh connection each time: none can die under a request
    options.connections_per_host = 256;
    options.connect_timeout = std::chrono::seconds(3);
    options.header_limit = megabyte;
    auto client = transport::make_http_client(w.io.get_executor(), options, quiet_log());
    return std::make_shared<upstream>(w, client.value());
}

} // namespace

agent::agent(world& w, plan p)
    : world_(w), plan_(std::move(p)), tasks_(report), session_(w),
      mischief_(w, session_, tasks_,
                {[this](int code) { end(code); }, [this] { stop(); }, [this](api_mode m) { switch_api(m); }}),
      upstream_(make_upstream(w)), signals_(w.io, SIGTERM, SIGINT),
      ended_(w.io, net::steady_timer::time_point::max())
{
}

awaitable<int> agent::run()
{
    const auto executor = world_.io.get_executor();
    tasks_.spawn(executor, [this] { return hear_signals(); });
    if (world_.env.stdin_ends_it)
        tasks_.spawn(executor, [this] { return watch_stdin(); });
    tasks_.spawn(executor, [this] { return start(); });
    while (!code_)
        co_await ended_.async_wait(as_result);

    if (graceful_)
        world_.out.info("received stop request", {{"obj", "app"}, {"stopReq", json::object()}});
    world_.service.leave();
    co_await wind_down(tasks_, std::chrono::milliseconds(0));
    co_await close_api();
    if (public_side_)
        co_await public_side_->stop(std::chrono::milliseconds(0));
    if (graceful_)
        world_.out.info("session closing", {{"obj", "tunnels.session"}, {"err", "<nil>"}});
    co_return *code_;
}

void agent::end(int code)
{
    if (!code_)
        code_ = code;
    ended_.cancel();
}

void agent::stop()
{
    graceful_ = !code_;
    end(world_.env.exit_code);
}

// --- the start (protocol/ngrok.md 4.5)
// ----------------------------------------------------------------------

awaitable<void> agent::start()
{
    if (!open_public_side())
    {
        end(1);
        co_return;
    }
    bool further = co_await reached(stage::begin);
    if (!further)
        co_return;
    record_configuration();
    further = co_await reached(stage::config);
    if (!further)
        co_return;
    if (world_.version().start_sequence() == 4 && !world_.out.has("sparse"))
        world_.out.info("FIPS 140 mode", {{"enabled", false}});
    if (!open_api())
    {
        end(1);
        co_return;
    }
    write_state(world_);
    further = co_await reached(stage::web);
    if (further)
        co_await login();
}

awaitable<void> agent::login()
{
    const auto refused = co_await session_.login();
    if (refused)
    {
        record_refusal(world_, *refused);
        end(1);
        co_return;
    }
    bool further = world_.connected; // or it was stopped while it tried
    if (further)
        further = co_await reached(stage::session);
    if (!further || !open_endpoints())
        co_return;
    further = co_await reached(stage::tunnel);
    if (further && world_.version().major >= 3 && plan_.update_check && !world_.out.has("sparse"))
        world_.out.info("update available", {{"obj", "updater"}});
}

awaitable<bool> agent::reached(stage now)
{
    bool further = co_await mischief_.at(now);
    if (further && world_.env.line_delay.count() > 0)
        further = co_await pause_for(world_.env.line_delay);
    co_return further && !code_;
}

bool agent::open_endpoints()
{
    if (world_.out.has("docs"))
        world_.out.error("failed to check for update",
                         {{"obj", "updater"},
                          {"err", "see https://ngrok.com/docs/errors/err_ngrok_8000 and "
                                  "https://dashboard.ngrok.com/get-started"},
                          {"url", "https://ngrok.com/docs/errors/err_ngrok_8000"}});
    for (const auto& spec : plan_.endpoints)
        if (const auto done = open_tunnels(world_, spec); done.refused)
        {
            record_refusal(world_, *done.refused);
            end(1);
            return false;
        }
    return true;
}

void agent::record_configuration()
{
    if (plan_.default_config)
        world_.out.early("no configuration paths supplied");
    if (plan_.default_config && !plan_.config_files.empty())
        world_.out.early("using configuration at default config path",
                         {{"path", plan_.config_files.front()}});
    for (const auto& path : plan_.config_files)
        world_.out.early("open config file", {{"path", path}, {"err", nullptr}});
    for (const auto& flag : plan_.deprecated)
        world_.out.info("command usage", {{"msg", "Flag --" + flag + " has been deprecated"}});
}

bool agent::open_public_side()
{
    transport::http_server_options options;
    options.listen = "127.0.0.1:" + std::to_string(world_.env.public_port);
    options.header_limit = megabyte;
    options.body_limit = 256 * megabyte;
    options.accept_chunked = true;
    options.read_timeout = options.idle_timeout = std::chrono::minutes(5);
    options.handler_timeout = std::chrono::minutes(11);
    options.write_timeout = std::chrono::minutes(5);
    auto handler = std::make_shared<edge_handler>(world_, upstream_,
                                                  [this](fault f) { mischief_.strike(std::move(f)); });
    auto bound = transport::http_server::bind(world_.io.get_executor(), options, handler, quiet_log());
    if (bound.has_error())
    {
        std::fprintf(stderr, "stand-in for ngrok: %s\n", describe(bound.error()).c_str());
        return false;
    }
    public_side_ = std::move(*bound);
    public_side_->start();
    world_.public_origin = "http://" + public_side_->address();
    return true;
}

// --- the local API
// ------------------------------------------------------------------------------------------

bool agent::listen(const std::string& address, std::string& failure)
{
    transport::http_server_options options;
    options.listen = address;
    options.body_limit = megabyte;
    options.accept_chunked = true;
    options.handler_timeout = std::chrono::hours(1); // a silent API is silent for long
    auto handler = std::make_shared<api_handler>(world_, upstream_);
    auto bound = transport::http_server::bind(world_.io.get_executor(), options, handler, quiet_log());
    if (bound.has_error())
    {
        const bool taken = bound.error().is(errc::address_in_use);
        failure = "listen tcp " + address +
                  (taken ? ": bind: address already in use" : ": bind: cannot assign requested address");
        return false;
    }
    api_ = std::move(*bound);
    api_->start();
    world_.api_address = api_->address();
    return true;
}

bool agent::fall_back(std::string& failure)
{
    const int first = world_.env.web_port;
    const auto address = [](int port) { return "127.0.0.1:" + std::to_string(port); };
    if (listen(address(first), failure))
        return true;
    world_.out.write(level::warn, "can't bind default web address, trying alternatives",
                     {{"obj", "web"}, {"addr", address(first)}});
    for (int port = first + 1; port <= first + 10; ++port)
        if (listen(address(port), failure))
            return true;
    return false;
}

bool agent::open_api()
{
    if (plan_.web_disabled)
        return true;
    std::string failure;
    const bool there = plan_.web_addr ? listen(*plan_.web_addr, failure) : fall_back(failure);
    if (!there)
    {
        record_failure(world_, failure);
        return false;
    }
    const auto announce = [&](const std::string& address) {
        record_fields fields{{"obj", "web"}, {"addr", address}};
        if (world_.version() >= agent_version{3, 1, 1})
            fields.emplace_back("allow_hosts", json::array());
        world_.out.info("starting web service", std::move(fields));
    };
    if (!world_.wrong_address.empty())
        announce(world_.wrong_address);
    announce(world_.api_address);
    return true;
}

void agent::switch_api(api_mode mode)
{
    const auto before = world_.api;
    world_.api = mode;
    if (mode == api_mode::closed)
        tasks_.spawn(world_.io.get_executor(), [this] { return close_api(); });
    else if (before == api_mode::closed && !api_)
    {
        std::string failure;
        listen(world_.api_address, failure);
    }
}

awaitable<void> agent::close_api()
{
    auto closing = std::move(api_);
    if (closing)
        co_await closing->stop(std::chrono::milliseconds(0));
}

// --- the end
// ------------------------------------------------------------------------------------------------

awaitable<void> agent::hear_signals()
{
    for (;;)
    {
        const auto [failed, number] = co_await signals_.async_wait(as_result);
        if (failed)
            co_return;
        if (world_.env.ignore_stop)
            continue;
        if (world_.env.stop_delay.count() > 0)
            co_await pause_for(world_.env.stop_delay);
        stop();
        co_return;
    }
}

awaitable<void> agent::watch_stdin()
{
    net::posix::stream_descriptor in(world_.io, ::dup(STDIN_FILENO));
    std::array<char, 256> ignored{};
    for (;;)
    {
        const auto [failed, size] = co_await in.async_read_some(net::buffer(ignored), as_result);
        if (failed == net::error::operation_aborted)
            co_return;
        if (failed) // its end, or nothing that could be waited for, such as /dev/null
            break;
    }
    stop();
}

} // namespace postern::standin
