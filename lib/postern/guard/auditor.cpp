#include "postern/guard/auditor.hpp"

#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "postern/guard/audit_book.hpp"
#include "postern/guard/audit_file.hpp"
#include "postern/guard/member_walk.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <limits>
#include <optional>
#include <utility>

namespace postern::guard {
namespace {

using namespace std::chrono_literals;

constexpr auto between_writes = 2s;

error not_possible(std::string why, std::string advice)
{
    return error(errc::bad_configuration, "auditing the rooms")
        .because(std::move(why))
        .advise(std::move(advice));
}

// One audit. Its tasks share the caller's strand.
class round
{
public:
    round(guard_options options, audit_options how, std::shared_ptr<webex::api> cloud,
          const webex::person& me, const log& out)
        : options_(std::move(options)), how_(std::move(how)), cloud_(std::move(cloud)), log_(out.in("guard")),
          rules_(options_, me),
          book_(audit_basis(options_, me), how_.fix, how_.give_up_after, std::chrono::system_clock::now())
    {
    }

    awaitable<result<audit_report>> go()
    {
        co_await net::this_coro::throw_if_cancelled(false);
        const auto limit = deadline::after(how_.list_timeout);
        auto all = co_await within(
            limit, cloud_->list_rooms(std::string(), std::numeric_limits<std::size_t>::max(), limit));
        if (!all)
            co_return error(all.error()).during("auditing the rooms");
        begin(*all);
        co_await look_at_all();
        if (thrown_)
            std::rethrow_exception(thrown_);
        if (fatal_)
        {
            save();
            co_return std::move(*fatal_).during("auditing the rooms");
        }
        end();
        co_return book_.report();
    }

private:
    void begin(const std::vector<webex::room>& all)
    {
        const auto now = std::chrono::system_clock::now();
        auto earlier = how_.resume_file.empty() ? std::nullopt : read_audit_file(how_.resume_file);
        const bool goes_on = earlier && book_.resume(std::move(*earlier), now);
        book_.begin(all);
        if (goes_on && how_.log_rooms)
            log_.info("the audit of all rooms goes on where it was interrupted",
                      {{"begun", format_time(book_.memory().begun)},
                       {"looked_at", book_.state().looked_at},
                       {"rooms", book_.state().all}});
        tell_progress();
    }

    awaitable<void> look_at_all()
    {
        task_scope workers([this](std::exception_ptr failure) { thrown_ = failure; });
        const auto strand = co_await net::this_coro::executor;
        const std::function<awaitable<void>()> work = [this] { return look_at_some(); };
        for (std::size_t i = 0; i < std::max<std::size_t>(how_.side_by_side, 1); ++i)
            workers.spawn(strand, work);
        const auto for_ever = deadline::at(deadline::clock::time_point::max());
        auto ended = co_await workers.drained(for_ever);
        while (!ended) // we were cancelled
        {
            stopped_ = true;
            workers.stop(net::cancellation_type::terminal);
            ended = co_await workers.drained(for_ever);
        }
    }

    awaitable<void> look_at_some()
    {
        while (!stopped_ && !fatal_)
        {
            auto room = book_.next();
            if (!room)
                co_return;
            co_await look_at(std::move(*room));
            save_now_and_then();
            tell_progress();
        }
    }

    awaitable<void> look_at(webex::room where)
    {
        if (rules_.admits_room(where.id))
        {
            book_.admitted(where.id);
            co_return;
        }
        const auto limit = deadline::after(how_.room_timeout);
        auto seen = co_await walk_members(rules_, *cloud_, where.id, limit);
        if (stopped_)
            co_return;
        if (!seen)
        {
            const auto gone = co_await is_gone(where.id, seen.error(), limit);
            if (stopped_)
                co_return;
            if (gone)
                book_.admitted(where.id);
            else
                note_failure(audit_verdict_on(where, {}, options_.action, false).room, seen.error());
            co_return;
        }
        if (seen->finding.admitted)
        {
            book_.admitted(where.id);
            co_return;
        }
        auto verdict = audit_verdict_on(where, std::move(seen->finding), options_.action, how_.fix);
        if (!verdict.room.failed.empty())
            book_.failed(std::move(verdict.room), false);
        else if (!verdict.todo.needed())
            book_.refused(std::move(verdict.room));
        else
            co_await mend(std::move(verdict), limit);
    }

    // It may have been deleted, or we removed from it, since the rooms were listed.
    awaitable<bool> is_gone(std::string room, error why, deadline limit)
    {
        if (!why.is(errc::not_found))
            co_return false;
        const auto found = co_await within(limit, cloud_->get_room(std::move(room), limit));
        co_return found.has_error() && found.error().is(errc::not_found);
    }

    awaitable<void> mend(audit_verdict verdict, deadline limit)
    {
        auto room = std::move(verdict.room);
        room.action = in_words(verdict.todo);
        book_.about_to_mend(room);
        save();
        const auto removed = verdict.todo.memberships.size();
        const bool removes = verdict.todo.what == deed::kind::remove;
        const auto done = co_await perform(std::move(verdict.todo), room.room, std::string(), *cloud_, limit);
        if (stopped_)
            co_return; // the next audit sees what came of it
        if (!done)
        {
            room.action.clear();
            const bool direct = room.type == "direct";
            note_failure(std::move(room), done.error(), direct ? "it is direct, and can't be left: " : "");
        }
        else if (const auto all = room.finding.outsiders.size(); removes && removed < all)
        {
            room.failed = std::to_string(all - removed) + " outsiders are left for the next audit";
            book_.failed(std::move(room), false);
        }
        else
            book_.mended(std::move(room));
        save();
    }

    void note_failure(audited_room room, const error& why, const std::string& in_front = {})
    {
        if (why.is(errc::token_rejected))
            fatal_ = why;
        room.failed = in_front + describe(why);
        book_.failed(std::move(room), why.is(failure::retry_later));
    }

    void tell_progress() const
    {
        if (how_.progress)
            how_.progress(book_.state());
    }

    void save_now_and_then()
    {
        if (deadline::clock::now() - saved_ >= between_writes)
            save();
    }

    void save()
    {
        if (how_.resume_file.empty())
            return;
        saved_ = deadline::clock::now();
        const auto written = write_audit_file(how_.resume_file, book_.memory());
        if (written)
            return;
        log_.warning("if this audit is interrupted, the next one begins anew",
                     {{"reason", describe(written.error())}});
        how_.resume_file.clear();
    }

    void end()
    {
        if (!book_.finished())
            save();
        else if (!how_.resume_file.empty())
            if (const auto removed = remove_audit_file(how_.resume_file); !removed)
                log_.warning("the next audit will skip rooms", {{"reason", describe(removed.error())}});
        if (how_.log_rooms)
            tell_log(book_.report());
    }

    void tell_log(const audit_report& r) const
    {
        for (const auto& b : r.bad)
            log_.warning(b.mended           ? "a bad room was mended"
                         : b.failed.empty() ? "a bad room"
                                            : "a room could not be audited",
                         {{"room", b.room},
                          {"title", printable(b.title, 80)},
                          {"type", printable(b.type, 20)},
                          {"action", b.action},
                          {"reason", b.failed.empty() ? b.finding.reason : b.failed}});
        log_.info(r.complete ? "all rooms were audited" : "the audit of all rooms was cut short",
                  {{"rooms", r.rooms},
                   {"looked_at", r.looked_at},
                   {"bad", r.bad.size()},
                   {"mended", r.mended()},
                   {"failures", r.failures}});
    }

    const guard_options options_;
    audit_options how_;
    const std::shared_ptr<webex::api> cloud_;
    const log log_;
    const membership_rules rules_;
    audit_book book_;
    deadline::clock::time_point saved_ = deadline::clock::now();
    std::optional<error> fatal_;
    std::exception_ptr thrown_;
    bool stopped_ = false;
};

} // namespace

awaitable<result<audit_report>> audit(guard_options options, audit_options how,
                                      std::shared_ptr<webex::api> cloud, webex::person me, log out)
{
    if (!options.configured())
        co_return not_possible("nobody said who may be in a room with the bot",
                               "set guard.organisations (--allow-org own), guard.domains, guard.people or "
                               "guard.rooms");
    if (how.fix && options.check == check_of::sender)
        co_return not_possible("with guard.check = sender rooms with outsiders are intended",
                               "audit without mending, or set guard.check to room");
    round one(std::move(options), std::move(how), std::move(cloud), me, out);
    auto report = co_await one.go();
    co_return report;
}

} // namespace postern::guard
