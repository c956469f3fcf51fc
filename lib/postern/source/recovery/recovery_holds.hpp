#pragma once

#include <chrono>

namespace postern::source {

// Whether lanes are on hold, and until when: what comes in waits for what was said before it. Decides only;
// the caller says what time it is, and does as it is told. Not thread-safe.
class recovery_holds
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr time_point never = time_point::max();

    explicit recovery_holds(std::chrono::milliseconds most) : most_(most) {}

    // Both: all lanes are to be put on hold.
    void expect(time_point now);
    void missed(time_point now); // the time begins anew if it is the first that is to be fetched

    // A try begins, and is over.
    void begin();
    void failed();

    // True: all lanes are to be released.
    bool nothing_missed();
    bool recovered();
    bool overdue(time_point now); // they have waited long enough

    // Whether a room that was fetched may be released: not if what is yet to be fetched may be older than
    // what waits there.
    bool may_release() const { return held_ && fetching_ && !waiting_ && !expecting_; }

    bool held() const { return held_; }
    bool owes() const { return waiting_ || fetching_; } // something is to be fetched
    time_point due() const { return held_ ? until_ : never; }

private:
    bool release_if_idle();

    std::chrono::milliseconds most_;
    bool held_ = false;
    bool expecting_ = false; // nobody knows yet whether something was missed
    bool waiting_ = false;   // a window that is not being fetched
    bool fetching_ = false;
    time_point until_ = never;
};

} // namespace postern::source
