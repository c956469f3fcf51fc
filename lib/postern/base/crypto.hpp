#pragma once

#include "postern/base/secret.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

// Lower-case hex of the keyed hash; HMAC-SHA1 is what X-Spark-Signature carries (protocol/webex-rest.md 5.5).
std::string hmac_sha1_hex(const secret& key, std::string_view data);
std::string hmac_sha256_hex(const secret& key, std::string_view data);
std::string hmac_sha512_hex(const secret& key, std::string_view data);

// HMAC-SHA1 for a key that is used again and again: what follows from the key alone is computed once, and a
// delivery of 1 KB costs less than half of what hmac_sha1_hex takes for it. Thread-safe.
class hmac_sha1
{
public:
    explicit hmac_sha1(const secret& key);
    hmac_sha1(hmac_sha1&&) noexcept;
    ~hmac_sha1();

    using digest = std::array<unsigned char, 20>;
    digest of(std::string_view data) const;

private:
    class contexts;
    std::unique_ptr<contexts> contexts_;
};

// Thread-safe, and quick: the algorithm is looked up once for the process.
using sha256_digest = std::array<unsigned char, 32>;
sha256_digest sha256(std::string_view data);

// Time depends on the length of the inputs only, never on where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

// `bytes` of the system's generator for secrets, as lower-case hex.
std::string random_hex(std::size_t bytes);

// RFC 4122, version 4.
std::string random_uuid();
bool looks_like_uuid(std::string_view text) noexcept;

// The standard alphabet, padded (RFC 4648 4).
std::string base64(std::string_view bytes);

// The URL-safe alphabet without padding on output; both alphabets, padded or not, on input.
std::string base64url(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

} // namespace postern
