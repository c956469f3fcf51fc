#include "postern/bot/progress.hpp"

#include "postern/bot/context.hpp"
#include "postern/bot/say/progress_state.hpp"
#include "postern/bot/say/say.hpp"
#include "postern/bot/say/split_text.hpp"
#include "postern/bot/speech.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace postern {
namespace {

using shared = std::shared_ptr<matching::conversation>;

constexpr std::chrono::milliseconds first_pause{1000};

// The number was set apart when the message was said; if the handler has asked something since, it belongs to
// another delivery.
awaitable<result<webex::message>> finish(std::shared_ptr<matching::progress_state> p, std::string markdown)
{
    const shared c = matching::present(p->began);
    const unsigned number = c == p->began ? p->last_number : c->replies.take(1);
    auto pieces = matching::in_pieces(*c, std::move(markdown), &split_markdown);
    if (!pieces)
    {
        auto refused = co_await matching::refuse(c, pieces.error());
        co_return refused;
    }
    const auto like = matching::answer_to(*c);
    result<webex::message> last = error(errc::bad_input);
    bool edited = false;
    if (!c->replies.earlier(number)) // else an earlier attempt could not edit
    {
        context here(c);
        const auto done = co_await here.edit(p->message_id, pieces->front());
        edited = done.has_value();
    }
    if (edited)
    {
        webex::message shown;
        shown.id = p->message_id;
        shown.room_id = c->message.room_id;
        shown.room_type = c->message.room_type;
        shown.parent_id = like.parent_id;
        shown.person_id = c->me.id;
        last = std::move(shown);
    }
    else
    {
        std::vector<std::string> first(1, pieces->front());
        auto instead = matching::sayings(like, &webex::new_message::markdown, std::move(first));
        last = co_await matching::say(c, std::move(instead), number);
    }
    if (!last || pieces->size() == 1)
        co_return last;
    pieces->erase(pieces->begin());
    auto rest = matching::sayings(like, &webex::new_message::markdown, std::move(*pieces));
    last = co_await matching::say(c, std::move(rest));
    co_return last;
}

awaitable<result<>> nothing_to_do() { co_return result<>(); }

} // namespace

namespace matching {

progress_state::progress_state(std::shared_ptr<conversation> c, std::string id, unsigned n)
    : began(std::move(c)), message_id(std::move(id)), last_number(n),
      budget(deadline::clock::now(), began->notes.with ? began->notes.with->between_edits : first_pause)
{
}

} // namespace matching

awaitable<result<>> progress::update(std::string markdown) const
{
    bool now = false;
    {
        const std::lock_guard lock(state_->mutex);
        now = state_->budget.take(deadline::clock::now());
    }
    if (!now)
        return nothing_to_do();
    return context(state_->began).edit(state_->message_id, std::move(markdown));
}

awaitable<result<webex::message>> progress::done(std::string markdown) const
{
    return finish(state_, std::move(markdown));
}

const std::string& progress::message_id() const { return state_->message_id; }

} // namespace postern
