#pragma once

#include "postern/base/stages.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace postern::journal {

// What one event tells about its room: history_port::rooms() is the sum of them.
struct room_news
{
    // Set for messages:created: the room is known, and this is when the message was said.
    std::optional<std::chrono::system_clock::time_point> said;

    // Set when the bot itself came in (true) or left (false), with its membership's id.
    std::optional<bool> member;
    std::string membership;
};

// Empty if it tells nothing: it is about somebody else, or has no room.
std::optional<room_news> news_of(const event&);

void take_in(room_position&, const room_news&);

} // namespace postern::journal
