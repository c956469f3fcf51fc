#pragma once

#include "postern/base/log.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/trail.hpp"

#include <string>
#include <string_view>

namespace postern::flow {

// The flow of the whole system: a notification comes in through accept(), and what the journal hands out goes
// through act(). No policy of its own: it asks each stage in turn and tells the log and the trail what each
// said, so that no event ends in silence. Thread-safe if what it is given is.
class pipeline final : public intake_port, public act_port
{
public:
    pipeline(const check_port&, journal_port&, guard_port&, consumer_port&, log, trail = {});

    // Errors: those of the check and of the journal.
    awaitable<result<stored>> accept(raw_event, deadline) override;

    awaitable<outcome> act(delivery, deadline) override;

private:
    // What is told of an event once it was given away.
    struct mention
    {
        std::string key;
        std::string data_id; // this and the room only if somebody watches
        std::string room;
    };
    bool watched() const noexcept;
    mention mention_of(const event&) const;

    void refused(origin from, const error& why) const;
    void ended(const mention&, const outcome& became) const;
    void passed(hop, const mention&, std::string_view note = {}) const;
    void tell(hop_record) const;

    const check_port& check_;
    journal_port& journal_;
    guard_port& guard_;
    consumer_port& consumer_;
    log log_;
    trail trail_;
};

} // namespace postern::flow
