#include "postern/journal/sqlite/call_queue.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <iterator>

namespace postern::journal::sqlite {
namespace {

error too_slow(const call& c)
{
    return error(errc::journal_full, c.doing)
        .because("too many calls wait to be written")
        .advise("the disk is too slow or does not answer: look at its load and health");
}

error late(const call& c, bool taken)
{
    auto e = error(errc::timed_out, c.doing)
                 .because("the disk did not answer in time")
                 .advise("look at its load and health");
    e.maybe_sent = taken;
    return e;
}

error closed_error(const call& c) { return error(errc::stopped, c.doing).because("the journal is closed"); }

} // namespace

call_queue::call_queue(net::any_io_executor where, std::size_t most, std::size_t most_bytes)
    : where_(std::move(where)), most_(most), most_bytes_(most_bytes), watch_(where_)
{
}

void call_queue::put(std::shared_ptr<call> c)
{
    std::unique_lock lock(mutex_);
    if (closed_ || queued_.size() >= most_ || queued_bytes_ + c->weight > most_bytes_)
    {
        const bool is_closed = closed_;
        lock.unlock();
        if (c->claim_answer())
            c->refuse(is_closed ? closed_error(*c) : too_slow(*c));
        return;
    }
    queued_bytes_ += c->weight;
    if (c->until.at() < watched_)
        watch(c->until.at());
    queued_.push_back(std::move(c));
    const bool wake = thread_waits_;
    thread_waits_ = false; // it was told
    lock.unlock();
    if (wake)
        arrived_.notify_one();
}

void call_queue::close(std::shared_ptr<call> last)
{
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        last_ = std::move(last);
    }
    arrived_.notify_one();
}

const call_queue::calls& call_queue::take(std::size_t most, time_point until)
{
    std::unique_lock lock(mutex_);
    while (queued_.empty() && !closed_ && deadline::clock::now() < until)
    {
        thread_waits_ = true;
        arrived_.wait_until(lock, until);
    }
    thread_waits_ = false;
    const auto end = queued_.begin() + static_cast<std::ptrdiff_t>(std::min(most, queued_.size()));
    std::for_each(queued_.begin(), end, [&](auto& c) {
        queued_bytes_ -= c->weight;
        if (!c->answered())
            taken_.push_back(std::move(c));
    });
    queued_.erase(queued_.begin(), end);
    return taken_;
}

void call_queue::answer(const calls& those)
{
    calls due;
    due.reserve(those.size());
    std::copy_if(those.begin(), those.end(), std::back_inserter(due),
                 [](const auto& c) { return c->claim_answer(); });
    if (!due.empty())
        net::post(where_, [due = std::move(due)] {
            for (const auto& c : due)
                c->deliver();
        });
}

void call_queue::done()
{
    calls gone; // their events are freed without the lock
    const std::lock_guard lock(mutex_);
    gone.swap(taken_);
    if (queued_.empty() && watched_ != time_point::max())
    {
        watched_ = time_point::max();
        watch_.cancel();
    }
}

bool call_queue::idle() const
{
    const std::lock_guard lock(mutex_);
    return queued_.empty();
}

bool call_queue::closed() const
{
    const std::lock_guard lock(mutex_);
    return closed_;
}

std::shared_ptr<call> call_queue::last() const
{
    const std::lock_guard lock(mutex_);
    return last_;
}

// Under the mutex.
void call_queue::watch(time_point when)
{
    watched_ = when;
    watch_.expires_at(when);
    watch_.async_wait([weak = weak_from_this()](error_code ec) {
        if (const auto self = ec ? nullptr : weak.lock())
            self->sweep();
    });
}

void call_queue::sweep()
{
    std::vector<std::pair<std::shared_ptr<call>, bool>> overdue; // taken or not
    {
        const std::lock_guard lock(mutex_);
        const auto now = deadline::clock::now();
        auto next = time_point::max();
        const auto look = [&](const std::shared_ptr<call>& c, bool taken) {
            if (c->until.at() > now)
                next = std::min(next, c->until.at());
            else if (c->claim_answer())
                overdue.emplace_back(c, taken);
        };
        for (const auto& c : taken_)
            look(c, true);
        for (const auto& c : queued_)
            look(c, false);
        std::erase_if(queued_, [&](const auto& c) {
            if (c->answered())
                queued_bytes_ -= c->weight;
            return c->answered();
        });
        watched_ = time_point::max();
        if (next != time_point::max())
            watch(next);
    }
    for (const auto& [c, taken] : overdue)
        c->refuse(late(*c, taken));
}

} // namespace postern::journal::sqlite
