#pragma once

#include "postern/base/values_port.hpp"
#include "postern/journal/value_limits.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

namespace postern::journal {

// Values that live as long as the process. Thread-safe.
class memory_values final : public values_port
{
public:
    explicit memory_values(value_limits);

    awaitable<result<std::optional<std::string>>> get(std::string scope, std::string key, deadline) override;
    awaitable<result<>> put(std::string scope, std::string key, std::string value, deadline) override;
    awaitable<result<bool>> erase(std::string scope, std::string key, deadline) override;
    awaitable<result<std::vector<key_and_value>>> list(std::string scope, std::string prefix,
                                                       std::size_t most, deadline) override;
    awaitable<result<bool>> replace(std::string scope, std::string key, std::optional<std::string> expected,
                                    std::string value, deadline) override;

    void close(); // every call answers errc::stopped from now on

private:
    using entries = std::map<std::string, std::string>;

    // Under the mutex.
    const std::string* find(const std::string& scope, const std::string& key) const;
    result<> keep(const std::string& scope, const std::string& key, std::string value);

    const value_limits limits_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, entries> scopes_;
    std::uint64_t total_ = 0;
    bool closed_ = false;
};

} // namespace postern::journal
