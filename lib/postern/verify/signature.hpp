#pragma once

#include "postern/base/crypto.hpp"
#include "postern/base/secret.hpp"

#include <string_view>

namespace postern::verify {

// Is `hex` the X-Spark-Signature of these bytes under that key: HMAC-SHA1 over the body as it arrived, before
// any parsing or charset conversion (protocol/webex-rest.md 5.5)? Hex digits of either case are accepted;
// anything that is not 40 of them is no match. The time taken does not depend on where the two differ.
// Thread-safe.
bool signature_matches(std::string_view body, std::string_view hex, const secret& key);
// The same, for a key that is asked about with every delivery.
bool signature_matches(std::string_view body, std::string_view hex, const hmac_sha1& key);

} // namespace postern::verify
