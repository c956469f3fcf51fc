#pragma once

#include "postern/emulator/emulator.hpp"

#include "postern/transport/http_client.hpp"
#include "support/run.hpp"

#include <boost/json/parse.hpp>

namespace postern::emulator::test {

// Takes the deliveries, and says what it got.
class inbox final : public transport::http_handler
{
public:
    awaitable<transport::response> answer(transport::request r) override
    {
        got.push_back(std::move(r));
        co_return transport::make_response(204, {}, {});
    }
    std::vector<transport::request> got;
};

// One emulator, a target for its webhooks and a client.
struct stage
{
    explicit stage(net::io_context& io) : ex(io.get_executor())
    {
        box = std::make_shared<inbox>();
        target = transport::http_server::bind(ex, {}, box, quiet_log()).value();
        target->start();
        client = transport::make_http_client(ex, {}, quiet_log()).value();
    }
    void start(emulator_options options = {})
    {
        cloud = postern::emulator::emulator::start(ex, std::move(options), quiet_log()).value();
    }

    awaitable<transport::response> ask(std::string as, std::string method, std::string url,
                                       std::string body = {}, std::string type = "application/json")
    {
        transport::request r;
        r.method = std::move(method);
        r.body = std::move(body);
        r.headers.add("Content-Type", std::move(type));
        if (!as.empty())
            r.headers.add("Authorization", "Bearer " + cloud->token(as));
        auto where = transport::parse_url(url).value();
        r.target = where.target;
        auto answer =
            co_await client->send(std::move(where), std::move(r), deadline::after(std::chrono::seconds(4)));
        if (!answer)
        {
            transport::response none;
            none.status = 0;
            none.body = describe(answer.error());
            co_return none;
        }
        co_return std::move(*answer);
    }
    awaitable<void> close()
    {
        co_await cloud->stop();
        client->close_idle();
        co_await target->stop(std::chrono::seconds(1));
    }

    net::any_io_executor ex;
    std::shared_ptr<inbox> box;
    std::unique_ptr<transport::http_server> target;
    std::shared_ptr<transport::http_client> client;
    std::unique_ptr<postern::emulator::emulator> cloud;
};

inline std::string text_of(const transport::response& r, std::string_view key)
{
    return text_or(json::parse(r.body).as_object(), key);
}

inline std::string first_id(const transport::response& r)
{
    return text_or(json::parse(r.body).at("items").at(0).as_object(), "id");
}

} // namespace postern::emulator::test
