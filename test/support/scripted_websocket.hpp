#pragma once

#include "postern/base/async.hpp"
#include "postern/transport/websocket.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern::test {

// The far end of a websocket, played by the test. Hand it to scripted_http_client::answer_websocket(), then
// say things and wait for what our side says:
//
//     auto cloud = std::make_shared<scripted_websocket>();
//     client.answer_websocket(cloud);
//     cloud->says(R"({"type":"pong"})").ends(4401, "bad token");
//     const auto first = co_await cloud->heard(deadline::after(1s)); // what our side wrote first
//     const bool gone = co_await cloud->over(deadline::after(1s));   // our side has let go of it
//
// What is said before the websocket is opened, or while nobody reads, waits for its reader. For tests with
// one thread; one object is one connection.
class scripted_websocket : public std::enable_shared_from_this<scripted_websocket>
{
public:
    // --- what the far end does; in this order it is read
    // ----------------------------------------------------

    scripted_websocket& says(std::string text) { return says(transport::ws_message{std::move(text), false}); }
    scripted_websocket& says_binary(std::string bytes)
    {
        return says(transport::ws_message{std::move(bytes), true});
    }
    scripted_websocket& says(transport::ws_message what)
    {
        incoming_.push_back(std::move(what));
        wake();
        return *this;
    }
    // A close frame, after what was said so far.
    scripted_websocket& ends(std::uint16_t code, std::string reason = {})
    {
        return ends(transport::ws_end{code, std::move(reason), error(errc::connection_lost)});
    }
    // Any end: ws_end() is a connection that broke without a word.
    scripted_websocket& ends(transport::ws_end how)
    {
        if (!how.why.code)
            how.why = error(errc::connection_lost);
        end_ = std::move(how);
        wake();
        return *this;
    }
    // From now on our side's writes wait for their deadline, as with a peer that stopped reading.
    scripted_websocket& stops_reading()
    {
        reads_ = false;
        return *this;
    }
    // From now on our side's writes fail with that.
    scripted_websocket& refuses_writes(errc with)
    {
        write_error_ = with;
        return *this;
    }
    // Our side's close() waits for its deadline, as with a peer that never says goodbye.
    scripted_websocket& ignores_close()
    {
        says_goodbye_ = false;
        return *this;
    }

    // --- what the far end sees
    // ------------------------------------------------------------------------------

    // The next message of our side that was not taken yet; none: the deadline passed, or the connection is
    // over and nothing is left.
    awaitable<std::optional<transport::ws_message>> heard(deadline limit)
    {
        auto self = shared_from_this();
        while (untaken_.empty() && !is_over())
        {
            const auto how = co_await pause(limit);
            if (how != woken::by_change)
                break;
        }
        if (untaken_.empty())
            co_return std::nullopt;
        auto next = std::move(untaken_.front());
        untaken_.pop_front();
        co_return next;
    }
    // True once our side has closed, cut or destroyed its websocket; false at the deadline.
    awaitable<bool> over(deadline limit)
    {
        auto self = shared_from_this();
        while (!is_over())
        {
            const auto how = co_await pause(limit);
            if (how != woken::by_change)
                break;
        }
        co_return is_over();
    }
    // True once our side has opened it; false at the deadline.
    awaitable<bool> opened(deadline limit)
    {
        auto self = shared_from_this();
        while (!opened_)
        {
            const auto how = co_await pause(limit);
            if (how != woken::by_change)
                break;
        }
        co_return opened_;
    }

    const std::vector<transport::ws_message>& all_heard() const { return heard_; }
    bool is_open() const { return opened_ && !is_over(); }
    bool is_over() const { return closed_ || cut_ || destroyed_; }
    bool was_cut() const { return cut_; }                                // without a word
    std::optional<std::uint16_t> closed_with() const { return closed_; } // our side's close code
    const std::string& close_reason() const { return reason_; }
    std::size_t unread() const { return incoming_.size(); } // said, but not read by our side

    // Our side's end. Once only.
    transport::websocket_ptr open(net::any_io_executor where)
    {
        opened_ = true;
        wake();
        return std::make_unique<near_end>(shared_from_this(), std::move(where));
    }

private:
    enum class woken
    {
        by_change,
        by_deadline,
        by_cancellation
    };
    struct sleeper
    {
        sleeper(const net::any_io_executor& where, deadline limit) : timer(where, limit.at()) {}
        net::steady_timer timer;
        bool changed = false;
    };

    void wake()
    {
        for (const auto& one : std::exchange(sleepers_, {}))
            if (const auto waiting = one.lock())
            {
                waiting->changed = true;
                waiting->timer.cancel();
            }
    }

    awaitable<woken> pause(deadline limit)
    {
        const auto me = std::make_shared<sleeper>(co_await net::this_coro::executor, limit);
        std::erase_if(sleepers_, [](const auto& one) { return one.expired(); });
        sleepers_.push_back(me);
        const auto [aborted] = co_await me->timer.async_wait(as_result);
        if (me->changed)
            co_return woken::by_change;
        if (aborted)
            co_return woken::by_cancellation;
        co_return woken::by_deadline;
    }

    class near_end final : public transport::websocket
    {
    public:
        near_end(std::shared_ptr<scripted_websocket> far, net::any_io_executor where)
            : far_(std::move(far)), where_(std::move(where))
        {
        }
        ~near_end() override
        {
            far_->destroyed_ = true;
            far_->wake();
        }

        awaitable<transport::ws_incoming> read(deadline limit) override
        {
            auto far = far_;
            for (;;)
            {
                if (ended_)
                    co_return *ended_;
                if (!far->incoming_.empty())
                {
                    auto next = std::move(far->incoming_.front());
                    far->incoming_.pop_front();
                    co_return next;
                }
                if (far->end_)
                {
                    ended_ = far->end_;
                    continue;
                }
                const auto how = co_await far->pause(limit);
                if (how == woken::by_deadline)
                    end(errc::timed_out);
                else if (how == woken::by_cancellation)
                    end(errc::stopped);
            }
        }

        awaitable<result<>> write(transport::ws_message what, deadline limit) override
        {
            auto far = far_;
            if (far->write_error_)
            {
                end(*far->write_error_);
                co_return error(*far->write_error_, "writing to a scripted websocket");
            }
            while (!far->reads_ && !ended_)
            {
                const auto how = co_await far->pause(limit);
                if (how == woken::by_deadline)
                    end(errc::timed_out);
                else if (how == woken::by_cancellation)
                    end(errc::stopped);
            }
            if (ended_)
                co_return error(ended_->why);
            far->heard_.push_back(what);
            far->untaken_.push_back(std::move(what));
            far->wake();
            co_return result<>();
        }

        awaitable<void> close(std::uint16_t code, std::string reason, deadline limit) override
        {
            auto far = far_;
            if (ended_)
                co_return;
            far->closed_ = code;
            far->reason_ = std::move(reason);
            far->wake();
            while (!far->says_goodbye_ && !ended_)
            {
                const auto how = co_await far->pause(limit);
                if (how != woken::by_change)
                    break;
            }
            if (!ended_)
                ended_ = transport::ws_end{
                    far->says_goodbye_ ? code : std::uint16_t{1006}, {}, error(errc::stopped)};
            far->wake();
        }

        void cut() override
        {
            if (ended_)
                return;
            far_->cut_ = true;
            end(errc::stopped);
        }

        std::string peer() const override { return "scripted"; }
        net::any_io_executor executor() override { return where_; }

    private:
        void end(errc why)
        {
            if (!ended_)
                ended_ = transport::ws_end{1006, {}, error(why)};
            far_->wake();
        }

        std::shared_ptr<scripted_websocket> far_;
        net::any_io_executor where_;
        std::optional<transport::ws_end> ended_;
    };

    std::deque<transport::ws_message> incoming_;
    std::optional<transport::ws_end> end_;
    std::vector<transport::ws_message> heard_;
    std::deque<transport::ws_message> untaken_;
    std::vector<std::weak_ptr<sleeper>> sleepers_; // weak: a test that failed destroys its context first
    std::optional<errc> write_error_;
    bool reads_ = true;
    bool says_goodbye_ = true;
    bool opened_ = false;
    bool destroyed_ = false;
    bool cut_ = false;
    std::optional<std::uint16_t> closed_;
    std::string reason_;
};

} // namespace postern::test
