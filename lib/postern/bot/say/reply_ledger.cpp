#include "postern/bot/say/reply_ledger.hpp"

namespace postern::matching {

bool known_replies::claim(const std::string& message_id, record_id record, unsigned number)
{
    const owner mine{record, number};
    const std::lock_guard lock(mutex_);
    const auto [at, fresh] = owners_.try_emplace(message_id, mine);
    if (!fresh)
        return at->second == mine;
    order_.push_back(message_id);
    if (order_.size() > most_)
    {
        owners_.erase(order_.front());
        order_.pop_front();
    }
    return true;
}

bool is_withdrawn(const effect& e) noexcept { return e.id.empty() && e.digest.empty(); }

reply_ledger::reply_ledger(record_id record, std::vector<effect> earlier, std::shared_ptr<known_replies> all)
    : record_(record), all_(std::move(all))
{
    for (effect& e : earlier)
    {
        const unsigned number = e.number;
        if (!e.id.empty())
            all_->claim(e.id, record_, number);
        earlier_.insert_or_assign(number, std::move(e));
    }
}

std::optional<effect> reply_ledger::earlier(unsigned number) const
{
    const auto found = earlier_.find(number);
    if (closed_ || found == earlier_.end() || is_withdrawn(found->second))
        return std::nullopt;
    return found->second;
}

bool reply_ledger::claim(unsigned number, const std::string& message_id)
{
    return all_->claim(message_id, record_, number);
}

} // namespace postern::matching
