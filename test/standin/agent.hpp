#pragma once

// One life of the agent, from its first line to its exit code.

#include "postern/base/task_scope.hpp"
#include "postern/transport/http_server.hpp"
#include "standin/mischief.hpp"
#include "standin/plan.hpp"
#include "standin/session.hpp"
#include "standin/upstream.hpp"
#include "standin/world.hpp"

#include <boost/asio/signal_set.hpp>

#include <memory>
#include <optional>

namespace postern::standin {

class agent
{
public:
    agent(world&, plan);

    // Returns when everything of it has ended.
    awaitable<int> run();

private:
    awaitable<void> start();
    void record_configuration();
    bool open_public_side();
    bool open_api();
    bool listen(const std::string& address, std::string& failure);
    bool fall_back(std::string& failure);
    bool open_endpoints();
    awaitable<void> login();
    awaitable<bool> reached(stage);

    awaitable<void> hear_signals();
    awaitable<void> watch_stdin();
    void switch_api(api_mode);
    awaitable<void> close_api();
    void end(int code);
    void stop();

    world& world_;
    plan plan_;
    task_scope tasks_;
    session session_;
    mischief mischief_;
    std::shared_ptr<upstream> upstream_;
    std::unique_ptr<transport::http_server> public_side_;
    std::unique_ptr<transport::http_server> api_;
    net::signal_set signals_;
    net::steady_timer ended_; // cancelled when code_ is set
    std::optional<int> code_;
    bool graceful_ = false;
};

} // namespace postern::standin
