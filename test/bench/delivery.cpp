#include "delivery.hpp"

#include "postern/base/ids.hpp"
#include "postern/base/time.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace postern::bench {
namespace {

constexpr std::size_t size = 1024;
constexpr std::uint64_t rooms = 200;

// 2026-02-11T09:00:00Z, in milliseconds since the epoch: a start that is the same every day.
constexpr std::int64_t start = 1'770'800'400'000;

std::string us(std::string type, std::string native)
{
    return format_id({"us", std::move(type), std::move(native)});
}

std::string time_uuid(std::uint64_t n)
{
    const auto time = message_time(n);
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%08x-%04x-1%03x-8bc7-3e5d7f902b46",
                  static_cast<unsigned>(time & 0xffffffffu), static_cast<unsigned>((time >> 32) & 0xffffu),
                  static_cast<unsigned>((time >> 48) & 0x0fffu));
    return text.data();
}

std::string numbered_uuid(std::uint64_t n)
{
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "a9%06x-ff8c-11f0-8b2a-6d4e5f601723",
                  static_cast<unsigned>(n & 0xffffffu));
    return text.data();
}

} // namespace

const std::string& bot()
{
    static const std::string id = us("PEOPLE", "1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10");
    return id;
}

std::uint64_t message_time(std::uint64_t n)
{
    constexpr std::uint64_t gregorian = 0x01B21DD213814000; // 1582-10-15 to 1970-01-01
    return gregorian + static_cast<std::uint64_t>(start) * 10'000 + n * 1'000;
}

std::string message_id(std::uint64_t n) { return us("MESSAGE", time_uuid(n)); }
std::string room_id(std::uint64_t n) { return us("ROOM", numbered_uuid(n % rooms)); }

std::string delivery(std::uint64_t n)
{
    static const std::string ana = us("PEOPLE", "7e2d9a44-0f3b-4c68-8a1d-5b9c6e7f8012");
    static const std::string envelope =
        R"({"id":")" + us("WEBHOOK", "e07b3c9a-18d4-4f62-a5b9-c6d7e8f90a1b") +
        R"(","name":"postern messages","targetUrl":"https://gw.example.net/hooks/webex)" +
        R"(","resource":"messages","event":"created","orgId":")" +
        us("ORGANIZATION", "3c9f2ab1-5e47-4d0c-b6a8-90d1e2f3a4b5") + R"(","createdBy":")" + bot() +
        R"(","ownedBy":"creator","status":"active","created":"2026-02-11T09:00:00.214Z","actorId":")" + ana +
        R"(","data":{"id":")";
    const std::chrono::system_clock::time_point when{
        std::chrono::milliseconds(start + static_cast<std::int64_t>(n / 10))};

    std::string body = envelope + message_id(n) + R"(","roomId":")" + room_id(n) +
                       R"(","roomType":"group","personId":")" + ana + R"(","personEmail":")";
    const std::string rest = R"(@example.com","created":")" + format_time(when) + R"("}})";
    body.append(size - body.size() - rest.size(), 'a'); // ana's name is as long as it takes
    return body += rest;
}

} // namespace postern::bench
