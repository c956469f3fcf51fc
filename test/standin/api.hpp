#pragma once

// The local API of the agent (ST-8; protocol/ngrok.md 7).

#include "postern/transport/http_server.hpp"
#include "standin/api_shapes.hpp"
#include "standin/upstream.hpp"
#include "standin/world.hpp"

#include <memory>

namespace postern::standin {

class api_handler final : public transport::http_handler
{
public:
    api_handler(world& w, std::shared_ptr<upstream> behind) : world_(w), behind_(std::move(behind)) {}

    awaitable<transport::response> answer(transport::request asked) override;

private:
    using response = transport::response;
    using request = transport::request;

    awaitable<response> route(request asked);
    response tunnels(const request&);
    response one_tunnel(const request&, const std::string& name);
    response endpoints(const request&);
    response one_endpoint(const request&, const std::string& name);
    awaitable<response> requests(request asked);
    response one_request(const std::string& id);
    response open(const request&, bool as_endpoint, const std::string& name_in_path);
    bool host_allowed(std::string_view host) const;

    world& world_;
    std::shared_ptr<upstream> behind_;
};

} // namespace postern::standin
