#include "postern/emulator/time_uuid.hpp"

#include "postern/base/crypto.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace postern::emulator {

time_uuids::time_uuids()
{
    auto random = random_hex(8);
    random[0] = "89ab"[random[0] & 3];     // the variant
    random[5] = "13579bdf"[random[5] & 7]; // the multicast bit: no network card has this address
    tail_ = random.substr(0, 4) + '-' + random.substr(4);
}

std::string time_uuids::next(wall_time now)
{
    using ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
    constexpr std::int64_t gregorian = 0x01B21DD213814000; // 1582-10-15 to 1970-01-01
    const auto since = std::chrono::duration_cast<ticks>(now.time_since_epoch()).count() + gregorian;
    last_ = std::max(static_cast<std::uint64_t>(std::max<std::int64_t>(since, 0)), last_ + 1);

    std::array<char, 32> head{};
    std::snprintf(head.data(), head.size(), "%08x-%04x-1%03x-", static_cast<unsigned>(last_ & 0xffffffffu),
                  static_cast<unsigned>((last_ >> 32) & 0xffffu),
                  static_cast<unsigned>((last_ >> 48) & 0x0fffu));
    return head.data() + tail_;
}

} // namespace postern::emulator
