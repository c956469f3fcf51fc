#pragma once

// The public side: what the service answers by itself, and what it passes on (ST-9 to ST-11).

#include "postern/transport/http_server.hpp"
#include "standin/fault.hpp"
#include "standin/upstream.hpp"
#include "standin/world.hpp"

#include <functional>
#include <memory>

namespace postern::standin {

// Under /_fake/ it takes faults from the test that runs us, whatever the Host: GET /_fake/ tells what there
// is and how things stand, POST /_fake/NAME?key=value strikes at once. Everything else is a visitor's.
class edge_handler final : public transport::http_handler
{
public:
    using strike_fn = std::function<void(fault)>;

    edge_handler(world& w, std::shared_ptr<upstream> behind, strike_fn strike)
        : world_(w), behind_(std::move(behind)), strike_(std::move(strike))
    {
    }

    awaitable<transport::response> answer(transport::request asked) override;

private:
    transport::response control(const transport::request&);
    std::optional<transport::response> refusal(const transport::request&, const tunnel*) const;

    world& world_;
    std::shared_ptr<upstream> behind_;
    strike_fn strike_;
};

} // namespace postern::standin
