#include "postern/base/ids.hpp"

#include "postern/base/crypto.hpp"

namespace postern {

namespace {
constexpr std::string_view scheme = "ciscospark://";
}

std::string format_id(const public_id& id)
{
    return base64url(std::string(scheme) + id.cluster + '/' + id.type + '/' + id.native);
}

std::optional<public_id> parse_id(std::string_view id)
{
    const auto decoded = from_base64(id);
    if (!decoded || !decoded->starts_with(scheme))
        return std::nullopt;

    // <cluster>/<TYPE>/<native>: only CONTENT has a further slash, inside the native part.
    const std::string_view rest = std::string_view(*decoded).substr(scheme.size());
    const auto first = rest.find('/');
    const auto second = first == rest.npos ? rest.npos : rest.find('/', first + 1);
    if (second == rest.npos)
        return std::nullopt;
    public_id parts{std::string(rest.substr(0, first)),
                    std::string(rest.substr(first + 1, second - first - 1)),
                    std::string(rest.substr(second + 1))};
    if (parts.cluster.empty() || parts.type.empty() || parts.native.empty())
        return std::nullopt;
    return parts;
}

std::string uuid_of(std::string_view id)
{
    const auto parts = parse_id(id);
    if (!parts)
        return std::string(id);
    return parts->native.substr(0, parts->native.find_first_of(":/"));
}

std::optional<membership_parts> parse_membership(const public_id& id)
{
    const auto colon = id.native.find(':');
    if (id.type != "MEMBERSHIP" || colon == id.native.npos)
        return std::nullopt;
    return membership_parts{id.native.substr(0, colon), id.native.substr(colon + 1)};
}

} // namespace postern
