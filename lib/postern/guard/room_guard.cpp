#include "postern/guard/room_guard.hpp"

#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "postern/guard/identity.hpp"
#include "postern/guard/inquiries.hpp"
#include "postern/guard/member_walk.hpp"
#include "postern/guard/membership_rules.hpp"
#include "postern/guard/once_per.hpp"
#include "postern/guard/refusal_action.hpp"

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <mutex>
#include <unordered_set>
#include <utility>

namespace postern::guard {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t actions_at_once = 4;
constexpr std::size_t most_departed = 10'000;
constexpr auto not_there = "the bot is not in the room any more";

bool changes_the_room(const event& e) { return e.resource == "memberships" || e.resource == "rooms"; }

// Who does this is in the room. (Who deletes a message need not be: protocol/webex-rest.md 4.7.)
bool is_said_inside(const event& e)
{
    return (e.resource == "messages" && e.name != "deleted") || e.resource == "attachmentActions";
}

// What is fetched or repeated is old news: who spoke then may be gone for long.
bool is_live(const event& e) { return e.from == origin::webhook || e.from == origin::websocket; }

judgement refusal(std::string why) { return {verdict::refused, std::move(why), true}; }
judgement admission(std::string why) { return {verdict::admitted, std::move(why), true}; }

std::string words_for_sender(const webex::person& p, standing as)
{
    const auto name = name_of(p.emails.empty() ? std::string() : p.emails.front(), p.id, p.org_id);
    switch (as)
    {
    case standing::self: return "it is the bot's own";
    case standing::organisation: return "its sender belongs to an allowed organisation";
    case standing::domain: return "its sender has an address of an allowed domain";
    case standing::person: return "its sender is one of the allowed people";
    case standing::bot: return "its sender is a bot, and bots are allowed";
    case standing::monitor: return "its sender is a compliance account, and those are allowed";
    case standing::outsider:
    case standing::guest:
    case standing::maybe_a_bot:
    case standing::unknown: break;
    }
    return "its sender does not belong here: " + name;
}

class watchful_guard final : public room_guard
{
public:
    watchful_guard(guard_options o, std::shared_ptr<webex::api> cloud, webex::person me, log l, clock now)
        : options_(std::move(o)), rules_(options_, me), cloud_(std::move(cloud)), log_(l.in("guard")),
          now_(std::move(now)), told_(1h, options_.cached), acted_(1min, options_.cached),
          refused_(1min, options_.cached), undecided_(1min, options_.cached),
          tasks_(
              [out = log_](std::exception_ptr) { out.error("a task of the guard ended with an exception"); }),
          inquiries_(
              options_, [this](subject s, deadline d) { return look(std::move(s), d); }, now_, tasks_)
    {
        if (rules_.own_is_missing())
            log_.warning(
                "the organisation \"own\" is allowed, but Webex does not tell which that is: nothing "
                "can be decided by it");
    }

    awaitable<result<judgement>> judge(event what, deadline limit) override
    {
        opinion its;
        const auto decided = co_await decide(what, limit, its);
        if (decided.has_error())
        {
            undecided(what, decided.error());
            co_return decided.error();
        }
        const auto strand = co_await net::this_coro::executor;
        judged(what, its, strand);
        co_return std::move(its.said);
    }

    void heard(const event&) override;

    void missed() override
    {
        inquiries_.with([](verdict_cache& cache, expected_members&) { cache.forget_all(); });
    }

    awaitable<void> close() override { co_await wind_down(tasks_, 2s); }

    counters counted() const override
    {
        const auto asked = inquiries_.counted();
        const std::lock_guard lock(mutex_);
        auto all = counted_;
        all.walks = asked.walks;
        all.people = asked.people;
        return all;
    }

private:
    struct opinion
    {
        judgement said;
        deed todo{};
    };

    awaitable<result<>> decide(const event&, deadline, opinion&);
    awaitable<result<>> decide_by_room(const event&, deadline, opinion&);
    awaitable<result<>> decide_by_sender(const event&, deadline, opinion&);

    awaitable<result<known>> look(subject, deadline);
    awaitable<result<known>> look_at_room(std::string id, deadline);
    awaitable<result<known>> look_at_person(std::string id, deadline);

    void judged(const event&, const opinion&, const net::any_io_executor& strand);
    void undecided(const event&, const error&);
    void act(const std::string& room, const deed&, const net::any_io_executor& strand);
    awaitable<void> perform_task(deed, std::string room);
    void departed(const std::string& room, bool gone);
    bool is_departed(const std::string& room) const;

    const guard_options options_;
    const membership_rules rules_;
    const std::shared_ptr<webex::api> cloud_;
    const log log_;
    const clock now_;

    mutable std::mutex mutex_; // of the following
    counters counted_;
    once_per told_;      // rooms, that they are refused
    once_per acted_;     // rooms that we leave or remove somebody from, unless it succeeds
    once_per refused_;   // told by the log
    once_per undecided_; // told by the log
    std::size_t acting_ = 0;
    std::unordered_set<std::string> departed_; // rooms that we have left, or were removed from

    task_scope tasks_;    // uses all of the above
    inquiries inquiries_; // its tasks are in the scope
};

// --- what is judged by what ---

awaitable<result<>> watchful_guard::decide(const event& what, deadline limit, opinion& its)
{
    if (changes_the_room(what) && !what.room.empty())
    {
        const auto about = subject::room(what.room);
        inquiries_.with([&](verdict_cache& cache, expected_members&) {
            cache.forget_once(about.name, what.key); // heard() may have done it, or nobody told us
        });
    }
    if (rules_.admits_room(what.room))
    {
        its.said = admission("the room is one of those that are always allowed");
        co_return result<>();
    }
    if (what.kind() == "memberships:deleted" && rules_.is_me(what.data_id))
    {
        its.said = refusal(not_there);
        co_return result<>();
    }
    const bool of_sender = options_.check == check_of::sender && what.resource != "memberships";
    if (!what.actor.empty() && (of_sender || what.room.empty()))
    {
        auto decided = co_await decide_by_sender(what, limit, its);
        co_return decided;
    }
    if (what.room.empty())
    {
        its.said = refusal("it names neither a room nor who caused it");
        co_return result<>();
    }
    auto decided = co_await decide_by_room(what, limit, its);
    co_return decided;
}

awaitable<result<>> watchful_guard::decide_by_room(const event& what, deadline limit, opinion& its)
{
    const auto about = subject::room(what.room);
    const bool inside = options_.check == check_of::room && is_said_inside(what) && !what.actor.empty();
    const auto speaker = inside ? mark_of(what.actor) : 0;
    const auto before =
        inquiries_.with([](verdict_cache& cache, expected_members&) { return cache.number(); });
    for (;;)
    {
        const auto found = co_await inquiries_.ask(about, limit);
        if (found.has_error())
            co_return found.error();
        its.said = found->what->said;
        its.said.cached = found->cached;
        its.todo = found->what->todo;
        if (!inside || its.said.what == verdict::refused || found->what->includes(speaker))
            co_return result<>();
        if (found->what->number > before)
            break; // nobody looked earlier than we were asked: he really is not there
        inquiries_.with([&](verdict_cache& cache, expected_members&) { cache.forget(about.name); });
    }

    // He spoke and left, or was made to. The room is ours, but a stranger's command is none for it.
    const auto of_room = its.said;
    auto decided = co_await decide_by_sender(what, limit, its);
    its.todo = {};
    its.said.reason = "its sender is not in the room any more; " + its.said.reason;
    if (its.said.what == verdict::admitted)
        its.said.reason = of_room.reason + "; " + its.said.reason;
    co_return decided;
}

awaitable<result<>> watchful_guard::decide_by_sender(const event& what, deadline limit, opinion& its)
{
    if (rules_.is_me(what.actor))
    {
        its.said = admission("it is the bot's own");
        co_return result<>();
    }
    const auto found = co_await inquiries_.ask(subject::person(what.actor), limit);
    if (found.has_error())
        co_return found.error();
    its.said = found->what->said;
    its.said.cached = found->cached;
    its.todo = found->what->todo;
    co_return result<>();
}

void watchful_guard::heard(const event& what)
{
    if (what.room.empty() || rules_.admits_room(what.room))
        return;
    const auto about = subject::room(what.room);
    if (changes_the_room(what))
    {
        if (what.resource == "memberships" && is_live(what) && rules_.is_me(what.data_id))
            departed(what.room, what.name == "deleted");
        const auto member = mark_of(what.data_id); // of a membership's id: the person's
        const bool came = what.kind() == "memberships:created" && is_live(what);
        const bool went = what.kind() == "memberships:deleted";
        inquiries_.with([&](verdict_cache& cache, expected_members& expected) {
            cache.forget(about.name, what.key);
            if (came)
                expected.expect(about.name, member);
            if (went)
                expected.left(about.name, member);
        });
    }
    else if (is_said_inside(what) && options_.check == check_of::room)
    {
        const auto speaker = mark_of(what.actor);
        inquiries_.with([&](verdict_cache& cache, expected_members& expected) {
            const auto room = cache.peek(about.name, now_());
            const bool closed =
                room && room->said.what == verdict::refused && !room->gone; // else we are back
            if (closed || (room && room->includes(speaker)))
                return;
            if (room)
                cache.forget(about.name);
            if (is_live(what) && !what.actor.empty())
                expected.expect(about.name, speaker);
        });
    }
}

// --- looking ---

awaitable<result<known>> watchful_guard::look(subject about, deadline limit)
{
    if (about.what == subject::kind::person)
        co_return co_await look_at_person(about.id, limit);
    co_return co_await look_at_room(about.id, limit);
}

awaitable<result<known>> watchful_guard::look_at_room(std::string id, deadline limit)
{
    auto walked = co_await walk_members(rules_, *cloud_, id, limit);
    known answer;
    if (walked.has_error())
    {
        // Webex refuses a look into a room that we have left. What still waits there must not wait for that.
        const bool invisible = walked.error().is(errc::not_found) || walked.error().status == 403;
        if (!invisible || !is_departed(id))
            co_return walked.error();
        answer.said = refusal(not_there);
        answer.gone = true;
        co_return answer;
    }
    const auto& finding = walked->finding;
    if (finding.undecided)
        co_return error(errc::bad_response, "looking at the members of the room").because(finding.reason);
    answer.said.what = finding.admitted ? verdict::admitted : verdict::refused;
    answer.said.reason = finding.reason;
    answer.todo = deed_for(options_.action, finding);
    answer.members = std::move(walked->members);
    co_return answer;
}

awaitable<result<known>> watchful_guard::look_at_person(std::string id, deadline limit)
{
    const auto person = co_await within(limit, cloud_->get_person(id, limit));
    if (person.has_error())
        co_return error(person.error()).during("looking at the sender");
    const auto as = rules_.of(*person);
    if (as == standing::unknown || identity_of(person->id) != identity_of(id))
        co_return error(errc::bad_response, "looking at the sender")
            .because("not enough is known of him to decide");
    known answer;
    answer.said.what = is_allowed(as) ? verdict::admitted : verdict::refused;
    answer.said.reason = words_for_sender(*person, as);
    // The room was not looked at, so nobody leaves it.
    if (!is_allowed(as) && options_.check == check_of::sender && options_.action == on_refusal::tell)
        answer.todo.what = deed::kind::tell;
    co_return answer;
}

// --- never silent ---

void watchful_guard::judged(const event& what, const opinion& its, const net::any_io_executor& strand)
{
    const bool refused = its.said.what == verdict::refused;
    bool say = false;
    {
        const std::lock_guard lock(mutex_);
        ++counted_.asked;
        counted_.refused += refused ? 1 : 0;
        say = refused && refused_.due(what.room.empty() ? what.actor : what.room, now_());
    }
    if (say && what.room.empty())
        log_.info("events of a person are refused",
                  {{"person", what.actor}, {"reason", its.said.reason}, {"cached", its.said.cached}});
    else if (say)
        log_.info("events of a room are refused",
                  {{"room", what.room}, {"reason", its.said.reason}, {"cached", its.said.cached}});
    if (refused && its.todo.needed() && !what.room.empty())
        act(what.room, its.todo, strand);
}

void watchful_guard::undecided(const event& what, const error& why)
{
    {
        const std::lock_guard lock(mutex_);
        ++counted_.asked;
        ++counted_.undecided;
        if (!undecided_.due(what.room.empty() ? what.actor : what.room, now_()))
            return;
    }
    if (what.room.empty())
        log_.warning("cannot decide whether events of a person are admitted: they wait",
                     {{"person", what.actor}, {"reason", describe(why)}});
    else
        log_.warning("cannot decide whether events of a room are admitted: they wait",
                     {{"room", what.room}, {"reason", describe(why)}});
}

// Apart from the event, which has waited long enough.
void watchful_guard::act(const std::string& room, const deed& todo, const net::any_io_executor& strand)
{
    auto& when = todo.what == deed::kind::tell ? told_ : acted_;
    {
        const std::lock_guard lock(mutex_);
        if (acting_ >= actions_at_once || !when.due(identity_of(room), now_()))
            return; // the next refusal of the room is another occasion
        ++acting_;
        ++counted_.actions;
    }
    const bool started = tasks_.spawn(strand, [this, todo, room] { return perform_task(todo, room); });
    if (started)
        return;
    const std::lock_guard lock(mutex_);
    --acting_;
}

awaitable<void> watchful_guard::perform_task(deed todo, std::string room)
{
    const auto became =
        co_await perform(todo, room, options_.words, *cloud_, deadline::after(options_.call_timeout));
    if (todo.what == deed::kind::leave && became)
        departed(room, true);
    if (todo.what != deed::kind::tell) // some may be gone, whatever failed
        inquiries_.with([about = subject::room(room)](verdict_cache& cache, expected_members&) {
            cache.forget(about.name);
        });
    {
        const std::lock_guard lock(mutex_);
        --acting_;
        if (became) // who comes back, or brings us back, finds us as ready
            acted_.forget(identity_of(room));
    }
    if (became.has_error())
        log_.warning("nothing could be done about a refused room",
                     {{"room", room}, {"reason", describe(became.error())}});
    else
        log_.info("a refused room was dealt with", {{"room", room}, {"action", in_words(todo)}});
}

void watchful_guard::departed(const std::string& room, bool gone)
{
    const std::lock_guard lock(mutex_);
    if (departed_.size() >= most_departed)
        departed_.clear(); // what waits there then waits until it is given up
    if (gone)
        departed_.insert(identity_of(room));
    else
        departed_.erase(identity_of(room));
}

bool watchful_guard::is_departed(const std::string& room) const
{
    const std::lock_guard lock(mutex_);
    return departed_.contains(identity_of(room));
}

} // namespace

std::unique_ptr<room_guard> room_guard::make(guard_options o, std::shared_ptr<webex::api> cloud,
                                             webex::person me, log l, clock now)
{
    return std::make_unique<watchful_guard>(std::move(o), std::move(cloud), std::move(me), std::move(l),
                                            std::move(now));
}

} // namespace postern::guard
