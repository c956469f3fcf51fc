#pragma once

#include "postern/base/values_port.hpp"
#include "postern/journal/sqlite/call_queue.hpp"
#include "postern/journal/value_limits.hpp"

#include <memory>

namespace postern::journal::sqlite {

// The bots' values by way of the journal's thread: what is put at the same time shares a commit, with events
// as well. Thread-safe.
class queued_values final : public values_port
{
public:
    queued_values(std::shared_ptr<call_queue>, value_limits);

    awaitable<result<std::optional<std::string>>> get(std::string scope, std::string key, deadline) override;
    awaitable<result<>> put(std::string scope, std::string key, std::string value, deadline) override;
    awaitable<result<bool>> erase(std::string scope, std::string key, deadline) override;
    awaitable<result<std::vector<key_and_value>>> list(std::string scope, std::string prefix,
                                                       std::size_t most, deadline) override;
    awaitable<result<bool>> replace(std::string scope, std::string key, std::optional<std::string> expected,
                                    std::string value, deadline) override;

private:
    const std::shared_ptr<call_queue> queue_;
    const value_limits limits_;
};

} // namespace postern::journal::sqlite
