#include "postern/journal/sqlite_journal.hpp"

#include "postern/journal/sqlite/calls.hpp"
#include "postern/journal/sqlite/consumer_deliveries.hpp"
#include "postern/journal/sqlite/queued_values.hpp"
#include "postern/journal/sqlite/trouble.hpp"
#include "postern/journal/sqlite/wait_for.hpp"
#include "postern/journal/sqlite/worker.hpp"

#include <SQLiteCpp/Exception.h>

#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

namespace postern::journal {
namespace {

using namespace sqlite;

// More calls than that wait only if the disk does not answer.
constexpr std::size_t queued_at_most = 8'192;
constexpr std::size_t queued_bytes_at_most = 64 << 20;

class opened_journal final : public sqlite_journal
{
public:
    opened_journal(const net::any_io_executor& where, sqlite_journal_options options, log out, lock_file lock,
                   std::unique_ptr<open_file> file, board known)
        : shared_(std::move(known)),
          queue_(std::make_shared<call_queue>(where, queued_at_most, queued_bytes_at_most)),
          values_(queue_, value_limits_of(options))
    {
        file->notes.read(heard_);
        doubt_what_came_late(*file);
        const consumer_deliveries::patience p{options.busy_timeout, options.probe_every};
        for (const auto& [name, id] : file->consumers)
            consumers_.emplace(name, std::make_unique<consumer_deliveries>(id, shared_, queue_, p));
        thread_.emplace(std::move(options), std::move(out), std::move(lock), std::move(file),
                        worker::parts{shared_, heard_, health_, queue_});
    }

    awaitable<result<stored>> append(event what, deadline limit) override
    {
        return wait_for<stored>(queue_, std::make_shared<append_call>(std::move(what), limit));
    }

    deliveries_port& consumer(const std::string& name) override
    {
        const auto found = consumers_.find(name);
        if (found == consumers_.end())
            throw std::logic_error("the journal has no consumer \"" + name + '"');
        return *found->second;
    }

    values_port& values() override { return values_; }

    std::size_t unfinished() const override
    {
        const std::lock_guard lock(shared_.mutex);
        return shared_.known.unfinished();
    }

    journal_state state() const override { return health_.state(); }
    void on_change(std::function<void(const journal_state&)> watcher) override
    {
        health_.watch(std::move(watcher));
    }

    awaitable<void> close() override
    {
        shared_.change([](front& f) { f.closed = true; });
        auto last = std::make_shared<last_call>();
        put_last start{queue_};
        (void)co_await net::async_initiate<const net::use_awaitable_t<>, void(result<>)>(
            std::move(start), net::use_awaitable, std::move(last));
    }

    void hold() override
    {
        const std::lock_guard lock(shared_.mutex);
        shared_.known.hold();
    }
    void release(const std::string& lane) override
    {
        shared_.change([&](front& f) { f.known.release(lane); });
    }
    void release_all() override
    {
        shared_.change([](front& f) { f.known.release_all(); });
    }

    awaitable<result<std::vector<room_position>>> rooms(std::string bot, deadline limit) override
    {
        auto call = std::make_shared<rooms_call>(std::move(bot), limit);
        return wait_for<std::vector<room_position>>(queue_, std::move(call));
    }

    awaitable<result<>> remember(std::string bot, std::vector<room_position> told, deadline limit) override
    {
        auto call = std::make_shared<remember_call>(std::move(bot), std::move(told), limit);
        return wait_for<void>(queue_, std::move(call));
    }

    void heard(std::string bot, wall_time until) override { heard_.set(std::move(bot), until); }

    awaitable<result<std::optional<wall_time>>> heard_until(std::string bot, deadline) override
    {
        if (queue_->closed())
            co_return error(errc::stopped, "asking until when everything was heard")
                .because("the journal is closed");
        co_return heard_.of(bot);
    }

    sqlite_journal_counters counters() const override { return thread_->counters(); }

private:
    struct put_last
    {
        std::shared_ptr<call_queue> queue;

        template <class Handler>
        void operator()(Handler handler, std::shared_ptr<last_call> last) const
        {
            last->set_handler(std::move(handler), queue->where());
            queue->close(std::move(last));
        }
    };

    // The last run may have ended in the middle of a recovery: of what came in live since everything was
    // last heard, something older may still have to be fetched.
    void doubt_what_came_late(open_file& file)
    {
        const auto unsure = [this](const std::string& bot, wall_time received) {
            const auto sure = heard_.of(bot);
            return !sure || received > *sure;
        };
        try
        {
            for (const auto& [name, id] : file.consumers)
                if (const auto first = file.events.first_live(id, unsure))
                    shared_.known.doubt_since(*first);
        }
        catch (const SQLite::Exception&) // a damaged event: told when its turn comes
        {
            shared_.known.doubt_since(1);
        }
    }

    front shared_;
    heard_times heard_;
    health health_;
    std::shared_ptr<call_queue> queue_;
    queued_values values_;
    std::map<std::string, std::unique_ptr<consumer_deliveries>> consumers_;
    std::optional<worker> thread_; // last: it uses all of the above
};

board board_of(open_file& file, std::size_t cached)
{
    std::vector<consumer_id> ids;
    for (const auto& [name, id] : file.consumers)
        ids.push_back(id);
    board known(ids, cached);
    for (const auto id : ids)
        known.load(file.events.pending(id), std::chrono::system_clock::now(),
                   std::chrono::steady_clock::now());
    known.set_newest(file.events.newest());
    return known;
}

} // namespace

result<std::unique_ptr<sqlite_journal>> sqlite_journal::open(net::any_io_executor where,
                                                             sqlite_journal_options options, log out)
{
    if (auto placed = sqlite::prepare_place(options.file); !placed)
        return placed.error();
    auto lock = sqlite::lock_file::take(options.file + ".lock");
    if (!lock)
        return lock.error();
    auto file = sqlite::open_file::open(sqlite::connection_of(options), options.consumers);
    if (!file)
        return file.error();
    if ((*file)->parked > 0)
        out.warning("deliveries were parked: their consumer is gone", {{"deliveries", (*file)->parked}});
    try
    {
        auto known = board_of(**file, options.cached);
        const auto unfinished = known.unfinished();
        const auto name = options.file;
        std::unique_ptr<sqlite_journal> opened = std::make_unique<opened_journal>(
            where, std::move(options), out, std::move(*lock), std::move(*file), std::move(known));
        if (unfinished > 0)
            out.info("events of the last run are not over yet", {{"count", unfinished}, {"file", name}});
        return opened;
    }
    catch (const SQLite::Exception& e)
    {
        return sqlite::explain(e, "opening the journal, " + options.file, options.file);
    }
}

} // namespace postern::journal
