#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace postern::emulator {

struct rate_settings
{
    double requests_per_second = 0; // 0: no limit
    double burst = 1;               // so many at once after a rest
    std::string retry_after;        // instead of the right number: clients have met nonsense here
    std::string path;               // only of requests whose path begins so; empty: of all
    bool html = false;              // the body is a page, as the documented example has it
};

// One bucket of allowances for every caller (protocol/webex-rest.md 7, 10.3.23). Not thread-safe.
class rate_limit
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    void set(rate_settings s)
    {
        settings_ = std::move(s);
        buckets_.clear();
    }
    const rate_settings& settings() const noexcept { return settings_; }

    // Empty: go ahead. Otherwise the whole seconds after which there is an allowance again.
    std::optional<unsigned> exceeded(std::string_view caller, std::string_view path, time_point now);

private:
    struct bucket
    {
        double left;
        time_point at;
    };
    rate_settings settings_;
    std::map<std::string, bucket, std::less<>> buckets_;
};

} // namespace postern::emulator
