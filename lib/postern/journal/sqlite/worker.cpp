#include "postern/journal/sqlite/worker.hpp"

#include "postern/journal/sqlite/calls.hpp"
#include "postern/journal/sqlite/trouble.hpp"

#include <SQLiteCpp/Exception.h>

#include <algorithm>
#include <utility>

namespace postern::journal::sqlite {
namespace {

using namespace std::chrono_literals;

std::string reason_of(const error& e) { return e.advice.empty() ? e.ours : e.ours + "; " + e.advice; }

} // namespace

connection_options connection_of(const sqlite_journal_options& o)
{
    return {o.file, o.vfs, o.size_limit, o.busy_timeout};
}

value_limits value_limits_of(const sqlite_journal_options& o)
{
    auto limits = o.values;
    limits.total = std::min(limits.total, o.size_limit / 4);
    return limits;
}

worker::worker(sqlite_journal_options options, log out, lock_file lock, std::unique_ptr<open_file> file,
               parts with)
    : options_(std::move(options)), log_(std::move(out)), with_(std::move(with)), lock_(std::move(lock)),
      file_(std::move(file)), notes_since_(clock::now()), next_probe_(notes_since_),
      next_requests_(notes_since_), next_tidy_(notes_since_), next_checkpoint_(notes_since_),
      thread_([this] { run(); })
{
}

worker::~worker()
{
    if (!with_.queue->closed())
        with_.queue->close(nullptr);
    thread_.join();
}

sqlite_journal_counters worker::counters() const
{
    return {tally_.commits, tally_.calls, tally_.reads, tally_.checkpoints, tally_.removed};
}

void worker::run()
{
    auto& queue = *with_.queue;
    for (bool ended = false; !ended;)
    {
        const auto& calls = queue.take(options_.group, next_wake());
        serve(calls);
        queue.done();
        look_after(clock::now());
        ended = queue.closed() && queue.idle();
    }
    shut_down();
}

void worker::serve(const call_queue::calls& calls)
{
    call_queue::calls reads, writes;
    for (const auto& c : calls)
        (c->reads_only() ? reads : writes).push_back(c);
    if (!reads.empty()) // first: nobody who only reads waits for a commit
    {
        std::for_each(reads.begin(), reads.end(), [this](const auto& c) { read(c); });
        with_.queue->answer(reads);
    }
    if (!writes.empty())
    {
        write(writes);
        with_.queue->answer(writes);
    }
}

void worker::read(const std::shared_ptr<call>& c)
{
    ++tally_.reads;
    if (!usable())
        return c->fail(last_trouble_);
    try
    {
        auto d = fresh_desk();
        c->perform(d);
    }
    catch (const SQLite::Exception& e)
    {
        auto why = explained(e, c->doing);
        log_.error("the journal can't be read", {{"reason", reason_of(why)}});
        c->fail(std::move(why));
    }
}

void worker::write(const call_queue::calls& group)
{
    const auto fail_all = [&](const error& why) {
        for (const auto& c : group)
        {
            auto own = why;
            own.doing = c->doing;
            c->fail(std::move(own));
        }
    };
    if (!usable())
        return fail_all(last_trouble_);
    try
    {
        together(group);
    }
    catch (const SQLite::Exception& e)
    {
        const auto why = explained(e, {}); // before the rollback: it asks the connection
        file_->events.roll_back();
        auto d = fresh_desk();
        for (const auto& c : group)
            c->rolled_back(d);
        const bool at_fault = trouble_of(e.getErrorCode()) == trouble::call;
        if (at_fault && group.size() > 1)
            for (const auto& c : group) // one of them is: the others are not to suffer
                write({c});
        else
            fail_all(why);
        if (!at_fault)
            broke(why, e);
    }
}

void worker::together(const call_queue::calls& group)
{
    std::uint64_t needed = 0;
    for (const auto& c : group)
        needed += c->weight;
    auto d = fresh_desk();
    file_->events.begin();
    file_is_full_ = !make_room(needed);
    d.file_is_full = file_is_full_;
    const bool notes = notes_are_due(1s);
    if (notes)
        put_notes();
    for (const auto& c : group)
        c->perform(d);
    file_->events.commit();

    ++tally_.commits;
    tally_.calls += group.size();
    if (notes)
        notes_are_put();
    for (const auto& c : group)
        c->committed(d);
    if (d.woke)
        with_.shared.change([](front&) {});
    works();
    if (d.refused.empty())
        return reconsider_room();
    if (!with_.fitness.crowded())
        log_.warning("there is no room for more events", {{"reason", d.refused}});
    with_.fitness.set_crowded(d.refused);
}

desk worker::fresh_desk()
{
    return {file_->events,
            file_->notes,
            notes_,
            file_->values,
            with_.shared,
            limits{options_.unfinished, options_.unfinished_bytes},
            value_limits_of(options_)};
}

bool worker::usable()
{
    if (!connect_again_)
        return file_ != nullptr;
    file_.reset(); // never two connections of ours, nor locks that the first one holds
    auto fresh = open_file::open(connection_of(options_), options_.consumers);
    if (!fresh)
    {
        broke(fresh.error());
        return false;
    }
    file_ = std::move(*fresh);
    connect_again_ = false;
    try
    {
        // A commit that failed may be in the file all the same: its events are not to be forgotten.
        for (const auto& [name, id] : file_->consumers)
        {
            const auto rows = file_->events.pending(id);
            with_.shared.change([&](front& f) {
                f.known.load(rows, std::chrono::system_clock::now(), clock::now());
                f.known.set_newest(file_->events.newest());
            });
        }
        return true;
    }
    catch (const SQLite::Exception& e)
    {
        broke(explained(e, {}), e);
        return false;
    }
}

void worker::broke(const error& why, const SQLite::Exception& e)
{
    const auto kind = trouble_of(e.getErrorCode());
    connect_again_ = kind == trouble::broken || kind == trouble::damaged;
    broke(why);
}

void worker::broke(const error& why)
{
    last_trouble_ = why;
    if (why.is(errc::file_unreadable) && file_ == nullptr) // it was opened once: others may try again
        last_trouble_.code = make_error_code(errc::journal_full);
    next_probe_ = clock::now() + options_.probe_every;
    if (!with_.fitness.broken())
        log_.error("events can't be kept", {{"reason", reason_of(why)}});
    with_.fitness.set_broken(reason_of(why));
}

void worker::works()
{
    if (!with_.fitness.broken())
        return;
    log_.info("events are kept again");
    with_.fitness.set_broken({});
}

error worker::explained(const SQLite::Exception& e, std::string doing)
{
    return explain(e, std::move(doing), options_.file, file_ ? file_->database().getHandle() : nullptr);
}

} // namespace postern::journal::sqlite
