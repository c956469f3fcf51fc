#pragma once

#include "postern/base/result.hpp"
#include "postern/base/secret.hpp"

#include <chrono>
#include <functional>
#include <mutex>

namespace postern::source {

// What deliveries are signed with, and what they may still be signed with.
struct secret_pair
{
    secret current;
    secret previous; // empty: none
};

// Replaces the secret of our webhooks without a moment in which a genuine delivery is refused:
//
//   1. both are kept, so that a crash from here on loses none;
//   2. both are accepted;
//   3. every webhook gets the new one (the reconciler does it, and tells by all_signed);
//   4. for `grace` the old one is still accepted: deliveries under way, and retried ones;
//   5. it is dropped.
//
// A start with two kept secrets goes on at 2. Whatever happens on the way, what a webhook may have is
// accepted. Times are arguments. Thread-safe; the functions are called with a lock held and must not call
// back.
class webhook_secrets
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr time_point never = time_point::max();

    struct setup
    {
        secret_pair kept; // of the last run; `current` must not be empty
        // From now on a delivery signed with one of these is genuine (verify::verifier::trust).
        std::function<void(secret current, secret previous)> trust;
        // Durable when it returns. May be none: then a crash during a rotation is not survived.
        std::function<result<>(secret current, secret previous)> keep;
        std::chrono::milliseconds grace{600'000};
    };

    explicit webhook_secrets(setup); // trusts what was kept

    secret current() const;

    // Steps 1 and 2; the caller sees to 3. Errors: bad_input when `next` is empty or the current one already,
    // or when the last rotation is not over: only two can be accepted at a time. Those of `keep`: then
    // nothing has changed.
    result<> rotate(secret next);

    // Every webhook of ours has `key` now. Where that is the current one, the grace time begins.
    void all_signed(const secret& key, time_point now);

    // When the previous secret is to be dropped.
    time_point drop_due() const;
    // Step 5, if it is time. An error is that of `keep`: the previous one is not accepted any more all the
    // same, until the next start.
    result<> drop(time_point now);

private:
    setup with_;
    mutable std::mutex mutex_;
    secret_pair pair_;
    time_point drop_due_ = never;
};

} // namespace postern::source
