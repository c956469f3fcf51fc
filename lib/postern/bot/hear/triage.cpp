#include "postern/bot/hear/triage.hpp"

#include "postern/base/json.hpp"

#include <algorithm>

namespace postern::matching {
namespace {

// The person that the event's data is about: a message's author, a membership's member, who submitted a card.
std::string person_of(const event& what)
{
    const auto body = parse_json(what.body, "reading an envelope");
    const auto* root = body ? body->if_object() : nullptr;
    const auto* data = root ? get_object(*root, "data") : nullptr;
    return data ? text_or(*data, "personId") : std::string();
}

constexpr const char* cut_short = "cut short because postern is stopping";

wanted ignore(std::string why) { return {task::nothing, std::move(why)}; }

// The first of the two handlers that there is; neither: why nothing happens.
wanted hand_to(const shared_handler& exact, const char* name, const shared_handler* general,
               std::string why_not)
{
    if (exact)
        return {task::hand_over, {}, exact, name};
    if (general)
        return {task::hand_over, {}, *general, "event"};
    return ignore(std::move(why_not));
}

outcome again(const error& e, const pauses& how, unsigned attempt, double random)
{
    const auto pause = how.again.pause(attempt > 0 ? attempt - 1 : 0, random);
    return outcome::retry(describe(e), std::max(pause, e.retry_after.value_or(pause)));
}

} // namespace

wanted triage(const event& what, std::string_view own_id, const registry& known)
{
    const bool by_me = what.actor == own_id;
    const std::string kind = what.kind();
    const shared_handler* const general = known.event_handler(kind);
    const std::string nobody = "nothing handles " + printable(kind, 80);
    if (kind == "messages:created")
    {
        if (by_me || person_of(what) == own_id)
            return ignore("own message");
        return what.data_id.empty() ? ignore("the event names no message") : wanted{task::read_message};
    }
    if (kind == "messages:updated" && known.on_edit)
    {
        if (by_me || person_of(what) == own_id)
            return ignore("own message");
        return what.data_id.empty() ? ignore("the event names no message")
                                    : wanted{task::read_edit, {}, known.on_edit, "edit"};
    }
    if (kind == "memberships:created")
    {
        if (person_of(what) != own_id)
        {
            if (by_me)
                return ignore("the bot added somebody itself");
            return hand_to(known.on_member_joined, "member joined", general, "somebody else joined the room");
        }
        if (by_me)
            return ignore("the bot made this room itself");
        if (known.greeting.empty())
            return hand_to(known.on_added, "added", general, "no greeting is set");
        return what.room.empty() ? ignore("the event names no room") : wanted{task::greet};
    }
    if (kind == "attachmentActions:created")
    {
        if (by_me || person_of(what) == own_id)
            return ignore("own card action");
        if (!known.on_card)
            return hand_to({}, "", general, "no handler for cards is set");
        return what.data_id.empty() ? ignore("the event names no card action") : wanted{task::read_card};
    }

    const bool of_room = what.resource == "rooms";
    const bool handled = general || of_room || kind == "messages:deleted" || kind == "memberships:deleted";
    if (by_me && handled && kind != "rooms:created")
        return ignore("the bot did this itself");
    if (kind == "messages:deleted")
        return hand_to(known.on_delete, "deletion", general, nobody);
    if (kind == "memberships:deleted" && person_of(what) == own_id)
        return hand_to(known.on_removed, "removed", general, nobody);
    if (kind == "memberships:deleted")
        return hand_to(known.on_member_left, "member left", general, nobody);
    return hand_to(of_room ? known.on_room : shared_handler(), "room", general, nobody);
}

bool is_invisible(const error& e) noexcept { return e.is(errc::not_found) || e.status == 403; }

outcome after_failed_call(const error& e, const pauses& how, unsigned attempt, double random)
{
    if (e.is(errc::token_rejected))
        return outcome::retry(describe(e), how.after_rejected_token);
    if (e.is(failure::retry_later))
        return again(e, how, attempt, random);
    return outcome::dead(describe(e));
}

outcome after_undecided(const error& e, const pauses& how, unsigned attempt, double random)
{
    const error told = error(e).during("finding out who may give a command");
    return e.is(errc::token_rejected) ? outcome::retry(describe(told), how.after_rejected_token)
                                      : again(told, how, attempt, random);
}

decision after_handler(const ending& e, const pauses& how, unsigned attempt, double random)
{
    const auto& unsaid = e.said.unsaid;
    const bool silent = e.said.sent == 0;
    const bool nothing_twice = silent || e.noted;
    if (e.cancelled && (e.threw || unsaid))
        return {false, nothing_twice ? outcome::retry(cut_short, {}) : outcome::done(cut_short)};
    if (unsaid && unsaid->is(errc::token_rejected) && nothing_twice)
        return {false, outcome::retry(describe(*unsaid), how.after_rejected_token)};
    if (e.said.held_back)
        return {false, again(*e.said.held_back, how, attempt, random)};
    if (e.threw)
        return {true, outcome::done("handler failed, and the user was told: " + e.what)};
    if (!unsaid)
        return {false, outcome::done()};

    const bool not_out = e.noted ? !e.said.in_doubt : silent && !unsaid->maybe_sent;
    if (e.only_answers && not_out && unsaid->is(failure::retry_later))
        return {false, again(*unsaid, how, attempt, random)};
    const std::string note = "handled, but the reply did not go out: " + describe(*unsaid);
    // Webex, or we, refused what was to be said; something simpler may pass.
    const bool refused = e.said.refused || unsaid->is(errc::api_rejected) || unsaid->is(errc::bad_input) ||
                         unsaid->is(errc::too_large) || unsaid->is(errc::file_unreadable);
    return {refused, outcome::done(note)};
}

outcome after_apology(const ending& e, const error& why, const pauses& how, unsigned attempt, double random)
{
    if (e.noted && why.is(errc::stopped))
        return outcome::retry(cut_short, {});
    if (e.said.held_back)
        return again(*e.said.held_back, how, attempt, random);
    if (e.threw)
        return outcome::dead("handler failed: " + e.what);
    return outcome::dead("the reply was refused: " + describe(e.said.unsaid.value_or(why)));
}

} // namespace postern::matching
