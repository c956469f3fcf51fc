#include "postern/source/webhook/webhook_secrets.hpp"

#include <boost/assert.hpp>

namespace postern::source {

webhook_secrets::webhook_secrets(setup s) : with_(std::move(s)), pair_(std::move(with_.kept))
{
    BOOST_ASSERT(!pair_.current.empty() && with_.trust);
    with_.trust(pair_.current, pair_.previous);
}

secret webhook_secrets::current() const
{
    const std::lock_guard lock(mutex_);
    return pair_.current;
}

result<> webhook_secrets::rotate(secret next)
{
    const std::lock_guard lock(mutex_);
    const auto refuse = [](const char* why) {
        return error(errc::bad_input, "rotating the webhooks' secret").because(why);
    };
    if (next.empty())
        return refuse("the new secret is empty");
    if (next == pair_.current)
        return refuse("the new secret is the one in use");
    if (!pair_.previous.empty())
        return refuse("the last rotation is not over yet: its old secret is still accepted");
    if (with_.keep)
    {
        const auto kept = with_.keep(next, pair_.current);
        if (kept.has_error())
            return kept.error().during("rotating the webhooks' secret");
    }
    pair_.previous = std::move(pair_.current);
    pair_.current = std::move(next);
    drop_due_ = never;
    with_.trust(pair_.current, pair_.previous);
    return {};
}

void webhook_secrets::all_signed(const secret& key, time_point now)
{
    const std::lock_guard lock(mutex_);
    if (!pair_.previous.empty() && drop_due_ == never && key == pair_.current)
        drop_due_ = now + with_.grace;
}

webhook_secrets::time_point webhook_secrets::drop_due() const
{
    const std::lock_guard lock(mutex_);
    return drop_due_;
}

result<> webhook_secrets::drop(time_point now)
{
    const std::lock_guard lock(mutex_);
    if (now < drop_due_)
        return {};
    drop_due_ = never;
    pair_.previous = {};
    with_.trust(pair_.current, {});
    if (!with_.keep)
        return {};
    auto kept = with_.keep(pair_.current, {});
    if (kept.has_error())
        return kept.error().during("forgetting the webhooks' old secret");
    return {};
}

} // namespace postern::source
