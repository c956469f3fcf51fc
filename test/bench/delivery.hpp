#pragma once

#include <cstdint>
#include <string>

namespace postern::bench {

// Whom the deliveries are for: the person id of a bot.
const std::string& bot();

// What they are signed with.
inline constexpr const char* key = "not a secret: the key of a measurement";

// The public ids of the n-th message and of its room. The native part of a message's is a version-1 UUID, one
// tenth of a millisecond after that of the message before it, as the cloud makes them (protocol/webex-rest.md
// 3.2): a journal may count on it.
std::string message_id(std::uint64_t n);
std::uint64_t message_time(std::uint64_t n); // of that UUID: 100 ns since 1582
std::string room_id(std::uint64_t n);

// The n-th delivery of messages:created, as protocol/webex-rest.md 5.1 shows one: 1,024 bytes.
std::string delivery(std::uint64_t n);

} // namespace postern::bench
