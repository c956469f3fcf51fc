#include "postern/emulator/routes.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

std::string_view take_segment(std::string_view& path)
{
    path.remove_prefix(1); // the slash
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

} // namespace

std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path)
{
    if (path.ends_with('/'))
        path.remove_suffix(1);
    std::vector<std::string> captured;
    while (!pattern.empty() && path.starts_with('/'))
    {
        const auto wanted = take_segment(pattern);
        const auto given = take_segment(path);
        if (wanted == "{id}" && !given.empty())
            captured.push_back(transport::percent_decode(given));
        else if (wanted != given)
            return std::nullopt;
    }
    if (!pattern.empty() || !path.empty())
        return std::nullopt;
    return captured;
}

found_route find_route(std::string_view method, std::string_view path)
{
    found_route best;
    for (const auto& r : routes)
    {
        auto captured = match_path(r.path, path);
        if (!captured)
            continue;
        if (r.method == method)
            return {lookup::found, &r, std::move(*captured)};
        best.verdict = lookup::wrong_method;
    }
    return best;
}

} // namespace postern::emulator
