#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace postern::journal::sqlite {

// What makes an event unique in the file: when it was said, as far as its key tells, and a hash of bot and
// key. Time comes first so that neighbours in time are neighbours in the index: a row costs the same however
// many there are. Nothing but bot and key goes into it, so the same event always has the same digest.
using event_digest = std::array<unsigned char, 20>; // 8 bytes of key_time, big endian; 12 of SHA-256

event_digest digest_of(std::string_view bot, std::string_view key);

// The 60-bit time of the version-1 UUID in the public id that is the third part of the key (messages, card
// actions: their ids are made of such); 0 where there is none. 100 ns since 1582 (RFC 4122 4.1.4).
std::uint64_t key_time(std::string_view key);

} // namespace postern::journal::sqlite
