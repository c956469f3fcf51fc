#include "postern/emulator/request_counters.hpp"

#include "postern/emulator/routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace postern::emulator {
namespace {

bool asks_with(const transport::query_params& query, std::string_view key)
{
    return std::any_of(query.begin(), query.end(),
                       [&](const auto& p) { return p.first == key && !p.second.empty(); });
}

} // namespace

void request_counters::note(const transport::request& r, std::string_view who, unsigned status)
{
    const auto way = find_route(r.method, r.path());
    const auto query = transport::parse_query(r.query());
    std::string path(way.to ? way.to->path : "other");
    if (path == "/v1/memberships" && asks_with(query, "roomId"))
        path += "?roomId";

    auto& c = of_[{std::string(who), way.to ? r.method : std::string(), path}];
    ++c.requests;
    ++c.statuses[status];
    const bool lists = way.to && r.method == "GET" && way.captured.empty();
    if (lists && status == 200 && !asks_with(query, "cursor") && !asks_with(query, "beforeMessage"))
        ++c.walks;
}

void request_counters::clear()
{
    of_.clear();
    too_many_ = 0;
}

json::object request_counters::dump() const
{
    json::array items;
    for (const auto& [what, c] : of_)
    {
        json::object statuses;
        for (const auto& [status, count] : c.statuses)
            statuses[std::to_string(status)] = count;
        json::object o;
        const auto& [who, method, path] = what;
        o["who"] = who;
        o["method"] = method;
        o["path"] = path;
        o["requests"] = c.requests;
        o["walks"] = c.walks;
        o["statuses"] = std::move(statuses);
        items.push_back(std::move(o));
    }
    json::object all;
    all["items"] = std::move(items);
    all["tooMany"] = too_many_;
    return all;
}

} // namespace postern::emulator
