#include "postern/bot/no_code/reply_book.hpp"

#include "postern/base/crypto.hpp"

#include <algorithm>
#include <utility>

namespace postern::no_code {

reply_book::reply_book(limits l) : limits_(l), tokens_(l.at_once) {}

std::string reply_book::open(speaker say, terms on, clock::time_point now)
{
    auto id = random_hex(16);
    const std::lock_guard lock(mutex_);
    while (!order_.empty())
    {
        const auto oldest = open_.find(order_.front());
        const bool goes =
            oldest == open_.end() || oldest->second.until <= now || open_.size() >= limits_.open;
        if (!goes)
            break;
        if (oldest != open_.end())
            end(oldest);
        order_.pop_front();
    }
    if (order_.size() > 2 * limits_.open) // closed behind one that stays open for long
        std::erase_if(order_, [this](const std::string& one) { return !open_.contains(one); });
    open_.emplace(id, entry{std::move(say), now + on.valid_for, on.uses});
    order_.push_back(id);
    return id;
}

reply_book::state reply_book::look(std::string_view id, clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    if (too_fast(now))
        return state::busy;
    entries::iterator found;
    return find(id, now, found);
}

reply_book::use reply_book::take(std::string_view id, clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    entries::iterator found;
    use out;
    out.found = find(id, now, found);
    if (out.found != state::open)
        return out;
    out.say = found->second.say;
    if (--found->second.uses == 0)
        found->second.say = nullptr; // what it holds is not needed any more, unless the use is given back
    return out;
}

void reply_book::give_back(std::string_view id, speaker say, clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(std::string(id));
    if (found == open_.end() || found->second.until <= now)
        return;
    ++found->second.uses;
    found->second.say = std::move(say);
}

void reply_book::close(std::string_view id)
{
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(std::string(id));
    if (found != open_.end())
        end(found);
}

void reply_book::close_all()
{
    entries gone; // freed after the lock: what a speaker holds may come back here
    const std::lock_guard lock(mutex_);
    gone.swap(open_);
    order_.clear();
}

reply_book::state reply_book::find(std::string_view id, clock::time_point now, entries::iterator& found)
{
    found = open_.find(std::string(id));
    if (found == open_.end())
        return over_.contains(id) ? state::over : state::unknown;
    if (found->second.until <= now)
    {
        end(found);
        return state::over;
    }
    return found->second.uses == 0 ? state::over : state::open;
}

bool reply_book::too_fast(clock::time_point now)
{
    const std::chrono::duration<double> passed = now - std::exchange(counted_, now);
    tokens_ = std::min(limits_.at_once, tokens_ + std::max(passed.count(), 0.0) * limits_.per_second);
    if (tokens_ < 1)
        return true;
    tokens_ -= 1;
    return false;
}

void reply_book::end(entries::iterator which)
{
    over_order_.push_back(which->first);
    over_.insert(which->first);
    open_.erase(which);
    while (over_order_.size() > limits_.over)
    {
        over_.erase(over_order_.front());
        over_order_.pop_front();
    }
}

} // namespace postern::no_code
