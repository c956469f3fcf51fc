#include "postern/dispatch/attempt_policy.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace postern::dispatch {
namespace {

using std::chrono::milliseconds;

attempt_limits checked(attempt_limits l)
{
    l.attempts = std::max(l.attempts, 1u);
    return l;
}

std::string in_words(wall_time::duration age)
{
    using namespace std::chrono;
    if (age >= hours(2))
        return std::to_string(duration_cast<hours>(age).count()) + " hours";
    if (age >= minutes(2))
        return std::to_string(duration_cast<minutes>(age).count()) + " minutes";
    return std::to_string(duration_cast<seconds>(age).count()) + " seconds";
}

} // namespace

attempt_policy::attempt_policy(attempt_limits limits) : limits_(checked(limits)) {}

outcome attempt_policy::after(const delivery& d, result<outcome> became, const moment& at)
{
    if (became && became->what != outcome::kind::retry)
    {
        forget(d.record);
        return *std::move(became);
    }
    const bool failed = became.has_error();
    auto wanted =
        failed ? outcome::retry(describe(became.error()), milliseconds::zero()) : *std::move(became);
    if (at.stopping)
        return wanted;

    const auto had = count(d.record, failed ? &trouble::failed : &trouble::wanted);
    const auto age = at.now - d.what.received;
    std::string given_up;
    if (failed && had.failed >= limits_.attempts)
        given_up =
            "given up after " + std::to_string(had.failed) + (had.failed == 1 ? " attempt" : " attempts");
    else if (!failed && age > limits_.give_up_after && had.failed + had.wanted >= limits_.attempts)
        given_up = "given up " + in_words(age) + " after it came";
    if (given_up.empty())
        return again(std::move(wanted), had, at.random);

    forget(d.record);
    wanted.what = outcome::kind::dead;
    wanted.reason = given_up + ": " + wanted.reason;
    wanted.pause = milliseconds::zero();
    return wanted;
}

outcome attempt_policy::again(outcome wanted, const trouble& had, double random) const
{
    if (wanted.pause <= milliseconds::zero())
        wanted.pause = limits_.retry.pause(had.failed + had.wanted - 1, random);
    wanted.pause = std::min(wanted.pause, limits_.longest_pause);
    return wanted;
}

attempt_policy::trouble attempt_policy::count(record_id record, unsigned trouble::*kind)
{
    const std::lock_guard lock(mutex_);
    auto& had = troubles_[record];
    ++(had.*kind);
    return had;
}

void attempt_policy::forget(record_id record)
{
    const std::lock_guard lock(mutex_);
    troubles_.erase(record);
}

std::size_t attempt_policy::remembered() const
{
    const std::lock_guard lock(mutex_);
    return troubles_.size();
}

} // namespace postern::dispatch
