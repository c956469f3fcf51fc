#include "postern/journal/memory_journal.hpp"

#include "postern/journal/lane_schedule.hpp"
#include "postern/journal/room_news.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/assert.hpp>

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace postern::journal {
namespace {

using wall_time = std::chrono::system_clock::time_point;
using alarm_ptr = std::shared_ptr<net::steady_timer>;
using waiters = std::vector<std::weak_ptr<net::steady_timer>>;

std::string identity(const event& e) { return e.bot + '\n' + e.key; }

// A timer is a condition here (house rule 17), and it is touched only where its owner runs.
void wake(waiters woken)
{
    for (auto& waiter : woken)
        if (auto alarm = waiter.lock())
        {
            auto where = alarm->get_executor();
            net::post(where, [alarm = std::move(alarm)] { alarm->cancel(); });
        }
}

error closed(std::string doing) { return error(errc::stopped, std::move(doing)).because("it is closed"); }

error not_in_flight(record_id number, const char* doing)
{
    return error(errc::bad_input, doing + (" record " + std::to_string(number)))
        .because("it is not in flight");
}

// A delivery that is not over.
struct pending
{
    unsigned attempt = 1;
    std::vector<effect> effects;
};

// How far one consumer is.
struct progress_of
{
    std::string name;
    lane_schedule schedule{};
    std::unordered_map<record_id, pending> open{};
    waiters waiting{}; // claims with nothing to do
};

} // namespace

// What all consumers share. All members under the mutex, which no coroutine holds while it is suspended:
// every function below returns before anything is awaited.
struct memory_journal::shelf
{
    struct record
    {
        event what;
        std::size_t open = 0; // consumers for which it is not over
    };

    explicit shelf(memory_journal_options o) : options(std::move(o))
    {
        for (const auto& name : options.consumers)
            consumers.push_back(progress_of{name});
    }

    std::size_t deliveries() const
    {
        std::size_t sum = 0;
        for (const auto& c : consumers)
            sum += c.open.size();
        return sum;
    }

    result<stored> keep(event what)
    {
        constexpr auto doing = "keeping an event in memory";
        if (is_closed)
            return closed(doing);
        auto name = identity(what);
        if (const auto known = records_by_name.find(name); known != records_by_name.end())
            return stored{known->second, false};

        const auto open = deliveries();
        if (open + consumers.size() > options.unfinished)
            return error(errc::journal_full, doing)
                .because(std::to_string(open) + " events are not over yet");
        if (what.body.size() > options.unfinished_bytes - bytes)
            return error(errc::journal_full, doing)
                .because("the events that are not over yet hold " + std::to_string(bytes) + " bytes");

        const auto number = ++last_record;
        records_by_name.emplace(std::move(name), number);
        bytes += what.body.size();
        const auto lane = what.lane();
        for (auto& c : consumers)
        {
            const auto older =
                what.from == origin::recovery ? c.schedule.rank_for_older(lane, what.happened) : std::nullopt;
            c.schedule.add(place{older.value_or(number), number}, lane, what.happened);
            c.open.emplace(number, pending());
        }
        if (const auto news = news_of(what))
            if (auto* room = room_of(what.bot, what.room))
                take_in(*room, *news);
        records.emplace(number, record{std::move(what), consumers.size()});
        return stored{number, true};
    }

    std::optional<delivery> take(progress_of& c)
    {
        const auto number = c.schedule.next(deadline::clock::now());
        if (!number)
            return std::nullopt;
        const auto& p = c.open.at(*number);
        return delivery{*number, p.attempt, records.at(*number).what, p.effects};
    }

    void wait(progress_of& c, const alarm_ptr& alarm, deadline limit)
    {
        alarm->expires_at(std::min(limit.at(), c.schedule.next_due().value_or(limit.at())));
        std::erase_if(c.waiting, [&](const auto& waiter) { // those that gave up, and our own last time
            const auto other = waiter.lock();
            return !other || other == alarm;
        });
        c.waiting.push_back(alarm);
    }

    result<> note(progress_of& c, record_id number, effect e)
    {
        constexpr auto doing = "noting an effect of";
        if (is_closed)
            return closed(doing + (" record " + std::to_string(number)));
        if (!c.schedule.in_flight(number))
            return not_in_flight(number, doing);
        auto& known = c.open.at(number).effects;
        const auto after = std::find_if(known.begin(), known.end(),
                                        [&](const effect& other) { return other.number >= e.number; });
        if (after != known.end() && after->number == e.number)
            *after = std::move(e);
        else
            known.insert(after, std::move(e));
        return {};
    }

    result<> conclude(progress_of& c, record_id number, outcome became)
    {
        constexpr auto doing = "settling";
        if (is_closed)
            return closed(doing + (" record " + std::to_string(number)));
        if (!c.schedule.in_flight(number))
            return not_in_flight(number, doing);
        auto& p = c.open.at(number);
        if (became.what == outcome::kind::retry)
        {
            ++p.attempt;
            c.schedule.postpone(number, deadline::clock::now() + became.pause);
            return {};
        }
        c.schedule.finish(number);
        const auto& what = records.at(number).what;
        history.push_back(settled{number, c.name, what.bot, what.key, became.what, std::move(became.reason),
                                  p.attempt, std::chrono::system_clock::now(), std::move(became.guard)});
        if (history.size() > options.history)
            history.pop_front();
        c.open.erase(number);
        over_for_one(number);
        return {};
    }

    void over_for_one(record_id number)
    {
        const auto found = records.find(number);
        if (--found->second.open > 0)
            return;
        bytes -= found->second.what.body.size();
        finished_names.push_back(identity(found->second.what));
        records.erase(found);
        if (finished_names.size() <= options.remembered)
            return;
        records_by_name.erase(finished_names.front());
        finished_names.pop_front();
    }

    // Null once there are too many.
    room_position* room_of(const std::string& bot, const std::string& name)
    {
        const auto known = rooms.find({bot, name});
        if (known != rooms.end())
            return &known->second;
        if (rooms.size() >= options.rooms)
            return nullptr;
        auto& fresh = rooms[{bot, name}];
        fresh.room = name;
        return &fresh;
    }

    std::vector<room_position> rooms_of(const std::string& bot) const
    {
        std::vector<room_position> answer;
        for (auto r = rooms.lower_bound({bot, {}}); r != rooms.end() && r->first.first == bot; ++r)
            answer.push_back(r->second);
        return answer;
    }

    // To be woken without the lock.
    waiters take_waiters()
    {
        waiters all;
        for (auto& c : consumers)
        {
            std::move(c.waiting.begin(), c.waiting.end(), std::back_inserter(all));
            c.waiting.clear();
        }
        return all;
    }

    // Changes something for whoever waits.
    template <class Change>
    auto change(Change how)
    {
        std::unique_lock lock(mutex);
        auto answer = how(*this);
        auto woken = take_waiters();
        lock.unlock();
        wake(std::move(woken));
        return answer;
    }

    const memory_journal_options options;
    mutable std::mutex mutex;
    bool is_closed = false;
    record_id last_record = 0;
    std::size_t bytes = 0; // of the bodies in `records`
    std::deque<progress_of> consumers;
    std::unordered_map<record_id, record> records;                      // not over for all
    std::unordered_map<std::string, record_id> records_by_name;         // those and the remembered ones
    std::deque<std::string> finished_names;                             // oldest first
    std::deque<settled> history;                                        // oldest first
    std::map<std::pair<std::string, std::string>, room_position> rooms; // bot, room
    std::map<std::string, wall_time> heard;                             // bot
};

class memory_journal::reader final : public deliveries_port
{
public:
    reader(shelf& all, progress_of& own) : shelf_(all), own_(own) {}

    const std::string& name() const { return own_.name; }

    awaitable<result<std::optional<delivery>>> claim(deadline limit) override
    {
        const auto alarm = std::make_shared<net::steady_timer>(co_await net::this_coro::executor);
        for (;;)
        {
            const auto cancellation = co_await net::this_coro::cancellation_state;
            if (cancellation.cancelled() != net::cancellation_type::none)
                co_return error(errc::stopped, "waiting for an event");
            {
                const std::lock_guard lock(shelf_.mutex);
                if (shelf_.is_closed)
                    co_return closed("waiting for an event");
                auto taken = shelf_.take(own_);
                if (taken || limit.passed())
                    co_return std::move(taken);
                shelf_.wait(own_, alarm, limit); // under the same lock: an append can't slip in between
            }
            co_await alarm->async_wait(as_result);
        }
    }

    awaitable<result<>> settle(record_id record, outcome became, deadline) override
    {
        co_return shelf_.change([&](shelf& s) { return s.conclude(own_, record, std::move(became)); });
    }

    awaitable<result<>> note(record_id record, effect e, deadline) override
    {
        const std::lock_guard lock(shelf_.mutex);
        co_return shelf_.note(own_, record, std::move(e));
    }

private:
    shelf& shelf_;
    progress_of& own_;
};

memory_journal::memory_journal(memory_journal_options options)
    : shelf_(std::make_unique<shelf>(std::move(options))), values_(shelf_->options.values)
{
    BOOST_ASSERT(!shelf_->consumers.empty());
    for (auto& c : shelf_->consumers)
        readers_.push_back(std::make_unique<reader>(*shelf_, c));
}

memory_journal::~memory_journal() = default;

awaitable<result<stored>> memory_journal::append(event what, deadline)
{
    co_return shelf_->change([&](shelf& s) { return s.keep(std::move(what)); });
}

deliveries_port& memory_journal::consumer(const std::string& name)
{
    const auto found =
        std::find_if(readers_.begin(), readers_.end(), [&](const auto& r) { return r->name() == name; });
    if (found == readers_.end())
        throw std::logic_error("the journal has no consumer \"" + name + '"');
    return **found;
}

values_port& memory_journal::values() { return values_; }

std::size_t memory_journal::unfinished() const
{
    const std::lock_guard lock(shelf_->mutex);
    return shelf_->deliveries();
}

journal_state memory_journal::state() const { return {}; }
void memory_journal::on_change(std::function<void(const journal_state&)>) {}

awaitable<void> memory_journal::close()
{
    shelf_->change([](shelf& s) { return s.is_closed = true; });
    values_.close();
    co_return;
}

void memory_journal::hold()
{
    const std::lock_guard lock(shelf_->mutex);
    for (auto& c : shelf_->consumers)
        c.schedule.hold(shelf_->last_record);
}

void memory_journal::release(const std::string& lane)
{
    shelf_->change([&](shelf& s) {
        for (auto& c : s.consumers)
            c.schedule.release(lane);
        return true;
    });
}

void memory_journal::release_all()
{
    shelf_->change([](shelf& s) {
        for (auto& c : s.consumers)
            c.schedule.release_all();
        return true;
    });
}

awaitable<result<std::vector<room_position>>> memory_journal::rooms(std::string bot, deadline)
{
    const std::lock_guard lock(shelf_->mutex);
    if (shelf_->is_closed)
        co_return closed("listing the rooms that are known");
    co_return shelf_->rooms_of(bot);
}

awaitable<result<>> memory_journal::remember(std::string bot, std::vector<room_position> told, deadline)
{
    const std::lock_guard lock(shelf_->mutex);
    if (shelf_->is_closed)
        co_return closed("noting the bot's rooms");
    for (auto& position : told)
        if (auto* room = shelf_->room_of(bot, position.room))
        {
            room->member = position.member;
            room->membership = std::move(position.membership);
        }
    co_return result<>();
}

void memory_journal::heard(std::string bot, wall_time until)
{
    const std::lock_guard lock(shelf_->mutex);
    shelf_->heard[std::move(bot)] = until;
}

awaitable<result<std::optional<wall_time>>> memory_journal::heard_until(std::string bot, deadline)
{
    const std::lock_guard lock(shelf_->mutex);
    if (shelf_->is_closed)
        co_return closed("asking until when everything was heard");
    const auto known = shelf_->heard.find(bot);
    co_return known == shelf_->heard.end() ? std::nullopt : std::optional(known->second);
}

std::optional<settled> memory_journal::find(std::string_view key) const
{
    const std::lock_guard lock(shelf_->mutex);
    const auto& history = shelf_->history;
    const auto found =
        std::find_if(history.rbegin(), history.rend(), [&](const auto& s) { return s.key == key; });
    return found == history.rend() ? std::nullopt : std::optional(*found);
}

} // namespace postern::journal
