#include "postern/admin/routes.hpp"

#include <utility>

namespace postern::admin {
namespace {

transport::response nothing_here() { return transport::make_response(404, "no such path\n", "text/plain"); }

awaitable<transport::response> nobody_answers() { co_return nothing_here(); }

} // namespace

router::router(table t) : table_(std::move(t)) {}

transport::http_handler* router::find(std::string_view path) const
{
    auto found = table_.find(path);
    if (const auto slash = path.rfind('/'); found == table_.end() && slash != path.npos && slash != 0)
        found = table_.find(path.substr(0, slash + 1));
    return found == table_.end() ? nullptr : found->second.get();
}

transport::http_handler::admission router::admit(const transport::request& head)
{
    if (auto* handler = find(head.path()))
        return handler->admit(head);
    admission refused;
    refused.refusal = nothing_here();
    return refused;
}

awaitable<transport::response> router::answer(transport::request r)
{
    auto* const handler = find(r.path());
    return handler ? handler->answer(std::move(r)) : nobody_answers();
}

} // namespace postern::admin
