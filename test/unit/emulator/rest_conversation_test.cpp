// From an activity's UUID to the public id, without knowing the cluster: protocol/mercury.md 7.4 and 9.1.

#include "cloud_fixture.hpp"

#include "postern/base/ids.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

namespace {

struct conversation_fixture : cloud_fixture
{
    answered look_up(std::string_view as, std::string_view what, std::string_view uuid)
    {
        return send(request(
            as, "GET",
            std::string("/conversation/api/v1/").append(what).append("/").append(uuid).append("?x=1")));
    }
    json::array card()
    {
        return {{{"contentType", "application/vnd.microsoft.card.adaptive"},
                 {"content", {{"type", "AdaptiveCard"}, {"version", "1.3"}}}}};
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rest_conversation, conversation_fixture)

BOOST_AUTO_TEST_CASE(a_message_is_found_by_its_uuid_whatever_its_cluster)
{
    for (const auto* title : {"Night shift", "Vendors"})
    {
        const auto said = post("alice", "/messages", {{"roomId", room("alice", title)}, {"text", "hi"}});
        const auto found = look_up("alice", "messages", uuid_of(said.text("id")));
        BOOST_TEST(found.status == 200u);
        BOOST_TEST(keys_of(found.body.as_object()) ==
                   "id,roomId,roomType,text,personId,personEmail,created"); // as webex_bot got it
        BOOST_TEST(found.text("id") == said.text("id"));
        BOOST_TEST(get("alice", "/messages/" + found.text("id")).status == 200u);
    }
}

BOOST_AUTO_TEST_CASE(what_the_caller_may_not_see_is_not_there)
{
    const auto quiet = post("alice", "/messages", {{"roomId", night_shift()}, {"text", "not for the bot"}});
    const auto uuid = uuid_of(quiet.text("id"));
    BOOST_TEST(look_up("bob", "messages", uuid).status == 200u);
    BOOST_TEST(look_up("bot", "messages", uuid).status == 404u);
    BOOST_TEST(look_up("carol", "messages", uuid).status == 404u);
    BOOST_TEST(look_up("", "messages", uuid).status == 401u);
    BOOST_TEST(look_up("bot", "messages", uuid_of(mention().text("id"))).status == 200u);
    del("alice", "/messages/" + quiet.text("id"));
    BOOST_TEST(look_up("bob", "messages", uuid).status == 404u);
}

BOOST_AUTO_TEST_CASE(what_is_no_uuid_of_a_message_is_not_there)
{
    for (const auto* id : {"x", "%00", "%FF%FE", "..", "1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10"})
        for (const auto* what : {"messages", "attachment/actions"})
            BOOST_TEST(look_up("alice", what, id).status == 404u, id);
    BOOST_TEST(look_up("alice", "conversations", "1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10").status == 404u);
    BOOST_TEST(
        send(request("alice", "DELETE", "/conversation/api/v1/messages/1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10"))
            .status == 405u);
}

BOOST_AUTO_TEST_CASE(a_card_submission_is_found_by_its_uuid_whatever_its_cluster)
{
    for (const auto* title : {"Night shift", "Vendors"})
    {
        const auto shown =
            post("bot", "/messages",
                 {{"roomId", room("bot", title)}, {"text", "choose"}, {"attachments", card()}});
        const auto done =
            post("alice", "/attachment/actions",
                 {{"type", "submit"}, {"messageId", shown.text("id")}, {"inputs", {{"a", "b"}}}});
        const auto found = look_up("bot", "attachment/actions", uuid_of(done.text("id")));
        BOOST_TEST(found.bytes == done.bytes);
        BOOST_TEST(get("bot", "/attachment/actions/" + found.text("id")).status == 200u);
        BOOST_TEST(look_up("bot", "messages", uuid_of(done.text("id"))).status == 404u);
        BOOST_TEST(look_up("admin", "attachment/actions", uuid_of(done.text("id"))).status == 404u);
    }
}

BOOST_AUTO_TEST_CASE(the_public_api_takes_a_bare_uuid_wherever_clients_send_one)
{
    const auto asked = mention();
    const auto uuid = uuid_of(asked.text("id"));
    BOOST_TEST(get("bot", "/messages/" + uuid).bytes == asked.bytes);
    const auto reply =
        post("bot", "/messages",
             {{"roomId", night_shift()}, {"text", "choose"}, {"parentId", uuid}, {"attachments", card()}});
    BOOST_TEST(reply.status == 200u);
    BOOST_TEST(reply.text("parentId") == asked.text("id"));
    const auto done =
        post("alice", "/attachment/actions", {{"type", "submit"}, {"messageId", uuid_of(reply.text("id"))}});
    BOOST_TEST(get("bot", "/attachment/actions/" + uuid_of(done.text("id"))).bytes == done.bytes);
    BOOST_TEST(del("bot", "/messages/" + uuid_of(reply.text("id"))).status == 204u);
}

BOOST_AUTO_TEST_CASE(metrics_are_swallowed_whatever_they_are)
{
    for (const auto* body : {"{\"metrics\":[]}", "", "{", "\xff"})
        for (const auto* as : {"alice", ""})
        {
            const auto taken = send(request(as, "POST", "/metrics/api/v1/clientmetrics", body));
            BOOST_TEST(taken.status == 204u);
            BOOST_TEST(taken.bytes.empty());
        }
    BOOST_TEST(send(request("alice", "GET", "/metrics/api/v1/clientmetrics")).status == 405u);
    BOOST_TEST(send(request("alice", "POST", "/metrics/api/v1/other")).status == 404u);
}

BOOST_AUTO_TEST_SUITE_END()
