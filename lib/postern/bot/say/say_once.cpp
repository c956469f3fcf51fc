#include "postern/bot/say/say_once.hpp"

#include "postern/base/within.hpp"
#include "postern/bot/say/reply_search.hpp"
#include "postern/bot/say/reply_steps.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace postern::matching {
namespace {

using shared = std::shared_ptr<conversation>;
using clock = std::chrono::system_clock;

awaitable<result<>> note(shared c, effect e)
{
    if (!c->notes.effects || c->replies.closed())
        co_return result<>{};
    auto noted = co_await c->notes.effects->note(c->replies.record(), std::move(e), c->limit);
    if (noted || !noted.error().is(errc::bad_input))
        co_return noted;
    co_return result<>{}; // the delivery is over: nothing will repeat what is said now
}

// What is known after the fact spares the next attempt a look at the room, no more.
awaitable<void> note_outcome(shared c, effect e)
{
    const auto noted = co_await note(c, std::move(e));
    if (!noted && !noted.error().is(errc::stopped))
        c->out.warning("what became of a reply is not noted",
                       {{"why", describe(noted.error())}, {"key", c->key}});
}

// A message to a person goes into the room of two with him; which one that is, only Webex knows.
bool is_to_person(const webex::new_message& m) { return m.to.room_id.empty(); }

reply_search search_for(const shared& c, const effect& e, const webex::new_message& words)
{
    const reply_search::reader who{c->me.id, c->me.is_bot()};
    const reply_search::place where{words.to.room_id, is_to_person(words) ? "direct" : c->message.room_type,
                                    words.parent_id};
    return {who, where, e.digest, earliest_reply(e.at, c->happened, c->received),
            [c, number = e.number](const std::string& id) { return c->replies.claim(number, id); }};
}

// A POST whose answer was lost may still be on its way.
awaitable<result<>> let_it_settle(shared c, clock::time_point at)
{
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(at + c->notes.settling - clock::now());
    const auto pause = std::clamp(left, milliseconds::zero(), c->notes.settling);
    if (pause == milliseconds::zero())
        co_return result<>{};
    if (c->limit.left() <= pause)
        co_return error(errc::timed_out);
    const bool waited = co_await pause_for(pause);
    if (!waited)
        co_return error(errc::stopped);
    co_return result<>{};
}

awaitable<result<std::vector<webex::message>>> list_place(shared c, webex::new_message words,
                                                          reply_search::next what, std::size_t most)
{
    if (what == reply_search::next::list_thread)
        return c->api->list_thread(words.to.room_id, words.parent_id, most, c->limit);
    if (is_to_person(words))
        return c->api->list_direct_messages(words.to.to_person_id, most, c->limit);
    return c->api->list_messages(words.to.room_id, false, most, c->limit);
}

awaitable<result<webex::message>> post(const shared& c, const saying& what)
{
    if (what.file)
        return c->api->post_file(what.words, *what.file, c->limit);
    return c->api->post_message(what.words, c->limit);
}

// `words` belongs to the caller, who awaits.
awaitable<sighting> look_up(shared c, effect e, const webex::new_message& words)
{
    reply_search search = search_for(c, e, words);
    auto next = search.start();
    if (next != reply_search::next::over)
    {
        const auto settled = co_await let_it_settle(c, e.at);
        if (!settled)
            next = search.listed(settled.error());
    }
    while (next != reply_search::next::over)
    {
        const auto newest = co_await list_place(c, words, next, search.most());
        next = search.listed(newest);
    }
    co_return std::move(search.seen());
}

webex::message sent_earlier(const conversation& c, const webex::new_message& words, std::string id)
{
    webex::message m;
    m.id = std::move(id);
    m.room_id = words.to.room_id;
    m.room_type = is_to_person(words) ? "direct" : c.message.room_type;
    m.parent_id = words.parent_id;
    m.person_id = c.me.id;
    return m;
}

void tell_known(const conversation& c, const std::string& id)
{
    c.out.info("a reply is out already and is not sent again", {{"reply", id}, {"key", c.key}});
    c.note(hop::replied, id + " (out already)");
}

void warn_of_double(const conversation& c, const error& why)
{
    c.out.warning("a reply is sent again: whether an earlier attempt sent it can't be looked up",
                  {{"why", describe(why)}, {"key", c.key}});
}

} // namespace

awaitable<result<webex::message>> say_once(shared c, unsigned number, saying what)
{
    using step = reply_steps::next;
    reply_steps steps(c->replies.earlier(number));
    webex::message said;
    auto next = steps.start();
    for (;;)
        switch (next)
        {
        case step::note:
        {
            if (steps.maybe_twice())
                warn_of_double(*c, *steps.maybe_twice());
            effect planned{number, fingerprint(what.words, what.file.has_value()), clock::now(), {}};
            const auto noted = co_await note(c, planned);
            next = noted ? steps.noted(std::move(planned)) : steps.not_noted(noted.error());
            break;
        }
        case step::post:
        {
            auto posted = co_await post(c, what);
            next = posted ? steps.posted() : steps.not_posted(posted.error());
            if (posted)
                said = std::move(*posted);
            break;
        }
        case step::look_up:
        {
            sighting seen = co_await look_up(c, steps.sought(), what.words);
            next = steps.looked(seen);
            said = std::move(seen.which);
            break;
        }
        case step::known:
            said = sent_earlier(*c, what.words, steps.sought().id);
            tell_known(*c, said.id);
            c->said.sent();
            co_return said;
        case step::found:
        {
            effect done = steps.sought();
            done.id = said.id;
            co_await note_outcome(c, std::move(done));
            tell_known(*c, said.id);
            c->said.sent();
            co_return said;
        }
        case step::sent:
        {
            c->replies.claim(number, said.id);
            c->said.sent();
            effect done = steps.sought();
            done.id = said.id;
            co_await note_outcome(c, std::move(done));
            c->note(hop::replied, said.id + (steps.maybe_twice() ? " (may be there twice)" : ""));
            co_return said;
        }
        case step::withdraw:
        {
            effect undone = steps.sought();
            undone.digest.clear();
            co_await note_outcome(c, std::move(undone));
            next = step::give_up;
            break;
        }
        case step::give_up:
            if (steps.held_back())
                c->said.hold_back(steps.why());
            if (steps.in_doubt())
                c->said.doubt();
            co_return steps.why();
        }
}

} // namespace postern::matching
