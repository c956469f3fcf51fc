#include "postern/journal/sqlite/value_calls.hpp"

#include <utility>

namespace postern::journal::sqlite {
namespace {

result<> keep(desk& d, const std::string& scope, const std::string& key, const std::string& value)
{
    const auto size = size_of(scope, key, value);
    const auto before = d.values.before(scope, key, d.values_most.keys);
    auto fits = check_room(d.values_most, before, size);
    if (fits.has_error())
        return fits;
    if (d.file_is_full && size > before.old.value_or(0))
        return error(errc::journal_full, "keeping a value")
            .because("the file has reached its size limit")
            .advise("raise the journal's size limit, or see what is not over: `postern events list`");
    d.values.put(scope, key, value);
    return {};
}

} // namespace

get_value_call::get_value_call(std::string scope, std::string key, deadline limit)
    : call_for("reading a value", limit), scope_(std::move(scope)), key_(std::move(key))
{
}

void get_value_call::perform(desk& d) { outcome_.emplace(d.values.get(scope_, key_)); }

list_values_call::list_values_call(std::string scope, std::string prefix, std::size_t most, deadline limit)
    : call_for("listing values", limit), scope_(std::move(scope)), prefix_(std::move(prefix)), most_(most)
{
}

void list_values_call::perform(desk& d) { outcome_.emplace(d.values.list(scope_, prefix_, most_)); }

put_value_call::put_value_call(std::string scope, std::string key, std::string value, deadline limit)
    : call_for("keeping a value", limit, size_of(scope, key, value)), scope_(std::move(scope)),
      key_(std::move(key)), value_(std::move(value))
{
}

void put_value_call::perform(desk& d) { outcome_.emplace(keep(d, scope_, key_, value_)); }

replace_value_call::replace_value_call(std::string scope, std::string key,
                                       std::optional<std::string> expected, std::string value, deadline limit)
    : call_for("replacing a value", limit, size_of(scope, key, value) + (expected ? expected->size() : 0)),
      scope_(std::move(scope)), key_(std::move(key)), value_(std::move(value)), expected_(std::move(expected))
{
}

void replace_value_call::perform(desk& d)
{
    if (d.values.get(scope_, key_) != expected_)
        return outcome_.emplace(false), void();
    const auto kept = keep(d, scope_, key_, value_);
    if (kept.has_error())
        outcome_.emplace(kept.error());
    else
        outcome_.emplace(true);
}

erase_value_call::erase_value_call(std::string scope, std::string key, deadline limit)
    : call_for("erasing a value", limit), scope_(std::move(scope)), key_(std::move(key))
{
}

void erase_value_call::perform(desk& d) { outcome_.emplace(d.values.erase(scope_, key_)); }

} // namespace postern::journal::sqlite
