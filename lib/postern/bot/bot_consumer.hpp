#pragma once

#include "postern/base/log.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/trail.hpp"
#include "postern/bot/bot.hpp"
#include "postern/bot/triage.hpp"
#include "postern/webex/types.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::webex {
class api;
}

namespace postern::matching {
struct utterance;
}

namespace postern {

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
};

// Lets a bot act on events: the consumer behind the dispatcher.
//
// messages:created is read by its id and handed to the command it begins with; memberships:created of the bot
// itself is greeted; attachmentActions:created is read and handed to on_card. Everything else, and everything
// the bot did itself, is ignored with a reason. handle() is thread-safe, never throws
// and makes every call within its deadline; the deadline does not stop a handler that waits for something
// else.
//
// Outcomes: done also for a handler that failed, once the user was told; dead when the user could not be told
// or the message can't be read; retry for what may pass, with a long pause for a rejected token.
class bot_consumer final : public consumer_port
{
public:
    // `me` is the bot's own person, as people/me tells it. `hops` may be empty: nobody watches.
    bot_consumer(std::shared_ptr<const bot> what, std::shared_ptr<webex::api> api, webex::person me, log out,
                 trail hops, bot_options options = {});
    // The bot must outlive the consumer and every handler.
    bot_consumer(const bot& what, std::shared_ptr<webex::api> api, webex::person me, log out, trail hops,
                 bot_options options = {});

    awaitable<outcome> handle(delivery what, deadline limit) override;

private:
    struct job; // what runs, and under which name
    using conversation = std::shared_ptr<matching::conversation>;

    awaitable<outcome> act(delivery what, deadline limit);
    awaitable<outcome> read_message(delivery what, conversation with);
    awaitable<outcome> read_card(delivery what, conversation with);
    awaitable<outcome> run(delivery what, conversation with, job work);

    job choose(matching::conversation& with, const matching::utterance& said) const;
    outcome unread(const delivery& what, const error& e, std::string_view thing) const;

    const std::shared_ptr<const bot> bot_;
    const std::shared_ptr<webex::api> api_;
    const webex::person me_;
    const log log_;
    const trail hops_;
    const bot_options options_;
};

} // namespace postern
