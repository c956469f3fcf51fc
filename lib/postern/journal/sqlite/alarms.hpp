#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace postern::journal::sqlite {

// Claims that wait for something to do. A timer is a condition here (house rule 17), and is touched only
// where its owner runs. The caller keeps threads apart, except for ring().
class alarms
{
public:
    using alarm = std::shared_ptr<net::steady_timer>;
    using waiting = std::vector<std::weak_ptr<net::steady_timer>>;

    // `a` goes off at `when`, or when ring() is called with what take() gave.
    void set(const alarm& a, deadline::clock::time_point when)
    {
        a->expires_at(when);
        std::erase_if(waiting_, [&](const auto& other) { // those that gave up, and our own last time
            const auto known = other.lock();
            return !known || known == a;
        });
        waiting_.push_back(a);
    }

    void take(waiting& into)
    {
        for (auto& a : waiting_)
            into.push_back(std::move(a));
        waiting_.clear();
    }

    static void ring(waiting woken)
    {
        for (auto& other : woken)
            if (auto a = other.lock())
            {
                auto where = a->get_executor();
                net::post(where, [a = std::move(a)] { a->cancel(); });
            }
    }

private:
    waiting waiting_;
};

} // namespace postern::journal::sqlite
