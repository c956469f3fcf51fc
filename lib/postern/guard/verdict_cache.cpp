#include "postern/guard/verdict_cache.hpp"

#include <algorithm>
#include <utility>

namespace postern::guard {
namespace {

// Notes about rooms of which no verdict is known.
constexpr std::size_t most_notes = 10'000;

// A membership id with its string is some 200 bytes.
std::size_t weight_of(const known& k) { return 8 + k.members.size() + 25 * k.todo.memberships.size(); }

} // namespace

bool known::includes(std::uint64_t mark) const
{
    return std::binary_search(members.begin(), members.end(), mark);
}

verdict_cache::verdict_cache(std::size_t most, std::size_t weight, std::chrono::milliseconds keep)
    : most_(std::max<std::size_t>(most, 1)), heaviest_(weight), keep_(keep)
{
}

verdict_cache::question verdict_cache::ask(std::string name, time_point now)
{
    return {std::move(name), ++number_, now};
}

bool verdict_cache::counts(const question& q) const
{
    if (q.number < all_forgotten_)
        return false;
    const auto f = forgotten_.find(q.name);
    return f == forgotten_.end() || f->second < q.number;
}

bool verdict_cache::keep(const question& q, std::shared_ptr<const known> what)
{
    failures_.erase(q.name);
    if (!counts(q))
        return false;
    if (const auto old = by_name_.find(q.name); old != by_name_.end())
        drop(old->second);
    weight_ += weight_of(*what);
    recent_first_.push_front({q.name, std::move(what), q.at + keep_});
    by_name_.emplace(q.name, recent_first_.begin());
    while (recent_first_.size() > 1 && (recent_first_.size() > most_ || weight_ > heaviest_))
        drop(std::prev(recent_first_.end()));
    return true;
}

unsigned verdict_cache::failed(const question& q)
{
    if (failures_.size() >= most_notes && !failures_.contains(q.name))
        failures_.clear(); // they are only counted from one again
    return ++failures_[q.name];
}

std::shared_ptr<const known> verdict_cache::find(const std::string& name, time_point now)
{
    const auto found = by_name_.find(name);
    if (found == by_name_.end())
        return nullptr;
    const auto at = found->second;
    if (now >= at->until)
    {
        drop(at);
        return nullptr;
    }
    recent_first_.splice(recent_first_.begin(), recent_first_, at);
    return at->what;
}

std::shared_ptr<const known> verdict_cache::peek(const std::string& name, time_point now) const
{
    const auto found = by_name_.find(name);
    if (found == by_name_.end() || now >= found->second->until)
        return nullptr;
    return found->second->what;
}

void verdict_cache::forget(const std::string& name)
{
    if (const auto known = by_name_.find(name); known != by_name_.end())
        drop(known->second);
    note_forgotten(name);
}

void verdict_cache::forget(const std::string& name, const std::string& cause)
{
    forget(name);
    if (cause.empty() || !causes_.insert(cause).second)
        return;
    causes_in_order_.push_back(cause);
    if (causes_in_order_.size() <= most_notes)
        return;
    causes_.erase(causes_in_order_.front());
    causes_in_order_.pop_front();
}

void verdict_cache::forget_once(const std::string& name, const std::string& cause)
{
    if (!causes_.contains(cause))
        forget(name, cause);
}

void verdict_cache::forget_all()
{
    recent_first_.clear();
    by_name_.clear();
    weight_ = 0;
    forgotten_.clear();
    forgotten_in_order_.clear();
    all_forgotten_ = ++number_;
}

void verdict_cache::drop(entries::iterator which)
{
    weight_ -= weight_of(*which->what);
    by_name_.erase(which->name);
    recent_first_.erase(which);
}

void verdict_cache::note_forgotten(const std::string& name)
{
    forgotten_[name] = ++number_;
    forgotten_in_order_.emplace_back(number_, name);
    if (forgotten_in_order_.size() <= most_notes)
        return;
    const auto& [number, oldest] = forgotten_in_order_.front();
    all_forgotten_ = number;
    if (const auto f = forgotten_.find(oldest); f != forgotten_.end() && f->second == number)
        forgotten_.erase(f);
    forgotten_in_order_.pop_front();
}

} // namespace postern::guard
