#pragma once

#include "postern/base/log.hpp"
#include "postern/bot/no_code/reply_book.hpp"
#include "postern/transport/http_server.hpp"

#include <chrono>
#include <cstddef>
#include <memory>

namespace postern::no_code {

// Takes later replies: POST /reply/ID with a body as read_spoken() has it.
//
//   200 {"said": true} · 400 not understood; the URL stays open · 404 never opened · 405 another method
//   410 used, expired or closed · 413 too long · 429 too many at once · 502 Webex did not take it; the URL
//   stays open
//
// Logs name an id by its first six digits. Thread-safe.
class reply_handler final : public transport::http_handler
{
public:
    struct limits
    {
        std::size_t body = 1024 * 1024;
        std::chrono::milliseconds time{40'000}; // for the reply to go out
    };

    reply_handler(std::shared_ptr<reply_book>, limits, log);

    admission admit(const transport::request& head) override;
    awaitable<transport::response> answer(transport::request) override;

private:
    const std::shared_ptr<reply_book> book_;
    const limits limits_;
    const log log_;
};

} // namespace postern::no_code
