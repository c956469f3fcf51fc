#include "standin/test/behind.hpp"

#include "postern/base/deadline.hpp"

#include <boost/asio/co_spawn.hpp>

namespace postern::test {
namespace {

awaitable<void> echo(std::shared_ptr<transport::websocket> peer)
{
    for (;;)
    {
        auto got = co_await peer->read(deadline::after(std::chrono::seconds(10)));
        if (std::holds_alternative<transport::ws_end>(got))
            co_return;
        auto message = std::get<transport::ws_message>(std::move(got));
        co_await peer->write(std::move(message), deadline::after(std::chrono::seconds(1)));
    }
}

} // namespace

struct behind::handler final : transport::http_handler
{
    awaitable<transport::response> answer(transport::request r) override
    {
        auto reply = transport::make_response(200, r.body, "application/octet-stream");
        reply.headers.add("X-Behind", "yes");
        if (transport::wants_websocket(r))
        {
            reply.status = 101;
            reply.upgraded = [](std::unique_ptr<transport::websocket> peer) { return echo(std::move(peer)); };
        }
        const std::lock_guard lock(mutex);
        asked.push_back(std::move(r));
        co_return reply;
    }

    mutable std::mutex mutex;
    std::vector<transport::request> asked;
};

behind::behind() : handler_(std::make_shared<handler>())
{
    transport::http_server_options options;
    options.body_limit = 8 * 1024 * 1024;
    server_ = transport::http_server::bind(io_.get_executor(), options, handler_, quiet_log()).value();
    server_->start();
    thread_ = std::thread([this] { io_.run(); });
}

behind::~behind()
{
    net::co_spawn(
        io_, [this] { return server_->stop(std::chrono::milliseconds(0)); }, [](std::exception_ptr) {});
    thread_.join();
}

std::string behind::url() const { return "http://" + server_->address(); }

std::vector<transport::request> behind::asked() const
{
    const std::lock_guard lock(handler_->mutex);
    return handler_->asked;
}

} // namespace postern::test
