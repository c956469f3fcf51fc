#pragma once

#include "postern/admin/health.hpp"
#include "postern/transport/http_server.hpp"

#include <array>
#include <memory>
#include <string_view>

namespace postern::admin {

// Answers GET and HEAD with JSON; other methods with 405, other paths with 404.
//
//   /healthz, /health?live   is the process alive: always 200
//   /ready, /health          can it do its work: 200, or 503 with the reasons
//
//   {"status":"not ready","parts":{"journal":{"ok":true},"webhooks":{"ok":false,"why":"no tunnel yet"}}}
//
// Thread-safe.
class health_handler final : public transport::http_handler
{
public:
    static constexpr std::array<std::string_view, 3> paths{"/health", "/healthz", "/ready"};

    explicit health_handler(std::shared_ptr<const health>);

    admission admit(const transport::request& head) override;
    awaitable<transport::response> answer(transport::request) override;

private:
    std::shared_ptr<const health> health_;
};

} // namespace postern::admin
