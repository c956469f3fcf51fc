// Webhooks: protocol/webex-rest.md 4.9, 5 and 10.3, 16-21.

#include "cloud_fixture.hpp"

#include "postern/base/ids.hpp"
#include "postern/emulator/webhook_rules.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

namespace {

struct webhooks_fixture : cloud_fixture
{
    // "messages/created messages/created": what one request sent out, concrete values.
    static std::string told(const answered& a)
    {
        std::string all;
        for (std::size_t i = 0; i < a.deliveries.size(); ++i)
        {
            const auto e = a.event(i);
            all += (all.empty() ? "" : " ") + text_or(e, "resource") + '/' + text_or(e, "event");
        }
        return all;
    }
    std::string membership_id(std::string_view name)
    {
        const auto found = get("alice", "/memberships?roomId=" + night_shift() + "&personId=" + id(name));
        return text_or(found.items().at(0).as_object(), "id");
    }
    answered plain(std::string_view as, std::string_view room, std::string_view text = "x")
    {
        return post(as, "/messages", {{"roomId", room}, {"text", text}});
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(webhooks, webhooks_fixture)

BOOST_AUTO_TEST_CASE(a_webhook_looks_as_the_service_shows_one)
{
    const auto made = post("bot", "/webhooks",
                           {{"name", "postern messages"},
                            {"targetUrl", "http://127.0.0.1:9/x"},
                            {"resource", "messages"},
                            {"event", "created"},
                            {"filter", "roomType=direct"},
                            {"secret", "s3cr3t"}});
    BOOST_TEST_REQUIRE(made.status == 200u);
    BOOST_TEST(keys_of(made.body.as_object()) ==
               "id,name,targetUrl,resource,event,filter,secret,orgId,createdBy,appId,ownedBy,status,created");
    BOOST_TEST(made.text("status") == "active");
    BOOST_TEST(get("bot", "/webhooks/" + made.text("id")).bytes == made.bytes);
    BOOST_TEST(parse_id(made.text("appId"))->native.size() == 65u);
    BOOST_TEST(keys_of(hook("bot", "all", "all").body.as_object()) ==
               "id,name,targetUrl,resource,event,orgId,createdBy,appId,ownedBy,status,created");
    BOOST_TEST(get("bot", "/webhooks").items().size() == 2u);
    BOOST_TEST(get("alice", "/webhooks").items().empty());
}

BOOST_AUTO_TEST_CASE(name_and_target_are_required)
{
    const json::object good{
        {"name", "n"}, {"targetUrl", "http://x.example/"}, {"resource", "messages"}, {"event", "created"}};
    auto without = [&](std::string_view key) {
        auto o = good;
        o[key] = nullptr;
        return post("bot", "/webhooks", o);
    };
    BOOST_TEST(without("name").text("message") == "name cannot be empty");
    BOOST_TEST(without("targetUrl").text("message") == "targetUrl cannot be null");
    BOOST_TEST(without("resource").status == 400u);
    BOOST_TEST(without("event").status == 400u);
    auto odd = good;
    odd["targetUrl"] = "gopher://x";
    BOOST_TEST(post("bot", "/webhooks", odd).status == 400u);
    odd = good;
    odd["ownedBy"] = "org";
    BOOST_TEST(post("bot", "/webhooks", odd).status == 403u);
}

BOOST_AUTO_TEST_CASE(resource_and_event_must_be_a_pair_of_the_table)
{
    for (const auto& [resource, event] :
         std::initializer_list<std::pair<const char*, const char*>>{{"messages", "created"},
                                                                    {"messages", "deleted"},
                                                                    {"messages", "all"},
                                                                    {"memberships", "created"},
                                                                    {"memberships", "updated"},
                                                                    {"memberships", "deleted"},
                                                                    {"memberships", "all"},
                                                                    {"rooms", "created"},
                                                                    {"rooms", "updated"},
                                                                    {"rooms", "migrated"},
                                                                    {"rooms", "all"},
                                                                    {"attachmentActions", "created"},
                                                                    {"meetings", "started"},
                                                                    {"all", "all"}})
        BOOST_TEST(hook("alice", resource, event).status == 200u, resource << '/' << event);
    for (const auto& [resource, event] :
         std::initializer_list<std::pair<const char*, const char*>>{{"messages", "updated"},
                                                                    {"attachmentActions", "all"},
                                                                    {"attachmentActions", "deleted"},
                                                                    {"all", "created"},
                                                                    {"meetings", "all"},
                                                                    {"telephony_mwi", "created"},
                                                                    {"unknown", "created"},
                                                                    {"", ""}})
        BOOST_TEST(hook("alice", resource, event).status == 400u, resource << '/' << event);
}

BOOST_AUTO_TEST_CASE(a_filter_has_known_keys_possible_values_and_objects_one_may_see)
{
    BOOST_TEST(hook("bot", "messages", "created", "roomId=" + night_shift() + "&mentionedPeople=me").status ==
               200u);
    BOOST_TEST(hook("bot", "messages", "created", "colour=red").status == 400u);
    BOOST_TEST(hook("bot", "messages", "created", "roomType=huge").status == 400u);
    BOOST_TEST(hook("bot", "messages", "created", "roomId").status == 400u);
    BOOST_TEST(hook("bot", "rooms", "created", "roomId=" + night_shift()).status == 400u);
    BOOST_TEST(hook("bot", "all", "all", "roomId=" + night_shift()).status == 400u);
    const auto no = hook("bob", "messages", "created", "roomId=" + room("alice", "Vendors"));
    BOOST_TEST(no.status == 400u);
    BOOST_TEST(no.text("message") == "invalid value for filter: roomId");
}

BOOST_AUTO_TEST_CASE(creating_takes_the_read_scope_of_the_resource)
{
    const auto token =
        control("POST", "/tokens", {{"person", "bot"}, {"scopes", {"spark:messages_read"}}}).text("token");
    const auto create = [&](std::string_view resource, std::string_view event) {
        auto r = request("", "POST", "/v1/webhooks",
                         json::serialize(json::object{{"name", "n"},
                                                      {"targetUrl", "http://x.example/"},
                                                      {"resource", resource},
                                                      {"event", event}}));
        r.headers.add("Authorization", "Bearer " + token);
        return send(r).status;
    };
    BOOST_TEST(create("messages", "created") == 200u);
    BOOST_TEST(create("attachmentActions", "created") == 200u);
    BOOST_TEST(create("rooms", "created") == 403u);
    BOOST_TEST(create("all", "all") == 403u);
}

BOOST_AUTO_TEST_CASE(an_update_changes_name_target_and_secret_and_nothing_else)
{
    const auto made = hook("bot", "messages", "created");
    auto whole = made.body.as_object();
    whole["name"] = "renamed";
    whole["resource"] = "rooms";
    whole["status"] = "inactive";
    whole["secret"] = "new";
    const auto changed = put("bot", "/webhooks/" + made.text("id"), whole);
    BOOST_TEST(changed.status == 200u);
    BOOST_TEST(changed.text("name") == "renamed");
    BOOST_TEST(changed.text("resource") == "messages");
    BOOST_TEST(changed.text("status") == "active");
    BOOST_TEST(changed.text("secret") == "new");
    BOOST_TEST(put("bot", "/webhooks/" + made.text("id"), {{"name", "x"}}).status == 400u);
    BOOST_TEST(put("alice", "/webhooks/" + made.text("id"), whole).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_deleted_webhook_is_gone)
{
    const auto made = hook("bot", "messages", "created").text("id");
    BOOST_TEST(del("alice", "/webhooks/" + made).status == 404u);
    BOOST_TEST(del("bot", "/webhooks/" + made).status == 204u);
    BOOST_TEST(get("bot", "/webhooks/" + made).status == 404u);
    BOOST_TEST(del("bot", "/webhooks/" + made).status == 404u);
    BOOST_TEST(told(mention()) == "");
}

BOOST_AUTO_TEST_CASE(the_envelope_has_the_order_of_live_deliveries_and_metadata_only)
{
    const auto made = hook("bot", "messages", "all", "mentionedPeople=me");
    const auto said = mention("a secret word");
    BOOST_TEST_REQUIRE(said.deliveries.size() == 1u);
    const auto e = said.event(0);
    BOOST_TEST(keys_of(e) ==
               "id,name,targetUrl,resource,event,filter,orgId,createdBy,appId,ownedBy,status,created,"
               "actorId,data");
    BOOST_TEST(text_or(e, "id") == made.text("id"));
    BOOST_TEST(text_or(e, "event") == "created"); // concrete, though the webhook said "all"
    BOOST_TEST(text_or(e, "created") == made.text("created"));
    BOOST_TEST(text_or(e, "actorId") == id("alice"));
    BOOST_TEST(keys_of(e.at("data").as_object()) ==
               "id,roomId,roomType,personId,personEmail,mentionedPeople,created");
    BOOST_TEST(said.deliveries[0].what.body.find("secret word") == std::string::npos);
    BOOST_TEST(said.deliveries[0].what.data_id == said.text("id"));
    BOOST_TEST(said.deliveries[0].what.target_url == "http://127.0.0.1:9/x");
}

BOOST_AUTO_TEST_CASE(the_secret_signs_and_never_travels)
{
    post("bot", "/webhooks",
         {{"name", "n"},
          {"targetUrl", "http://127.0.0.1:9/x"},
          {"resource", "messages"},
          {"event", "created"},
          {"secret", "s3cr3t"}});
    const auto said = mention();
    BOOST_TEST(said.deliveries.at(0).what.key.reveal() == "s3cr3t");
    BOOST_TEST(said.deliveries.at(0).what.body.find("s3cr3t") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_bot_hears_of_direct_messages_of_mentions_and_of_its_own_posts)
{
    hook("bot", "messages", "created");
    BOOST_TEST(told(plain("bob", night_shift())) == "");
    BOOST_TEST(told(mention()) == "messages/created");
    BOOST_TEST(told(plain("alice", room("alice", "Postern"))) == "messages/created");
    BOOST_TEST(told(plain("bot", night_shift())) == "messages/created");
    const auto root = mention().text("id");
    BOOST_TEST(
        told(post("bob", "/messages", {{"roomId", night_shift()}, {"parentId", root}, {"text", "x"}})) == "");
}

BOOST_AUTO_TEST_CASE(a_user_hears_of_everything_in_their_rooms_and_of_nothing_else)
{
    hook("bob", "messages", "created");
    BOOST_TEST(told(plain("alice", night_shift())) == "messages/created");
    BOOST_TEST(told(plain("alice", room("alice", "Vendors"))) == "");
}

BOOST_AUTO_TEST_CASE(deletions_and_edits_are_told)
{
    hook("bot", "messages", "deleted");
    hook("bot", "messages", "all");
    const auto said = mention();
    BOOST_TEST(told(said) == "messages/created");
    BOOST_TEST(told(put("alice", "/messages/" + said.text("id"),
                        {{"roomId", night_shift()},
                         {"markdown", "<@personEmail:postern@webex.bot> again"}})) == "messages/updated");
    BOOST_TEST(told(del("alice", "/messages/" + said.text("id"))) == "messages/deleted messages/deleted");
}

BOOST_AUTO_TEST_CASE(a_bot_learns_of_a_new_room_by_its_own_membership)
{
    hook("bot", "all", "all");
    const auto made = post("alice", "/rooms", {{"title", "new"}});
    BOOST_TEST(told(made) == "");
    const auto added = post("alice", "/memberships", {{"roomId", made.text("id")}, {"personId", id("bot")}});
    BOOST_TEST_REQUIRE(told(added) == "memberships/created");
    BOOST_TEST(text_or(added.event(0), "actorId") == id("alice"));
    BOOST_TEST(keys_of(added.event(0).at("data").as_object()) ==
               "id,roomId,roomType,personId,personEmail,personDisplayName,personOrgId,isModerator,isMonitor,"
               "isRoomHidden,created");
    BOOST_TEST(told(post("bot", "/rooms", {{"title", "own"}})) == "rooms/created memberships/created");
}

BOOST_AUTO_TEST_CASE(a_room_event_has_no_title)
{
    hook("bot", "rooms", "updated");
    const auto renamed = put("alice", "/rooms/" + night_shift(), {{"title", "Day shift"}});
    BOOST_TEST_REQUIRE(told(renamed) == "rooms/updated");
    BOOST_TEST(keys_of(renamed.event(0).at("data").as_object()) ==
               "id,type,isLocked,creatorId,lastActivity,created");
}

BOOST_AUTO_TEST_CASE(whoever_is_removed_is_told_and_the_actor_is_the_remover)
{
    hook("bot", "memberships", "all");
    const auto gone = del("alice", "/memberships/" + membership_id("bot"));
    BOOST_TEST_REQUIRE(told(gone) == "memberships/deleted");
    BOOST_TEST(text_or(gone.event(0), "actorId") == id("alice"));
    BOOST_TEST(told(put("alice", "/rooms/" + night_shift(), {{"title", "x"}})) == "");
}

BOOST_AUTO_TEST_CASE(a_direct_room_brings_both_memberships_before_the_message)
{
    hook("bot", "all", "all");
    BOOST_TEST(told(post("bob", "/messages", {{"toPersonId", id("bot")}, {"text", "hi"}})) ==
               "memberships/created memberships/created messages/created");
}

BOOST_AUTO_TEST_CASE(a_pressed_card_is_told_to_its_author_alone_and_not_by_the_firehose)
{
    hook("bot", "all", "all");
    hook("bot", "attachmentActions", "created");
    hook("alice", "attachmentActions", "created");
    const json::object card{{"contentType", "application/vnd.microsoft.card.adaptive"},
                            {"content", {{"type", "AdaptiveCard"}}}};
    const auto posted =
        post("bot", "/messages", {{"roomId", night_shift()}, {"attachments", json::array{card}}});
    const auto pressed =
        post("bob", "/attachment/actions",
             {{"type", "submit"}, {"messageId", posted.text("id")}, {"inputs", {{"a", "b"}}}});
    BOOST_TEST_REQUIRE(told(pressed) == "attachmentActions/created");
    BOOST_TEST(text_or(pressed.event(0), "createdBy") == id("bot"));
    BOOST_TEST(text_or(pressed.event(0), "actorId") == id("bob"));
    BOOST_TEST(keys_of(pressed.event(0).at("data").as_object()) ==
               "id,type,messageId,personId,roomId,created");
}

BOOST_AUTO_TEST_CASE(filters_let_through_what_fits)
{
    const auto fires_for = [&](std::string_view filter, const answered& what) {
        const auto n = std::count_if(what.deliveries.begin(), what.deliveries.end(), [&](const auto& d) {
            return text_or(json::parse(d.what.body).as_object(), "filter") == filter;
        });
        return n == 1;
    };
    const std::string by_room = "roomId=" + night_shift(), direct = "roomType=direct",
                      of_bob = "personEmail=Bob@example.com", me = "mentionedPeople=me",
                      both = "personId=" + id("alice") + "&roomType=group", files = "hasFiles=true",
                      cards = "hasAttachments=false";
    for (const auto& filter : {by_room, direct, of_bob, me, both, files, cards})
        BOOST_TEST_REQUIRE(hook("bot", "messages", "created", filter).status == 200u);
    const auto in_group = mention();
    BOOST_TEST(fires_for(by_room, in_group));
    BOOST_TEST(!fires_for(direct, in_group));
    BOOST_TEST(!fires_for(of_bob, in_group));
    BOOST_TEST(fires_for(me, in_group));
    BOOST_TEST(fires_for(both, in_group));
    BOOST_TEST(!fires_for(files, in_group));
    BOOST_TEST(fires_for(cards, in_group));
    const auto from_bob = post("bob", "/messages", {{"toPersonId", id("bot")}, {"text", "hi"}});
    BOOST_TEST(!fires_for(by_room, from_bob));
    BOOST_TEST(fires_for(direct, from_bob));
    BOOST_TEST(fires_for(of_bob, from_bob));
    BOOST_TEST(!fires_for(both, from_bob));
}

BOOST_AUTO_TEST_CASE(a_hundred_failures_in_five_minutes_disable_a_webhook_and_its_owner_revives_it)
{
    const auto made = hook("bot", "messages", "created");
    const delivery_report failed{made.text("id"), "x", 500, "the target answered 500", {}, {}};
    for (int i = 0; i < 99; ++i)
        c.delivery_ended(failed);
    BOOST_TEST(get("bot", "/webhooks/" + made.text("id")).text("status") == "active");
    c.delivery_ended(failed);
    BOOST_TEST(get("bot", "/webhooks/" + made.text("id")).text("status") == "inactive");
    BOOST_TEST(told(mention()) == "");

    const json::object again{{"name", "n"}, {"targetUrl", "http://127.0.0.1:9/x"}, {"status", "active"}};
    BOOST_TEST(put("bot", "/webhooks/" + made.text("id"), again).text("status") == "active");
    BOOST_TEST(told(mention()) == "messages/created");
    c.delivery_ended(failed); // one is enough for five minutes
    BOOST_TEST(get("bot", "/webhooks/" + made.text("id")).text("status") == "inactive");
    put("bot", "/webhooks/" + made.text("id"), again);
    control("POST", "/clock", {{"advanceMs", 301'000}});
    c.delivery_ended(failed);
    BOOST_TEST(get("bot", "/webhooks/" + made.text("id")).text("status") == "active");
}

BOOST_AUTO_TEST_CASE(a_report_for_a_webhook_that_is_gone_changes_nothing)
{
    c.delivery_ended({"nonsense", "x", 0, "no answer", {}, {}});
    BOOST_TEST(get("bot", "/webhooks").status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
