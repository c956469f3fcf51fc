#pragma once

#include "postern/journal/journal.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <utility>

namespace postern::journal::sqlite {

// Whether events can be kept: they can't while the file can't be written, nor while there is no room for
// more. Thread-safe.
class health
{
public:
    using watcher = std::function<void(const journal_state&)>;

    void watch(watcher w)
    {
        const std::lock_guard lock(mutex_);
        watcher_ = std::move(w);
    }
    journal_state state() const
    {
        const std::lock_guard lock(mutex_);
        return of();
    }

    // Empty: no longer. The watcher is told if that changes whether events are taken.
    void set_broken(std::string why) { set(broken_, std::move(why)); }
    void set_crowded(std::string why) { set(crowded_, std::move(why)); }
    bool broken() const
    {
        const std::lock_guard lock(mutex_);
        return !broken_.empty();
    }
    bool crowded() const
    {
        const std::lock_guard lock(mutex_);
        return !crowded_.empty();
    }

private:
    journal_state of() const
    {
        const auto& reason = broken_.empty() ? crowded_ : broken_;
        return {reason.empty(), reason};
    }
    void set(std::string& which, std::string why)
    {
        journal_state now;
        watcher tell;
        {
            const std::lock_guard lock(mutex_);
            const bool before = of().taking;
            which = std::move(why);
            now = of();
            if (now.taking == before)
                return;
            tell = watcher_;
        }
        if (tell)
            tell(now);
    }

    mutable std::mutex mutex_;
    watcher watcher_;
    std::string broken_, crowded_;
};

} // namespace postern::journal::sqlite
