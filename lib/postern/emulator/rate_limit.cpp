#include "postern/emulator/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace postern::emulator {

std::optional<unsigned> rate_limit::exceeded(std::string_view caller, std::string_view path, time_point now)
{
    const auto rate = settings_.requests_per_second;
    if (rate <= 0 || !path.starts_with(settings_.path))
        return std::nullopt;
    const auto most = std::max(1.0, settings_.burst);
    auto& b = buckets_.try_emplace(std::string(caller), bucket{most, now}).first->second;
    b.left = std::min(most, b.left + rate * std::chrono::duration<double>(now - b.at).count());
    b.at = now;
    if (b.left >= 1)
    {
        b.left -= 1;
        return std::nullopt;
    }
    return static_cast<unsigned>(std::clamp(std::ceil((1 - b.left) / rate), 1.0, 86400.0));
}

} // namespace postern::emulator
