#pragma once

#include "postern/base/within.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/transport/refused_handshake.hpp"
#include "support/scripted_websocket.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace postern::test {

// A peer without logic: answers from a script in order, remembers what was asked. For tests with one thread.
// What is asked beyond the script is answered bad_input, and used_up() turns false. open_websocket() takes
// the next line too: answer_websocket() opens it, answer(401) and the like refuse the handshake as the real
// client would say it, fail() and hang() do what they say.
class scripted_http_client final : public transport::http_client
{
public:
    struct asked
    {
        std::string method; // "WEBSOCKET" for open_websocket()
        std::string url;
        transport::header_fields headers;
        std::string body; // a streamed one is read to its end
        std::optional<std::size_t> response_limit;
    };

    scripted_http_client& answer(unsigned status, std::string body = {},
                                 transport::header_fields headers = {})
    {
        if (!headers.has("Content-Type") && !body.empty())
            headers.add("Content-Type", "application/json;charset=UTF-8");
        line next;
        next.says.status = status;
        next.says.headers = std::move(headers);
        next.says.body = std::move(body);
        script_.push_back(std::move(next));
        return *this;
    }

    scripted_http_client& answer_websocket(std::shared_ptr<scripted_websocket> far)
    {
        line next;
        next.opens = std::move(far);
        script_.push_back(std::move(next));
        return *this;
    }

    scripted_http_client& fail(errc code, bool maybe_sent)
    {
        line next;
        next.failure = error(code, "asking a scripted peer");
        next.failure.maybe_sent = maybe_sent;
        script_.push_back(std::move(next));
        return *this;
    }

    // Takes the request and says nothing until the deadline passes or the caller is cancelled.
    scripted_http_client& hang()
    {
        line next;
        next.hangs = true;
        script_.push_back(std::move(next));
        return *this;
    }

    const std::vector<asked>& requests() const { return requests_; }
    bool used_up() const { return script_.empty() && surplus_ == 0; }

    awaitable<result<transport::response>> send(transport::url where, transport::request what,
                                                deadline limit) override
    {
        asked seen{what.method, where.origin() + what.target, what.headers, what.body, what.response_limit};
        while (what.streamed_body)
        {
            auto piece = co_await what.streamed_body->next();
            if (!piece)
                co_return piece.error();
            if (piece->empty())
                break;
            seen.body += *piece;
        }
        auto next = co_await next_line(std::move(seen), limit);
        if (next.failure.code)
            co_return next.failure;
        if (next.opens)
        {
            ++surplus_;
            co_return error(errc::bad_input, "asking a scripted peer").because("the script has a websocket");
        }
        co_return std::move(next.says);
    }

    awaitable<result<transport::websocket_ptr>> open_websocket(transport::url where,
                                                               transport::header_fields headers,
                                                               transport::websocket_options,
                                                               deadline limit) override
    {
        asked seen{"WEBSOCKET", where.str(), std::move(headers), {}, {}};
        auto next = co_await next_line(std::move(seen), limit);
        if (next.failure.code)
            co_return next.failure;
        if (!next.opens)
            co_return transport::refused_handshake(next.says, "opening a scripted websocket",
                                                   std::chrono::system_clock::now());
        auto here = co_await net::this_coro::executor;
        co_return next.opens->open(std::move(here));
    }

    void close_idle() override {}

private:
    struct line
    {
        transport::response says;
        error failure;
        std::shared_ptr<scripted_websocket> opens;
        bool hangs = false;
    };

    // What the script says to that; how long it hangs is over when it is returned.
    awaitable<line> next_line(asked seen, deadline limit)
    {
        requests_.push_back(std::move(seen));
        line next;
        if (script_.empty())
        {
            ++surplus_;
            next.failure = error(errc::bad_input, "asking a scripted peer").because("the script has ended");
            co_return next;
        }
        next = std::move(script_.front());
        script_.pop_front();
        if (next.hangs)
        {
            net::steady_timer timer(co_await net::this_coro::executor, limit.at());
            const auto [aborted] = co_await timer.async_wait(as_result);
            next.failure = error(aborted ? errc::stopped : errc::timed_out, "asking a scripted peer");
            next.failure.maybe_sent = true;
        }
        co_return next;
    }

    std::deque<line> script_;
    std::vector<asked> requests_;
    unsigned surplus_ = 0;
};

} // namespace postern::test
