#pragma once

#include "postern/transport/http_server.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace postern::admin {

// Several handlers behind one listener: the webhook receiver and the health page, for example. Paths are
// compared exactly, as they stand on the wire up to '?'. A path of the table that ends with '/' also has all
// that is one level below it: "/reply/" has "/reply/4711". Any other path is answered 404. The table is
// complete before the server starts and never changes, so the router is thread-safe.
class router final : public transport::http_handler
{
public:
    using table = std::map<std::string, std::shared_ptr<transport::http_handler>, std::less<>>;

    explicit router(table);

    // The routed handler's own decision; a path nobody serves is refused before its body is read.
    admission admit(const transport::request& head) override;
    awaitable<transport::response> answer(transport::request) override;

private:
    transport::http_handler* find(std::string_view path) const;

    const table table_;
};

} // namespace postern::admin
