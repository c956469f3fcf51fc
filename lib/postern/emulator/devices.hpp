#pragma once

// Device registrations of the emulated WDM (protocol/mercury.md 3).

#include "postern/base/json.hpp"
#include "postern/base/time.hpp"
#include "postern/emulator/refusal.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator {

struct device
{
    std::string id;           // UUID, the last segment of its URL
    std::string registration; // UUID in the socket's URL: not the device's id
    std::string person;       // UUID
    json::object given;       // what the client registered: name, deviceType, ...
    bool elsewhere = false;   // registered at another region's WDM: its socket works and stays deaf (2.4)
    std::optional<std::chrono::seconds> ttl;
    unsigned version = 1; // of its etag
    wall_time created{};
    wall_time modified{};
};

// All devices of all people. A device whose ttl has passed since it was last refreshed is gone. Not
// thread-safe.
class device_book
{
public:
    // 403 "User has excessive device registrations" beyond the limit.
    granted<const device*> add(const std::string& person, json::object given, bool elsewhere, wall_time now);
    // Merges what is given into the device and begins its ttl anew. 404 if it is gone.
    granted<const device*> refresh(std::string_view id, const json::object& given, wall_time now);
    bool remove(std::string_view id); // false if there is none

    const device* find(std::string_view id, wall_time now) const;
    const device* find_registration(std::string_view registration, wall_time now) const;
    std::vector<const device*> of(std::string_view person, wall_time now) const; // oldest first
    std::vector<const device*> all() const;

    void limit(std::size_t per_person) noexcept { limit_ = per_person; } // default 100
    void forget(std::string_view person);                                // all of that person's

private:
    std::map<std::string, device, std::less<>> devices_; // by id
    std::size_t limit_ = 100;
};

} // namespace postern::emulator
