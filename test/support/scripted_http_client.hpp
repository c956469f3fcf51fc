#pragma once

#include "postern/base/within.hpp"
#include "postern/transport/http_client.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace postern::test {

// A peer without logic: answers from a script in order, remembers what was asked. For tests with one thread.
// What is asked beyond the script is answered bad_input, and used_up() turns false.
class scripted_http_client final : public transport::http_client
{
public:
    struct asked
    {
        std::string method;
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
        requests_.push_back(std::move(seen));

        if (script_.empty())
        {
            ++surplus_;
            co_return error(errc::bad_input, "asking a scripted peer").because("the script has ended");
        }
        auto next = std::move(script_.front());
        script_.pop_front();
        if (next.hangs)
        {
            net::steady_timer timer(co_await net::this_coro::executor, limit.at());
            const auto [aborted] = co_await timer.async_wait(as_result);
            error silence(aborted ? errc::stopped : errc::timed_out, "asking a scripted peer");
            silence.maybe_sent = true;
            co_return silence;
        }
        if (next.failure.code)
            co_return next.failure;
        co_return std::move(next.says);
    }

    void close_idle() override {}

private:
    struct line
    {
        transport::response says;
        error failure;
        bool hangs = false;
    };

    std::deque<line> script_;
    std::vector<asked> requests_;
    unsigned surplus_ = 0;
};

} // namespace postern::test
