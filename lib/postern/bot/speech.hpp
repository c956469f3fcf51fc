#pragma once

#include "postern/base/values_port.hpp"
#include "postern/bot/ask/questions.hpp"
#include "postern/bot/say/file_fetcher.hpp"
#include "postern/bot/say/outbox.hpp"

#include <chrono>
#include <cstddef>
#include <memory>

namespace postern::matching {

// What all conversations of one bot share to speak and to remember. Thread-safe as its parts are; set up
// before the first conversation.
struct speech
{
    outbox turns;
    const std::shared_ptr<questions> asked = std::make_shared<questions>();
    values_port* values = nullptr;          // none: nothing is remembered
    std::shared_ptr<file_fetcher> web;      // null: files are not sent by URL
    std::size_t longest_reply = 256 * 1024; // bytes of one reply, in however many messages; more is refused
    std::chrono::milliseconds between_edits{
        1000}; // of a progress message, the first time; then twice as long
};

} // namespace postern::matching
