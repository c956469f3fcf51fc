#include "postern/emulator/devices.hpp"

#include "postern/base/crypto.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <tuple>

namespace postern::emulator {
namespace {

constexpr std::size_t most_bytes = 64 * 1024; // of what one device keeps
constexpr std::int64_t longest_ttl =
    std::int64_t{10} * 366 * 86400; // seconds: time arithmetic stays in range

// What the service writes itself. Clients send a device back as they received it (protocol/mercury.md 3.4).
constexpr std::array<std::string_view, 12> of_the_service{
    "url",          "webSocketUrl",     "userId",         "orgId",
    "creationTime", "modificationTime", "deviceSettings", "deviceSettingsString",
    "features",     "services",         "serviceHostMap", "etag"};

bool gone(const device& d, wall_time now) { return d.ttl && now - d.modified >= *d.ttl; }

granted<std::optional<std::chrono::seconds>> ttl_of(const json::object& given)
{
    const auto* member = given.if_contains("ttl");
    if (!member || member->is_null())
        return std::optional<std::chrono::seconds>();
    const auto seconds = get_int(given, "ttl");
    if (!seconds || *seconds <= 0)
        return refused::malformed();
    return std::optional(std::chrono::seconds(std::min(*seconds, longest_ttl)));
}

json::object clients_part(const json::object& given)
{
    json::object kept;
    for (const auto& [key, value] : given)
        if (key != "ttl" && std::find(of_the_service.begin(), of_the_service.end(), std::string_view(key)) ==
                                of_the_service.end())
            kept.insert_or_assign(key, value);
    return kept;
}

bool acceptable(const json::object& device)
{
    return get_text(device, "name") && get_text(device, "deviceType") &&
           json::serialize(device).size() <= most_bytes;
}

} // namespace

granted<const device*> device_book::add(const std::string& person, json::object given, bool elsewhere,
                                        wall_time now)
{
    const auto ttl = ttl_of(given);
    if (!ttl)
        return ttl.error();
    given = clients_part(given);
    if (!given.contains("capabilities"))
        given["capabilities"] = json::object(); // as every answer shows it
    if (!acceptable(given))
        return refused::malformed();
    std::erase_if(devices_, [&](const auto& entry) { return gone(entry.second, now); });
    if (of(person, now).size() >= limit_)
        return refusal{403, "User has excessive device registrations"}; // JS compares the exact text

    device d{random_uuid(), random_uuid(), person, std::move(given), elsewhere, *ttl, 1, now, now};
    auto key = d.id;
    return &devices_.insert_or_assign(std::move(key), std::move(d)).first->second;
}

granted<const device*> device_book::refresh(std::string_view id, const json::object& given, wall_time now)
{
    const auto found = devices_.find(id);
    if (found == devices_.end() || gone(found->second, now))
        return refusal{404, "Device not found"};
    const auto ttl = ttl_of(given);
    if (!ttl)
        return ttl.error();
    auto& d = found->second;
    auto merged = d.given;
    for (const auto& [key, value] : clients_part(given))
        merged.insert_or_assign(key, value);
    if (!acceptable(merged))
        return refused::malformed();
    if (merged != d.given)
    {
        d.given = std::move(merged);
        d.version += 1;
    }
    if (*ttl)
        d.ttl = *ttl;
    d.modified = now;
    return &d;
}

bool device_book::remove(std::string_view id)
{
    const auto found = devices_.find(id);
    if (found == devices_.end())
        return false;
    devices_.erase(found);
    return true;
}

const device* device_book::find(std::string_view id, wall_time now) const
{
    const auto found = devices_.find(id);
    return found == devices_.end() || gone(found->second, now) ? nullptr : &found->second;
}

const device* device_book::find_registration(std::string_view registration, wall_time now) const
{
    for (const auto& [id, d] : devices_)
        if (d.registration == registration)
            return gone(d, now) ? nullptr : &d;
    return nullptr;
}

std::vector<const device*> device_book::of(std::string_view person, wall_time now) const
{
    std::vector<const device*> found;
    for (const auto& [id, d] : devices_)
        if (d.person == person && !gone(d, now))
            found.push_back(&d);
    std::sort(found.begin(), found.end(), [](const device* a, const device* b) {
        return std::tie(a->created, a->id) < std::tie(b->created, b->id);
    });
    return found;
}

std::vector<const device*> device_book::all() const
{
    std::vector<const device*> found;
    for (const auto& [id, d] : devices_)
        found.push_back(&d);
    return found;
}

void device_book::forget(std::string_view person)
{
    std::erase_if(devices_, [&](const auto& entry) { return entry.second.person == person; });
}

} // namespace postern::emulator
