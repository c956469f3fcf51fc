#pragma once

#include "postern/base/stages.hpp"

#include <atomic>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace postern::matching {

// Which effect each of the latest replies came of, over all deliveries of one consumer: the same words may be
// said to two events, and the reply to one must not be taken for the reply to the other. Thread-safe.
class known_replies
{
public:
    explicit known_replies(std::size_t most = 4096) : most_(most) {}

    // False: that message came of another effect.
    bool claim(const std::string& message_id, record_id record, unsigned number);

private:
    using owner = std::pair<record_id, unsigned>;

    const std::size_t most_;
    std::mutex mutex_;
    std::unordered_map<std::string, owner> owners_;
    std::deque<std::string> order_; // oldest first, to forget
};

// An effect that is noted again without a digest and without an id is certainly not there: its POST was
// refused, or did not reach the cloud.
bool is_withdrawn(const effect&) noexcept;

// The replies of one delivery by number: what earlier attempts noted of them, and which number comes next.
//
// A handler that is run again says the same things in the same order, so its n-th reply is the n-th effect,
// whatever the words: a time or a random line in them changes from attempt to attempt. What earlier attempts
// noted beyond what the handler now says is ignored. Thread-safe; replies that are made side by side are
// numbered in the order in which they are begun.
class reply_ledger
{
public:
    reply_ledger(record_id record, std::vector<effect> earlier, std::shared_ptr<known_replies> all);

    // The first of `count` consecutive numbers: a reply in pieces keeps its numbers together.
    unsigned take(unsigned count) noexcept { return next_.fetch_add(count); }

    unsigned taken() const noexcept { return next_ - 1; }

    // What is known of that effect; empty when it can't have taken place.
    std::optional<effect> earlier(unsigned number) const;

    bool claim(unsigned number, const std::string& message_id);

    // The handler has ended. What is said from now on belongs to no attempt and is not noted.
    void close() noexcept { closed_ = true; }
    bool closed() const noexcept { return closed_; }

    record_id record() const noexcept { return record_; }

private:
    const record_id record_;
    std::map<unsigned, effect> earlier_;
    const std::shared_ptr<known_replies> all_;
    std::atomic<unsigned> next_{1};
    std::atomic<bool> closed_{false};
};

} // namespace postern::matching
