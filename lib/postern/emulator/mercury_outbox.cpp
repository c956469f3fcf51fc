#include "postern/emulator/mercury_outbox.hpp"

#include "postern/base/crypto.hpp"
#include "postern/emulator/canonical_json.hpp"

#include <algorithm>
#include <iterator>

namespace postern::emulator {
namespace {

constexpr std::size_t most_events = 10'000;
constexpr std::size_t most_bytes = 16 * 1024 * 1024;
constexpr std::chrono::milliseconds patience_for_a_neighbour{200};

std::int64_t milliseconds_of(wall_time t)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

// A member more, as JSON text that is there already.
void add_text(std::string& object, std::string_view key, std::string_view value)
{
    if (object.size() > 1)
        object += ',';
    object += to_js_json(json::value(key));
    object += ':';
    object += value;
}

void add(std::string& object, std::string_view key, const json::value& value)
{
    add_text(object, key, to_js_json(value));
}

void add_word(std::string& object, std::string_view key, std::string_view value)
{
    add(object, key, json::value(value));
}

} // namespace

void mercury_outbox::say_ready(const json::object& data, const mercury_mode& mode, moment now)
{
    item ready{kind::ready, random_uuid(), {}, now.wall, now.steady + mode.ready_delay};
    ready.about.data = std::make_shared<const std::string>(to_js_json(data));
    items_.push_front(std::move(ready));
}

bool mercury_outbox::tell(mercury_event what, const mercury_mode& mode, moment now)
{
    const auto size = what.data->size();
    if (events_ >= most_events || bytes_ + size > most_bytes)
        return false;
    for (const bool copy : {false, true})
        if (!copy || mode.duplicate)
        {
            item next{kind::event, random_uuid(), what, now.wall, now.steady + mode.delay};
            next.copy = copy;
            queue_event(std::move(next), mode, now);
        }
    return true;
}

void mercury_outbox::queue_event(item next, const mercury_mode& mode, moment now)
{
    bytes_ += next.about.data->size();
    ++events_;
    // Nobody overtakes because the delay has been shortened meanwhile.
    next.due = last_due_ = std::max(next.due, last_due_);
    if (!mode.reorder || next.copy)
    {
        items_.push_back(std::move(next));
        return;
    }
    const auto first = std::find_if(items_.begin(), items_.end(), [](const item& i) { return i.held; });
    if (first == items_.end())
    {
        next.held = true;
        next.due = now.steady + mode.delay + patience_for_a_neighbour;
        items_.push_back(std::move(next));
        return;
    }
    first->held = false;
    first->due = next.due;
    items_.insert(first, std::move(next));
}

bool mercury_outbox::pong(std::string id, moment now)
{
    if (items_.size() - events_ >= most_events)
        return false;
    items_.push_back({kind::pong, std::move(id), {}, now.wall, now.steady});
    return true;
}

void mercury_outbox::say_shutdown(moment now)
{
    items_.push_back({kind::shutdown, random_uuid(), {}, now.wall, now.steady});
}

void mercury_outbox::raw(std::string payload, std::optional<bool> binary, moment now)
{
    item next{kind::raw, {}, {}, now.wall, now.steady};
    next.about.data = std::make_shared<const std::string>(std::move(payload));
    next.binary = binary;
    items_.push_back(std::move(next));
}

std::string mercury_outbox::envelope(const item& i, const mercury_mode& mode, moment now)
{
    const auto number = next_number_;
    next_number_ += mode.sequence_gap ? 2 : 1;
    const auto written = milliseconds_of(now.wall);

    std::string o = "{";
    if (i.what == kind::pong || !mode.omit_ids)
        add_word(o, "id", i.what == kind::pong && mode.wrong_pong ? random_uuid() : i.id);
    if (i.what == kind::pong || i.what == kind::shutdown)
        add_word(o, "type", i.what == kind::pong ? "pong" : "shutdown");
    else
        add_text(o, "data", *i.about.data);
    if (i.what != kind::pong)
    {
        add(o, "timestamp", milliseconds_of(i.at));
        add_word(o, "trackingId", "EMU_" + random_uuid());
    }
    if (i.what == kind::ready || i.what == kind::event)
        add_word(o, "alertType", "none");
    add(o, "sequenceNumber", number);
    if (i.what == kind::ready || i.what == kind::event)
    {
        add(o, "filterMessage", false);
        add(o, "headers", json::object());
    }
    add(o, "wsWriteTimestamp", written);
    return o + '}';
}

std::optional<mercury_frame> mercury_outbox::take(const mercury_mode& mode, moment now)
{
    const auto chosen = std::find_if(items_.begin(), items_.end(), [&](const item& i) {
        const bool in_turn = ready_said_ || i.what == kind::ready || i.what == kind::raw;
        return in_turn && i.due <= now.steady;
    });
    if (chosen == items_.end())
        return std::nullopt;
    const auto next = std::move(*chosen);
    items_.erase(chosen);
    ++sent_;
    if (next.what == kind::raw)
        return mercury_frame{*next.about.data, next.binary.value_or(!text_ || mode.binary)};

    ready_said_ = ready_said_ || next.what == kind::ready;
    mercury_frame frame{envelope(next, mode, now), !text_ || mode.binary};
    if (next.what != kind::event)
        return frame;
    bytes_ -= next.about.data->size();
    --events_;
    if (mode.buffer > 0 && !next.copy)
    {
        unacknowledged_.push_back({next.id, next.about});
        if (unacknowledged_.size() > mode.buffer)
        {
            unacknowledged_.pop_front();
            forgot_ = true;
        }
    }
    return frame;
}

std::optional<mercury_outbox::steady::time_point> mercury_outbox::due() const
{
    std::optional<steady::time_point> first;
    for (const auto& i : items_)
        if (ready_said_ || i.what == kind::ready || i.what == kind::raw)
            first = first ? std::min(*first, i.due) : i.due;
    return first;
}

bool mercury_outbox::acknowledged(std::string_view id)
{
    const auto found = std::find_if(unacknowledged_.begin(), unacknowledged_.end(),
                                    [&](const sent_event& e) { return e.id == id; });
    if (found == unacknowledged_.end())
        return false;
    unacknowledged_.erase(found);
    return true;
}

std::vector<mercury_event> mercury_outbox::reclaim(bool& unsure)
{
    std::vector<mercury_event> all;
    for (auto& e : unacknowledged_)
        all.push_back(std::move(e.about));
    for (auto& i : items_)
        if (i.what == kind::event && !i.copy)
            all.push_back(std::move(i.about));
    unsure = unsure || forgot_;
    unacknowledged_.clear();
    items_.clear();
    bytes_ = events_ = 0;
    forgot_ = false;
    return all;
}

} // namespace postern::emulator
