#pragma once

#include "postern/base/async.hpp"
#include "postern/base/result.hpp"
#include "postern/bot/no_code/spoken.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace postern::no_code {

// Which URLs for later replies are open, and for whom. An id is 128 bits of the system's generator, so who
// knows it was told it. Owns no clock. Thread-safe.
class reply_book
{
public:
    using clock = std::chrono::steady_clock;
    using speaker = std::function<awaitable<result<>>(spoken)>;

    struct limits
    {
        std::size_t open = 1000; // beyond that the oldest ends
        std::size_t over = 4000; // that are still known to have been
        double per_second = 20;  // requests, whatever they come to
        double at_once = 40;
    };
    struct terms
    {
        std::chrono::milliseconds valid_for{15 * 60'000};
        unsigned uses = 1;
    };

    explicit reply_book(limits);

    std::string open(speaker, terms, clock::time_point now); // 32 hex digits

    enum class state
    {
        open,
        unknown,
        over, // used, expired or closed
        busy  // too many requests: in a second
    };
    state look(std::string_view id, clock::time_point now);

    // Takes one of its uses.
    struct use
    {
        state found = state::unknown;
        speaker say{};
    };
    use take(std::string_view id, clock::time_point now);
    // It came to nothing: the use is there again, unless its time has passed.
    void give_back(std::string_view id, speaker, clock::time_point now);

    void close(std::string_view id);
    void close_all();

private:
    struct entry
    {
        speaker say;
        clock::time_point until;
        unsigned uses;
    };
    using entries = std::unordered_map<std::string, entry>;

    state find(std::string_view id, clock::time_point now, entries::iterator& found);
    bool too_fast(clock::time_point now);
    void end(entries::iterator);

    const limits limits_;
    std::mutex mutex_;
    entries open_;
    std::deque<std::string> order_; // of opening; may hold some that are over
    std::set<std::string, std::less<>> over_;
    std::deque<std::string> over_order_;
    double tokens_;
    clock::time_point counted_{};
};

} // namespace postern::no_code
