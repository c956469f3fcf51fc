#pragma once

// What a refusal of any HTTP service means, in our errors.

#include "postern/base/error.hpp"
#include "postern/base/time.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace postern::transport {

// token_rejected (401), not_found (404), api_unavailable (423, 429, 5xx), api_rejected (other 4xx), and
// bad_response for everything that is no refusal: redirects are not followed.
errc errc_of_status(unsigned status) noexcept;

// Retry-After: whole seconds or an HTTP date; empty for anything else. A date in the past is zero, a number
// too large to be meant is cut to a year.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, wall_time now);

} // namespace postern::transport
