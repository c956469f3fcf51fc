#pragma once

#include "fake_effects.hpp"
#include "postern/bot/bot.hpp"
#include "postern/bot/bot_consumer.hpp"
#include "support/captured_log.hpp"
#include "support/fake_webex_api.hpp"
#include "support/run.hpp"

#include <memory>
#include <string>
#include <vector>

namespace postern::test {

// A bot with its consumer and a scripted Webex; each test says what arrives and looks at what was done.
struct scene
{
    std::shared_ptr<fake_webex_api> api = std::make_shared<fake_webex_api>();
    captured_log logged;
    std::vector<std::string> hops; // "handled /echo"
    postern::bot bot;
    bot_options options;
    webex::person who = me();
    fake_effects effects{api->calls};
    bool with_effects = false;

    scene()
    {
        api->accept_posts = true;
        options.settling = std::chrono::milliseconds(1);
        options.read_again = {std::chrono::milliseconds(1), std::chrono::milliseconds(1),
                              std::chrono::milliseconds(1)};
    }

    static webex::person me()
    {
        webex::person p;
        p.id = "me";
        p.display_name = "Postern Gateway";
        return p;
    }

    static event arrival(std::string resource, std::string name, std::string person)
    {
        event e;
        e.resource = std::move(resource);
        e.name = std::move(name);
        e.key = "key";
        e.room = "room";
        e.actor = "ana";
        e.data_id = "object";
        e.body = R"({"data":{"personId":")" + person + R"("}})";
        return e;
    }

    static webex::message said(std::string text)
    {
        webex::message m;
        m.id = "object";
        m.room_id = "room";
        m.room_type = "direct";
        m.text = std::move(text);
        m.person_id = "ana";
        m.person_email = "ana@example.com";
        return m;
    }

    outcome handle(event what) { return handle(delivery{1, 1, std::move(what)}); }
    outcome handle(delivery what, std::chrono::milliseconds time = std::chrono::seconds(3))
    {
        outcome became;
        run([&](net::io_context&) -> awaitable<void> {
            auto consumer = make_consumer();
            became = co_await consumer->handle(what, deadline::after(time));
        });
        return became;
    }

    // A direct message arrives and can be read.
    outcome hear(std::string text) { return hear(said(std::move(text))); }
    outcome hear(webex::message m)
    {
        api->messages.push_back(std::move(m));
        return handle(arrival("messages", "created", "ana"));
    }

    std::unique_ptr<bot_consumer> make_consumer()
    {
        trail watch = [this](hop_record r) { hops.push_back(std::string(to_string(r.what)) + ' ' + r.note); };
        return std::make_unique<bot_consumer>(bot, api, who, logged.writer, std::move(watch), options,
                                              with_effects ? &effects : nullptr);
    }
};

inline std::string text(const outcome& o) { return std::string(to_string(o.what)) + ": " + o.reason; }

} // namespace postern::test
