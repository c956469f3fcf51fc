#pragma once

#include "postern/base/log.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/trail.hpp"
#include "postern/bot/bot.hpp"
#include "postern/bot/hear/triage.hpp"
#include "postern/webex/types.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::webex {
class api;
}

namespace postern::matching {
class admission;
class cooldown_book;
class dialogue;
class known_replies;
struct speech;
struct command;
struct utterance;
} // namespace postern::matching

namespace postern {

class file_fetcher;
class values_port;

struct bot_options
{
    // Webex may announce a message a moment before it can be read: so long before each further try
    // (protocol/webex-rest.md 5.8).
    std::vector<std::chrono::milliseconds> read_again{
        std::chrono::milliseconds(500), std::chrono::milliseconds(1000), std::chrono::milliseconds(1500)};
    matching::pauses pauses;
    // In rooms of more than two, answer only messages that mention the bot. Webex shows a bot no others; an
    // integration with a person's token hears everything.
    bool only_when_mentioned = true;
    std::string apology = "Sorry, something went wrong while I was handling that.";
    std::string took_too_long = "Sorry, that took too long, and I stopped it.";
    // /help is shown as an adaptive card where it is small enough for one.
    bool help_as_card = false;
    // How long is remembered to which organisation somebody belongs, and whether he moderates a room, for
    // commands that ask for it.
    std::chrono::milliseconds permission_memory{60'000};
    // Of a call that only helps to list the commands somebody may give: what it can't tell is left out.
    std::chrono::milliseconds longest_question{5'000};
    std::function<deadline::clock::time_point()> clock = deadline::clock::now; // for cooldowns and the above
    // A reply whose POST got no answer may still be on its way: so long after its note before it is looked
    // for.
    std::chrono::milliseconds settling{1000};
};

// Lets a bot act on events: the consumer behind the dispatcher.
//
// messages:created is read by its id and handed to the command it begins with; memberships:created of the bot
// itself is greeted; attachmentActions:created is read and handed to on_card; the other events of bot.hpp go
// to their handlers. Everything else, and everything the bot did itself, is ignored with a reason. Before a
// command runs come, in this order, its permission, its arguments and its cooldown; who may not, or not yet,
// is told so, and the event is ignored with that reason. handle() is thread-safe, never throws
// and makes every call within its deadline. A handler gets that time (context::limit()) but for its last
// quarter, or its last five seconds. If it has not ended a moment later it is told to, by cancellation, and
// so is the user, with a reference; if it does not hear that, it goes on alone: the event is over all the
// same, and what the handler says from then on is not noted. Only a handler that blocks its thread holds up
// others.
//
// Outcomes: done also for a handler that failed, once the user was told, with a reference, the number of the
// record in the journal, that `postern events why` understands; dead when the user could not be told
// or the message can't be read; retry for what may pass, with a long pause for a rejected token.
//
// Once, and where that ends. With `effects` every reply, the greeting and the apology included, is noted
// durably just before it is sent, and its id just after. When a delivery comes again (a crash, a stop, a
// handler past its deadline, a retry) the handler runs again from its start, and its n-th reply
//  - that has an id is out: it is not sent again, whatever the handler now says
//  - that has none is looked for in the room (bot/say/reply_search.hpp), and sent only if it is not there
//  - is held back, and the delivery with it (retry), if the room can't be asked just now
// What remains is the window between the two notes: a crash, or a lost connection, after the cloud took a
// reply and before its id was noted. Where the room can be looked at that is made good: direct rooms, and
// every room with a person's token. A reply may be there twice
//  - in a group room, where a bot can't list what it said itself (protocol/webex-rest.md 8.3)
//  - if more than 1,000 messages were said in the room since
//  - if the cloud took the POST later than `settling`, or echoes other words than it was given
//  - if our clock is more than a minute ahead of the cloud's
// The first two are told by a warning and by "may be there twice" in the trail. A reply may be missing if the
// same words were said to another event of the room less than a minute before a crash in the window and
// nothing else tells the two apart (earliest_reply). Without a crash, a stop or a lost connection none of
// this can happen. What a handler does besides replying is not noted: it happens again when the handler runs
// again.
class bot_consumer final : public consumer_port
{
public:
    // `me` is the bot's own person, as people/me tells it. `hops` may be empty: nobody watches. `effects`
    // belongs to the journal that hands out the deliveries, and must outlive the consumer and every handler;
    // without it replies are not noted, and a delivery that comes again is answered again.
    bot_consumer(std::shared_ptr<const bot> what, std::shared_ptr<webex::api> api, webex::person me, log out,
                 trail hops, bot_options options = {}, effects_port* effects = nullptr);
    // The bot must outlive the consumer and every handler.
    bot_consumer(const bot& what, std::shared_ptr<webex::api> api, webex::person me, log out, trail hops,
                 bot_options options = {}, effects_port* effects = nullptr);

    // What a bot remembers with, and gets files from the web with; each may be null. Before the first event;
    // the store must outlive every handler.
    void equip(values_port* store, std::shared_ptr<file_fetcher> web);

    awaitable<outcome> handle(delivery what, deadline limit) override;

    // For a stop, after the last delivery: ends the questions that are open (context::ask) and waits for the
    // handlers that asked. False: some still ran at the deadline.
    awaitable<bool> close(deadline limit);

private:
    struct job;  // what runs, and under which name
    struct door; // what becomes of a command before it runs
    using conversation = std::shared_ptr<matching::conversation>;

    awaitable<outcome> act(delivery what, deadline limit);
    awaitable<outcome> read_message(delivery what, conversation with, matching::wanted asked);
    awaitable<outcome> read_card(delivery what, conversation with);
    awaitable<door> admit(delivery what, conversation with, job work);
    awaitable<void> learn_what_may_be_shown(conversation with) const;
    awaitable<outcome> run(delivery what, conversation with, job work);

    job choose(const conversation& with, const matching::utterance& said) const;
    door refuse(const matching::command& c, const matching::conversation& with, std::string why) const;
    outcome unread(const delivery& what, const error& e, std::string_view thing) const;

    const std::shared_ptr<const bot> bot_;
    const std::shared_ptr<webex::api> api_;
    const webex::person me_;
    const log log_;
    const trail hops_;
    const bot_options options_;
    effects_port* const effects_;
    const std::shared_ptr<matching::known_replies> replies_;
    const std::shared_ptr<matching::speech> speech_;
    const std::shared_ptr<matching::admission> admission_;
    const std::shared_ptr<matching::cooldown_book> cooldowns_;
};

} // namespace postern
