#include "postern/journal/sqlite/queued_values.hpp"

#include "postern/journal/sqlite/value_calls.hpp"
#include "postern/journal/sqlite/wait_for.hpp"

#include <utility>

namespace postern::journal::sqlite {

queued_values::queued_values(std::shared_ptr<call_queue> queue, value_limits limits)
    : queue_(std::move(queue)), limits_(limits)
{
}

awaitable<result<std::optional<std::string>>> queued_values::get(std::string scope, std::string key,
                                                                 deadline limit)
{
    auto call = std::make_shared<get_value_call>(std::move(scope), std::move(key), limit);
    return wait_for<std::optional<std::string>>(queue_, std::move(call));
}

awaitable<result<std::vector<values_port::key_and_value>>> queued_values::list(std::string scope,
                                                                               std::string prefix,
                                                                               std::size_t most,
                                                                               deadline limit)
{
    auto call = std::make_shared<list_values_call>(std::move(scope), std::move(prefix), most, limit);
    return wait_for<std::vector<key_and_value>>(queue_, std::move(call));
}

awaitable<result<bool>> queued_values::erase(std::string scope, std::string key, deadline limit)
{
    auto call = std::make_shared<erase_value_call>(std::move(scope), std::move(key), limit);
    return wait_for<bool>(queue_, std::move(call));
}

awaitable<result<>> queued_values::put(std::string scope, std::string key, std::string value, deadline limit)
{
    auto fits = check_sizes(limits_, scope, key, value);
    if (fits.has_error())
        co_return fits;
    auto call = std::make_shared<put_value_call>(std::move(scope), std::move(key), std::move(value), limit);
    auto answer = co_await wait_for<void>(queue_, std::move(call));
    co_return answer;
}

awaitable<result<bool>> queued_values::replace(std::string scope, std::string key,
                                               std::optional<std::string> expected, std::string value,
                                               deadline limit)
{
    const auto fits = check_sizes(limits_, scope, key, value);
    if (fits.has_error())
        co_return fits.error();
    auto call = std::make_shared<replace_value_call>(std::move(scope), std::move(key), std::move(expected),
                                                     std::move(value), limit);
    auto answer = co_await wait_for<bool>(queue_, std::move(call));
    co_return answer;
}

} // namespace postern::journal::sqlite
