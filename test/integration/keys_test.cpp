#include "integration/cloud.hpp"
#include "integration/processes.hpp"

#include "postern/gateway/webhook_way.hpp"
#include "postern/journal/archive.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace postern;
using namespace postern::test;

namespace {

// Of one gateway: kind to keys.
using keys = std::map<std::string, std::multiset<std::string>>;

// What the bot does itself comes as a webhook, not over the websocket.
keys keys_in(const server& gateway, const std::string& bot)
{
    auto file = journal::archive::open(gateway.data_dir + "/journal.db");
    BOOST_TEST_REQUIRE(file.has_value());
    journal::selection all;
    all.most = 1000;
    const auto listed = (*file)->list(all);
    BOOST_TEST_REQUIRE(listed.has_value());
    keys found;
    for (const auto& one : *listed)
        if (one.what.actor != bot)
            found[one.what.kind()].insert(one.what.key);
    return found;
}

using counts = std::map<std::string, std::size_t>;

counts counted(const keys& all)
{
    counts out;
    for (const auto& [kind, of_kind] : all)
        out[kind] = std::set(of_kind.begin(), of_kind.end()).size(); // the distinct ones
    return out;
}

std::string shown(const counts& all)
{
    std::string text;
    for (const auto& [kind, count] : all)
        text += kind + ' ' + std::to_string(count) + ", ";
    return text;
}

// People who do one thing after another; each is counted, as the bot should hear of it.
class doings
{
public:
    explicit doings(cloud& webex) : webex_(webex) {}

    std::string create(const std::string& who, const std::string& room, const std::string& text)
    {
        return id_in(
            did("messages:created", "POST", "/messages", who, {{"roomId", room}, {"markdown", text}}));
    }
    void edit(const std::string& who, const std::string& id, const std::string& room, const std::string& text)
    {
        did("messages:updated", "PUT", "/messages/" + id, who, {{"roomId", room}, {"markdown", text}});
    }
    void erase(const std::string& who, const std::string& id)
    {
        did("messages:deleted", "DELETE", "/messages/" + id, who, nullptr, 204);
    }
    void press(const std::string& who, const std::string& card)
    {
        ++expected["attachmentActions:created"];
        webex_.set("press", {{"person", who}, {"messageId", card}, {"action", "Send"}});
    }
    std::string add(const std::string& who, const std::string& room, const std::string& whom)
    {
        return id_in(
            did("memberships:created", "POST", "/memberships", who, {{"roomId", room}, {"personId", whom}}));
    }
    void moderate(const std::string& who, const std::string& membership, bool yes)
    {
        did("memberships:updated", "PUT", "/memberships/" + membership, who, {{"isModerator", yes}});
    }
    void remove(const std::string& who, const std::string& membership)
    {
        did("memberships:deleted", "DELETE", "/memberships/" + membership, who, nullptr, 204);
    }
    void rename(const std::string& who, const std::string& room, const std::string& title)
    {
        did("rooms:updated", "PUT", "/rooms/" + room, who, {{"title", title}});
    }
    std::string found(const std::string& who, bool locked = false)
    {
        return id_in(webex_.http.json_call("POST", webex_.api("/rooms"), webex_.token(who),
                                           {{"title", "New"}, {"isLocked", locked}}));
    }

    counts expected;

private:
    json::value did(const std::string& kind, const char* method, const std::string& path,
                    const std::string& who, json::value body, unsigned status = 200)
    {
        ++expected[kind];
        return webex_.http.json_call(method, webex_.api(path), webex_.token(who), std::move(body), status);
    }
    static std::string id_in(const json::value& answer) { return text_or(answer.as_object(), "id"); }

    cloud& webex_;
};

std::string card_of_bot(cloud& webex, const std::string& room)
{
    const auto card = json::parse(R"({"contentType": "application/vnd.microsoft.card.adaptive",
        "content": {"type": "AdaptiveCard", "version": "1.2",
                    "body": [{"type": "TextBlock", "text": "Well?"}],
                    "actions": [{"type": "Action.Submit", "title": "Send"}]}})");
    const auto posted =
        webex.http.json_call("POST", webex.api("/messages"), webex.token("bot"),
                             {{"roomId", room}, {"text", "a card"}, {"attachments", json::array{card}}});
    return text_or(posted.as_object(), "id");
}

constexpr auto mention = "<@personEmail:postern@webex.bot|Postern> ";

void a_busy_day(cloud& webex, doings& people)
{
    const auto talk = webex.direct_room("alice");
    const auto first = people.create("alice", talk, "/echo one");
    people.edit("alice", first, talk, "/echo won");
    people.edit("alice", first, talk, "/echo two"); // another edit of the same message
    people.create("alice", talk, "/echo one");      // the same text again
    people.erase("alice", people.create("alice", talk, "a slip"));

    const auto group = webex.group_room("bob", "Night shift");
    const auto asked = people.create("bob", group, std::string(mention) + "/echo here");
    people.edit("bob", asked, group, std::string(mention) + "/echo there");
    people.erase("bob", asked);

    const auto card = card_of_bot(webex, talk);
    people.press("alice", card);
    people.press("alice", card); // the same, submitted again

    // Only a locked room has moderators.
    const auto admin = webex.id_of("admin");
    const auto locked = people.found("bob", true);
    people.add("bob", locked, webex.id_of("bot"));
    const auto membership = people.add("bob", locked, admin);
    people.moderate("bob", membership, true);
    people.moderate("bob", membership, false);
    people.remove("bob", membership);
    people.remove("bob", people.add("bob", locked, admin)); // the same membership comes and goes again
    people.rename("bob", locked, "Early shift");
    people.rename("bob", locked, "Late shift");

    // A room of another region.
    const auto far = people.found("carol");
    people.add("carol", far, webex.id_of("bot"));
    people.create("carol", far, std::string(mention) + "/echo from afar");

    // Whoever writes to the bot for the first time makes a room.
    webex.set("messages", {{"person", "admin"}, {"to", "bot"}, {"text", "/echo new here"}});
    ++people.expected["messages:created"];
}

// Whatever else webhooks tell, though postern asks for none of it: somebody else's, signed with our secret.
void register_all(cloud& webex, const server& hooks)
{
    auto secret = content(hooks.data_dir + "/webhook-secret");
    secret.erase(secret.find_last_not_of('\n') + 1);
    for (const auto* resource : {"messages", "memberships", "rooms"})
        webex.http.json_call("POST", webex.api("/webhooks"), webex.token("bot"),
                             {{"name", "all"},
                              {"targetUrl", hooks.webhook_url()},
                              {"resource", resource},
                              {"event", "all"},
                              {"secret", secret}});
}

// A webhook and the websocket tell of these with nothing in common that would tell one from the next: see
// verify/event_key.
const std::set<std::string> told_in_two_ways{"messages:updated", "memberships:updated", "memberships:deleted",
                                             "rooms:updated"};

bool has_all(const keys& heard, const counts& expected)
{
    const auto distinct = counted(heard);
    return std::all_of(expected.begin(), expected.end(), [&](const auto& e) {
        const auto found = distinct.find(e.first);
        return found != distinct.end() && found->second >= e.second;
    });
}

} // namespace

// The key of an event does not tell how it came in: that is what makes it one event in every mode.
BOOST_AUTO_TEST_SUITE(keys_alike)

BOOST_AUTO_TEST_CASE(one_thing_has_one_key_in_both_modes_and_two_things_have_two)
{
    cloud webex;
    server socket(webex, "websocket"), hooks(webex, "webhook");
    socket.ready();
    hooks.ready();
    register_all(webex, hooks); // and messages:created comes twice

    doings people(webex);
    a_busy_day(webex, people);
    const auto bot = webex.id_of("bot");
    auto by_webhook = people.expected;
    by_webhook.erase("messages:updated"); // its payload is not known to tell one edit from the next
    keys by_socket, by_hooks;
    eventually([&] { return has_all(by_socket = keys_in(socket, bot), people.expected); });
    eventually([&] { return has_all(by_hooks = keys_in(hooks, bot), by_webhook); });
    BOOST_TEST_MESSAGE("by websocket: " << shown(counted(by_socket))
                                        << "by webhook: " << shown(counted(by_hooks)));
    BOOST_TEST(has_all(by_socket, people.expected));
    BOOST_TEST(has_all(by_hooks, by_webhook));
    for (const auto& [kind, count] : people.expected)
        BOOST_TEST_CONTEXT(kind)
        {
            for (const auto* all : {&by_socket[kind], &by_hooks[kind]}) // one row a key
                BOOST_TEST(std::set(all->begin(), all->end()).size() == all->size());
            if (!told_in_two_ways.contains(kind))
                BOOST_TEST(by_hooks[kind] == by_socket[kind], boost::test_tools::per_element());
        }
    for (const auto& wanted : wanted_webhooks({}, *postern::bot().known())) // what postern itself asks for
        BOOST_TEST(people.expected.contains(wanted.resource + ':' + wanted.event));
    socket.stop();
    hooks.stop();
}

BOOST_AUTO_TEST_SUITE_END()
