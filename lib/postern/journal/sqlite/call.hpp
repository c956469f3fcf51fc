#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace postern::journal::sqlite {

struct desk;

// Something a coroutine waits for and the journal's thread does. Answered once: by that thread when it is
// durable, by the sweep when its deadline has passed, or when it is cancelled. If it was not taken up by then
// it never takes effect; if it was, it may.
class call : public std::enable_shared_from_this<call>
{
public:
    virtual ~call() = default;

    virtual bool reads_only() const { return false; }

    // On the journal's thread, between begin() and commit(). Sets the outcome. Throws SQLite::Exception.
    virtual void perform(desk&) = 0;
    // What perform() did is durable, or is undone.
    virtual void committed(desk&) {}
    virtual void rolled_back(desk&) {}
    virtual void fail(error) = 0; // as outcome

    // True for the one who may answer, who then calls one of the two below.
    bool claim_answer() { return !answered_.exchange(true, std::memory_order_acq_rel); }
    bool answered() const { return answered_.load(std::memory_order_acquire); }

    void refuse(error); // from any thread
    virtual void deliver() = 0;

    const char* const doing;
    const deadline until;
    const std::size_t weight; // bytes it holds in memory

protected:
    call(const char* doing_, deadline until_, std::size_t weight_ = 0)
        : doing(doing_), until(until_), weight(weight_)
    {
    }
    net::any_io_executor where_;
    std::optional<error> refusal_;

private:
    std::atomic<bool> answered_{false};
};

template <class T>
class call_for : public call
{
public:
    using handler = net::any_completion_handler<void(result<T>)>;

    using call::call;

    void fail(error e) override { outcome_.emplace(std::move(e)); }

    // `where` is where it is answered from; the handler runs on its own executor.
    void set_handler(handler h, net::any_io_executor where)
    {
        where_ = std::move(where);
        handler_.emplace(std::move(h));
        auto slot = net::get_associated_cancellation_slot(*handler_);
        if (slot.is_connected())
            slot.assign([weak = weak_from_this()](net::cancellation_type) {
                if (const auto self = weak.lock(); self && self->claim_answer())
                    self->refuse(error(errc::stopped, self->doing));
            });
    }

    void deliver() override
    {
        const auto own = net::get_associated_executor(*handler_);
        net::dispatch(own, [self = std::static_pointer_cast<call_for>(shared_from_this())] {
            auto h = std::move(*self->handler_);
            net::get_associated_cancellation_slot(h).clear();
            if (self->refusal_)
                std::move(h)(result<T>(std::move(*self->refusal_)));
            else
                std::move(h)(std::move(*self->outcome_));
        });
    }

protected:
    std::optional<result<T>> outcome_;

private:
    std::optional<handler> handler_; // Boost 1.81 can't move it by assignment
};

inline void call::refuse(error why)
{
    refusal_ = std::move(why);
    net::post(where_, [self = shared_from_this()] { self->deliver(); });
}

} // namespace postern::journal::sqlite
