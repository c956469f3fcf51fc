#include "postern/admin/health_handler.hpp"

#include "postern/base/json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace postern::admin {
namespace {

enum class question
{
    alive,
    ready
};

std::optional<question> question_of(const transport::request& r)
{
    const auto path = r.path();
    if (path == "/healthz")
        return question::alive;
    if (path == "/ready")
        return question::ready;
    if (path != "/health")
        return std::nullopt;
    const auto asked = transport::parse_query(r.query());
    const bool live =
        std::any_of(asked.begin(), asked.end(), [](const auto& p) { return p.first == "live"; });
    return live ? question::alive : question::ready;
}

transport::response json_response(unsigned status, const json::object& body)
{
    auto answer = transport::make_response(status, json::serialize(body) + '\n', "application/json");
    answer.headers.set("Cache-Control", "no-store");
    return answer;
}

transport::response complaint(unsigned status, std::string_view text)
{
    json::object body;
    body["error"] = text;
    return json_response(status, body);
}

std::optional<transport::response> refusal(const transport::request& r)
{
    if (!question_of(r))
        return complaint(404, "no such path");
    if (r.method == "GET" || r.method == "HEAD")
        return std::nullopt;
    auto answer = complaint(405, "only GET and HEAD");
    answer.headers.set("Allow", "GET, HEAD");
    return answer;
}

json::object described(const std::vector<health::part>& parts)
{
    json::object all;
    for (const auto& part : parts)
    {
        json::object said;
        said["ok"] = part.ok;
        if (!part.why.empty())
            said["why"] = part.why;
        all[part.name] = std::move(said);
    }
    return all;
}

transport::response alive()
{
    json::object body;
    body["status"] = "alive";
    return json_response(200, body);
}

transport::response readiness(const health& of)
{
    const auto parts = of.parts(); // one look: status and reasons belong together
    const bool ready =
        !parts.empty() && std::all_of(parts.begin(), parts.end(), [](const auto& p) { return p.ok; });
    json::object body;
    body["status"] = ready ? "ready" : "not ready";
    body["parts"] = described(parts);
    return json_response(ready ? 200 : 503, body);
}

} // namespace

health_handler::health_handler(std::shared_ptr<const health> of) : health_(std::move(of)) {}

transport::http_handler::admission health_handler::admit(const transport::request& head)
{
    admission answer;
    answer.refusal = refusal(head);
    return answer;
}

awaitable<transport::response> health_handler::answer(transport::request r)
{
    auto refused = refusal(r);
    if (refused)
        co_return std::move(*refused);
    co_return question_of(r) == question::alive ? alive() : readiness(*health_);
}

} // namespace postern::admin
