#include "postern/bot/commands/cooldown.hpp"

#include <algorithm>

namespace postern::matching {

cooldown_book::answer cooldown_book::ask(const std::string& who_and_what, std::chrono::milliseconds cooldown,
                                         record_id record, time_point now)
{
    using kind = answer::kind;
    const std::lock_guard lock(mutex_);
    const auto found = runs_.find(who_and_what);
    if (found != runs_.end() && found->second.record == record)
        return {kind::run, {}};
    if (found != runs_.end() && found->second.until > now)
    {
        run& last = found->second;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(last.until - now);
        const bool first = last.told == 0 || last.told == record;
        if (first)
            last.told = record;
        return {first ? kind::tell : kind::be_silent, left};
    }
    while (!oldest_first_.empty())
    {
        const auto oldest = runs_.find(oldest_first_.front().name);
        const bool stands = oldest != runs_.end() && oldest->second.number == oldest_first_.front().number;
        if (stands && oldest->second.until > now && oldest_first_.size() < most_)
            break;
        if (stands)
            runs_.erase(oldest);
        oldest_first_.pop_front();
    }
    runs_[who_and_what] = run{now + cooldown, record, 0, ++number_};
    oldest_first_.push_back({who_and_what, number_});
    return {kind::run, {}};
}

} // namespace postern::matching
