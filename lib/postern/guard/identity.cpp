#include "postern/guard/identity.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/ids.hpp"

#include <functional>

namespace postern::guard {

std::string identity_of(std::string_view id)
{
    auto uuid = uuid_of(id);
    if (looks_like_uuid(uuid))
        for (auto& c : uuid)
            if (c >= 'A' && c <= 'F')
                c = static_cast<char>(c - 'A' + 'a');
    return uuid;
}

std::uint64_t mark_of(std::string_view id) { return std::hash<std::string>()(identity_of(id)); }

} // namespace postern::guard
