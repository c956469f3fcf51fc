#include "postern/verify/signature.hpp"

#include <cstddef>
#include <optional>

namespace postern::verify {
namespace {

// -1: no hex digit.
int value_of(char digit) noexcept
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

std::optional<hmac_sha1::digest> from_hex(std::string_view hex) noexcept
{
    hmac_sha1::digest bytes;
    if (hex.size() != 2 * bytes.size())
        return std::nullopt;
    for (std::size_t i = 0; i < bytes.size(); ++i)
    {
        const int high = value_of(hex[2 * i]);
        const int low = value_of(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes[i] = static_cast<unsigned char>(high << 4 | low);
    }
    return bytes;
}

std::string_view text_of(const hmac_sha1::digest& bytes) noexcept
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

bool signature_matches(std::string_view body, std::string_view hex, const secret& key)
{
    return signature_matches(body, hex, hmac_sha1(key));
}

bool signature_matches(std::string_view body, std::string_view hex, const hmac_sha1& key)
{
    const auto given = from_hex(hex); // what a stranger sends is no secret
    return given && equal_in_constant_time(text_of(*given), text_of(key.of(body)));
}

} // namespace postern::verify
