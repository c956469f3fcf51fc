#pragma once

#include "fake_effects.hpp"
#include "postern/bot/context.hpp"
#include "postern/bot/conversation.hpp"
#include "postern/bot/speech.hpp"
#include "support/captured_log.hpp"
#include "support/fake_webex_api.hpp"
#include "support/run.hpp"

#include <memory>
#include <string>
#include <vector>

namespace postern::test {

// One message from Ana, and the context that a handler gets for it, without a consumer.
struct talk
{
    std::shared_ptr<fake_webex_api> api = std::make_shared<fake_webex_api>();
    captured_log logged;
    std::vector<std::string> hops;
    fake_effects effects{api->calls};
    std::shared_ptr<matching::speech> speech = std::make_shared<matching::speech>();
    webex::message question;
    unsigned attempts = 0;

    talk()
    {
        api->accept_posts = true;
        speech->between_edits = std::chrono::milliseconds(0);
        question.id = "question";
        question.room_id = "room";
        question.room_type = "group";
        question.person_id = "ana";
    }

    // Another attempt finds what the one before has noted.
    std::shared_ptr<matching::conversation> take_up(record_id record = 1)
    {
        delivery d;
        d.record = record;
        d.attempt = ++attempts;
        d.what.key = "key";
        d.what.room = question.room_id;
        d.effects = effects.kept;
        webex::person me;
        me.id = "me";
        matching::reply_notes notes{&effects, std::make_shared<matching::known_replies>(),
                                    std::chrono::milliseconds(1), speech};
        trail watch = [this](hop_record r) { hops.push_back(std::string(to_string(r.what)) + ' ' + r.note); };
        auto c = std::make_shared<matching::conversation>(
            std::make_shared<const matching::registry>(), api, me, deadline::after(std::chrono::seconds(3)),
            logged.writer, std::move(watch), d, std::move(notes));
        c->message = question;
        c->sender_id = question.person_id;
        return c;
    }

    // Runs `act(context)` to its end; what it came to, in words.
    template <class Act>
    std::string come_to(Act act)
    {
        std::string out;
        run([&](net::io_context&) -> awaitable<void> {
            context ctx(take_up());
            auto asked = act(ctx);
            const auto done = co_await std::move(asked);
            if (!done)
                out = describe(done.error());
            else if constexpr (requires { done->id; })
                out = done->id;
            else
                out = "done";
        });
        return out;
    }
};

} // namespace postern::test
