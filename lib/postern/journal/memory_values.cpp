#include "postern/journal/memory_values.hpp"

#include <utility>

namespace postern::journal {
namespace {

error closed(const char* doing) { return error(errc::stopped, doing).because("it is closed"); }

} // namespace

memory_values::memory_values(value_limits limits) : limits_(limits) {}

const std::string* memory_values::find(const std::string& scope, const std::string& key) const
{
    const auto known = scopes_.find(scope);
    if (known == scopes_.end())
        return nullptr;
    const auto entry = known->second.find(key);
    return entry == known->second.end() ? nullptr : &entry->second;
}

result<> memory_values::keep(const std::string& scope, const std::string& key, std::string value)
{
    auto fits = check_sizes(limits_, scope, key, value);
    if (fits.has_error())
        return fits;
    const auto size = size_of(scope, key, value);
    kept_before before;
    before.total = total_;
    if (const auto known = scopes_.find(scope); known != scopes_.end())
        before.keys = known->second.size();
    if (const auto* old = find(scope, key))
        before.old = size_of(scope, key, *old);
    fits = check_room(limits_, before, size);
    if (fits.has_error())
        return fits;
    total_ = total_ - before.old.value_or(0) + size;
    scopes_[scope][key] = std::move(value);
    return {};
}

awaitable<result<std::optional<std::string>>> memory_values::get(std::string scope, std::string key, deadline)
{
    const std::lock_guard lock(mutex_);
    if (closed_)
        co_return closed("reading a value");
    const auto* known = find(scope, key);
    co_return known ? std::optional(*known) : std::nullopt;
}

awaitable<result<>> memory_values::put(std::string scope, std::string key, std::string value, deadline)
{
    const std::lock_guard lock(mutex_);
    if (closed_)
        co_return closed("keeping a value");
    co_return keep(scope, key, std::move(value));
}

awaitable<result<bool>> memory_values::erase(std::string scope, std::string key, deadline)
{
    const std::lock_guard lock(mutex_);
    if (closed_)
        co_return closed("erasing a value");
    const auto* known = find(scope, key);
    if (!known)
        co_return false;
    total_ -= size_of(scope, key, *known);
    const auto its = scopes_.find(scope);
    its->second.erase(key);
    if (its->second.empty())
        scopes_.erase(its);
    co_return true;
}

awaitable<result<std::vector<values_port::key_and_value>>> memory_values::list(std::string scope,
                                                                               std::string prefix,
                                                                               std::size_t most, deadline)
{
    const std::lock_guard lock(mutex_);
    if (closed_)
        co_return closed("listing values");
    std::vector<key_and_value> found;
    const auto known = scopes_.find(scope);
    if (known == scopes_.end())
        co_return found;
    for (auto entry = known->second.lower_bound(prefix); entry != known->second.end(); ++entry)
    {
        if (found.size() >= most || !entry->first.starts_with(prefix))
            break;
        found.emplace_back(*entry);
    }
    co_return found;
}

awaitable<result<bool>> memory_values::replace(std::string scope, std::string key,
                                               std::optional<std::string> expected, std::string value,
                                               deadline)
{
    const std::lock_guard lock(mutex_);
    if (closed_)
        co_return closed("replacing a value");
    const auto fits = check_sizes(limits_, scope, key, value);
    if (fits.has_error())
        co_return fits.error();
    const auto* known = find(scope, key);
    const bool as_expected = expected ? known && *known == *expected : !known;
    if (!as_expected)
        co_return false;
    const auto kept = keep(scope, key, std::move(value));
    if (kept.has_error())
        co_return kept.error();
    co_return true;
}

void memory_values::close()
{
    const std::lock_guard lock(mutex_);
    closed_ = true;
}

} // namespace postern::journal
