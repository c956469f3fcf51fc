#pragma once

#include "postern/base/stages.hpp"
#include "postern/journal/sqlite/call.hpp"
#include "postern/journal/sqlite/desk.hpp"
#include "postern/journal/sqlite/event_digest.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// What the journal's thread does for its callers.
namespace postern::journal::sqlite {

class append_call final : public call_for<stored>
{
public:
    append_call(event, deadline);
    void perform(desk&) override;
    void committed(desk&) override;

private:
    std::optional<error> no_room(const desk&) const;

    std::shared_ptr<event> what_;
    event_digest digest_;
    std::string lane_;
    record_id rank_ = 0;
};

class settle_call final : public call_for<void>
{
public:
    settle_call(consumer_id, record_id, outcome, deadline);
    void perform(desk&) override;
    void committed(desk&) override;
    void rolled_back(desk&) override;

private:
    const consumer_id consumer_;
    const record_id record_;
    const outcome became_;
    const std::chrono::steady_clock::time_point at_;
    bool settling_ = false;
};

class note_call final : public call_for<void>
{
public:
    note_call(consumer_id, record_id, effect, deadline);
    void perform(desk&) override;
    void committed(desk&) override;

private:
    const consumer_id consumer_;
    const record_id record_;
    const effect what_;
};

class remember_call final : public call_for<void>
{
public:
    remember_call(std::string bot, std::vector<room_position>, deadline);
    void perform(desk&) override;
    void committed(desk&) override;

private:
    const std::string bot_;
    const std::vector<room_position> told_;
};

class rooms_call final : public call_for<std::vector<room_position>>
{
public:
    rooms_call(std::string bot, deadline);
    bool reads_only() const override { return true; }
    void perform(desk&) override;

private:
    const std::string bot_;
};

// What a ticket does not have in memory. Empty: there is no such event.
struct read_delivery
{
    std::shared_ptr<const event> what;
    std::vector<effect> effects;
};

class read_call final : public call_for<read_delivery>
{
public:
    read_call(consumer_id, ticket, deadline);
    bool reads_only() const override { return true; }
    void perform(desk&) override;

private:
    const consumer_id consumer_;
    const ticket wanted_;
};

// The answer to close().
class last_call final : public call_for<void>
{
public:
    last_call();
    void perform(desk&) override { outcome_.emplace(); }
    void over() { outcome_.emplace(); }
};

} // namespace postern::journal::sqlite
