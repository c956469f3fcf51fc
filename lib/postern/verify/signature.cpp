#include "postern/verify/signature.hpp"

#include "postern/base/crypto.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace postern::verify {
namespace {

constexpr std::size_t sha1_hex_digits = 40;

char lower(char c) noexcept { return c >= 'A' && c <= 'F' ? static_cast<char>(c + ('a' - 'A')) : c; }

} // namespace

bool signature_matches(std::string_view body, std::string_view hex, const secret& key)
{
    if (hex.size() != sha1_hex_digits) // a length is no secret, and a huge header is not worth a copy
        return false;
    std::string given(hex);
    std::transform(given.begin(), given.end(), given.begin(), lower);
    return equal_in_constant_time(given, hmac_sha1_hex(key, body));
}

} // namespace postern::verify
