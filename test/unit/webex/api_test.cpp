#include "unit/webex/api_fixture.hpp"
#include "unit/webex/samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using test::soon;
namespace samples = postern::test::samples;

namespace {

struct fixture : test::api_fixture
{
    fixture() { options.base_url = "https://webexapis.com/v1"; }

    // One call, one answer, one request as expected.
    template <class Call>
    auto exchange(std::string_view reply, std::string_view request_line, std::string_view body, Call call)
    {
        peer->answer(200, std::string(reply));
        auto got = ask(call);
        BOOST_TEST_REQUIRE(asked() > 0u);
        const auto& last = peer->requests().back();
        BOOST_TEST(last.method + ' ' + last.url == request_line);
        BOOST_TEST(last.body == body);
        BOOST_TEST(last.headers.get("Authorization") == std::string("Bearer ") + test::token);
        BOOST_TEST(last.headers.get("Content-Type") ==
                   (body.empty() ? "" : "application/json;charset=UTF-8"));
        BOOST_TEST(peer->used_up());
        BOOST_TEST_REQUIRE(got.has_value(), (got.has_value() ? "" : describe(got.error())));
        return got;
    }
};

std::string list_of(std::string_view item) { return R"({"items":[)" + std::string(item) + "]}"; }

} // namespace

BOOST_FIXTURE_TEST_SUITE(api, fixture)

BOOST_AUTO_TEST_CASE(people_are_asked_for)
{
    auto me = exchange(samples::person, "GET https://webexapis.com/v1/people/me", "",
                       [](webex::api& web) { return web.me(soon()); });
    BOOST_TEST(me->id == samples::bot_id);
    exchange(samples::person, "GET https://webexapis.com/v1/people/P1", "",
             [](webex::api& web) { return web.get_person("P1", soon()); });
    auto found = exchange(list_of(samples::person),
                          "GET https://webexapis.com/v1/people?email=ana%2Bx%40example.com&max=100", "",
                          [](webex::api& web) { return web.find_people("ana+x@example.com", soon()); });
    BOOST_TEST(found->size() == 1u);
    auto nobody =
        exchange(R"({"items":[]})", "GET https://webexapis.com/v1/people?email=no%40example.com&max=100", "",
                 [](webex::api& web) { return web.find_people("no@example.com", soon()); });
    BOOST_TEST(nobody->empty());
}

BOOST_AUTO_TEST_CASE(rooms_are_managed)
{
    auto room = exchange(samples::room, "GET https://webexapis.com/v1/rooms/R", "",
                         [](webex::api& web) { return web.get_room("R", soon()); });
    BOOST_TEST(room->title == "Night shift");
    exchange(list_of(samples::room), "GET https://webexapis.com/v1/rooms?type=group&max=40", "",
             [](webex::api& web) { return web.list_rooms("group", 40, soon()); });
    exchange(list_of(samples::room), "GET https://webexapis.com/v1/rooms?max=100", "",
             [](webex::api& web) { return web.list_rooms("", 4000, soon()); });
    exchange(samples::room, "POST https://webexapis.com/v1/rooms", R"({"title":"Night shift"})",
             [](webex::api& web) { return web.create_room("Night shift", soon()); });
    exchange(samples::room, "PUT https://webexapis.com/v1/rooms/R", R"({"title":"Day"})",
             [](webex::api& web) { return web.rename_room("R", "Day", soon()); });
    exchange("", "DELETE https://webexapis.com/v1/rooms/R", "",
             [](webex::api& web) { return web.delete_room("R", soon()); });
}

BOOST_AUTO_TEST_CASE(memberships_are_managed)
{
    auto everyone =
        exchange(list_of(samples::membership), "GET https://webexapis.com/v1/memberships?roomId=R&max=100",
                 "", [](webex::api& web) { return web.list_memberships("R", soon()); });
    BOOST_TEST(everyone->at(0).person_email == "postern-gw@webex.bot");
    exchange(list_of(samples::membership), "GET https://webexapis.com/v1/memberships?max=100", "",
             [](webex::api& web) { return web.list_memberships("", soon()); });
    exchange(samples::membership, "GET https://webexapis.com/v1/memberships/M", "",
             [](webex::api& web) { return web.get_membership("M", soon()); });
    exchange(samples::membership, "POST https://webexapis.com/v1/memberships",
             R"({"roomId":"R","personEmail":"ana@example.com","isModerator":false})",
             [](webex::api& web) { return web.add_member("R", "ana@example.com", false, soon()); });
    exchange(samples::membership, "PUT https://webexapis.com/v1/memberships/M", R"({"isModerator":true})",
             [](webex::api& web) { return web.set_moderator("M", true, soon()); });
    exchange("", "DELETE https://webexapis.com/v1/memberships/M", "",
             [](webex::api& web) { return web.remove_member("M", soon()); });
}

BOOST_AUTO_TEST_CASE(messages_are_read_and_written)
{
    auto message = exchange(samples::message, "GET https://webexapis.com/v1/messages/M", "",
                            [](webex::api& web) { return web.get_message("M", soon()); });
    BOOST_TEST(message->text == "Postern status please");
    exchange(list_of(samples::message), "GET https://webexapis.com/v1/messages?roomId=R&max=50", "",
             [](webex::api& web) { return web.list_messages("R", false, 50, soon()); });
    exchange(list_of(samples::message),
             "GET https://webexapis.com/v1/messages?roomId=R&mentionedPeople=me&max=1", "",
             [](webex::api& web) { return web.list_messages("R", true, 1, soon()); });
    exchange(list_of(samples::message), "GET https://webexapis.com/v1/messages?roomId=R&parentId=P&max=10",
             "", [](webex::api& web) { return web.list_thread("R", "P", 10, soon()); });
    exchange(samples::message, "POST https://webexapis.com/v1/messages",
             R"({"roomId":"R","markdown":"**hi**"})", [](webex::api& web) {
                 webex::new_message m;
                 m.to.room_id = "R";
                 m.markdown = "**hi**";
                 return web.post_message(std::move(m), soon());
             });
    exchange(samples::message, "PUT https://webexapis.com/v1/messages/M",
             R"({"roomId":"R","markdown":"new"})",
             [](webex::api& web) { return web.edit_message("M", "R", "new", soon()); });
    exchange("", "DELETE https://webexapis.com/v1/messages/M", "",
             [](webex::api& web) { return web.delete_message("M", soon()); });
}

BOOST_AUTO_TEST_CASE(card_submissions_are_read_and_made)
{
    auto action = exchange(samples::action, "GET https://webexapis.com/v1/attachment/actions/A", "",
                           [](webex::api& web) { return web.get_attachment_action("A", soon()); });
    BOOST_TEST(action->type == "submit");
    exchange(samples::action, "POST https://webexapis.com/v1/attachment/actions",
             R"({"type":"submit","messageId":"M","inputs":{"op":"ack"}})",
             [](webex::api& web) { return web.submit_card("M", R"({"op":"ack"})", soon()); });
    peer->answer(202, std::string(samples::action)); // as the specification says, unlike the service
    BOOST_TEST(ask([](webex::api& web) { return web.submit_card("M", "{}", soon()); }).has_value());
}

BOOST_AUTO_TEST_CASE(webhooks_are_managed)
{
    auto hooks = exchange(list_of(samples::webhook), "GET https://webexapis.com/v1/webhooks?max=100", "",
                          [](webex::api& web) { return web.list_webhooks(soon()); });
    BOOST_TEST(hooks->at(0).filter == "roomType=direct");
    exchange(
        samples::webhook, "POST https://webexapis.com/v1/webhooks",
        R"({"name":"n","targetUrl":"https://t","resource":"messages","event":"created","secret":"kR7-demo"})",
        [](webex::api& web) {
            webex::new_webhook w{"n", "https://t", "messages", "created", ""};
            return web.create_webhook(std::move(w), secret("kR7-demo"), soon());
        });
    exchange(samples::webhook, "PUT https://webexapis.com/v1/webhooks/W",
             R"({"name":"n","targetUrl":"https://t","secret":"kR7-demo","status":"active"})",
             [](webex::api& web) {
                 return web.update_webhook("W", "n", "https://t", secret("kR7-demo"), soon());
             });
    exchange("", "DELETE https://webexapis.com/v1/webhooks/W", "",
             [](webex::api& web) { return web.delete_webhook("W", soon()); });
}

BOOST_AUTO_TEST_CASE(the_base_url_may_end_with_a_slash_and_name_another_host)
{
    options.base_url = "http://127.0.0.1:8080/hydra/api/v1/";
    exchange(samples::person, "GET http://127.0.0.1:8080/hydra/api/v1/people/me", "",
             [](webex::api& web) { return web.me(soon()); });
    options.base_url = "http://127.0.0.1:8080";
    exchange(samples::person, "GET http://127.0.0.1:8080/people/me", "",
             [](webex::api& web) { return web.me(soon()); });
}

BOOST_AUTO_TEST_CASE(ids_from_strangers_stay_within_their_path)
{
    exchange(samples::message, "GET https://webexapis.com/v1/messages/..%2Fwebhooks%3Fmax%3D1", "",
             [](webex::api& web) { return web.get_message("../webhooks?max=1", soon()); });
    const auto asked_before = asked();
    for (const char* id : {"", ".", ".."})
    {
        const auto got = ask([id](webex::api& web) { return web.get_message(id, soon()); });
        BOOST_TEST(got.error().is(errc::bad_input));
        const auto removed = ask([id](webex::api& web) { return web.delete_room(id, soon()); });
        BOOST_TEST(removed.error().is(errc::bad_input));
    }
    BOOST_TEST(asked() == asked_before);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sent_is_refused_before_anything_is_sent)
{
    const auto empty = ask([](webex::api& web) { return web.post_message({}, soon()); });
    BOOST_TEST(empty.error().is(errc::bad_input));
    BOOST_TEST(empty.error().doing == "posting a message");
    BOOST_TEST(!empty.error().maybe_sent);

    const auto no_room = ask([](webex::api& web) { return web.list_messages("", true, 5, soon()); });
    BOOST_TEST(no_room.error().is(errc::bad_input));
    const auto no_parent = ask([](webex::api& web) { return web.list_thread("R", "", 5, soon()); });
    BOOST_TEST(no_parent.error().is(errc::bad_input));
    const auto no_email = ask([](webex::api& web) { return web.find_people("", soon()); });
    BOOST_TEST(no_email.error().is(errc::bad_input));
    const auto no_title = ask([](webex::api& web) { return web.create_room("", soon()); });
    BOOST_TEST(no_title.error().is(errc::bad_input));
    BOOST_TEST(asked() == 0u);
}

BOOST_AUTO_TEST_CASE(every_request_has_a_tracking_id_of_its_own)
{
    peer->answer(200, std::string(samples::person)).answer(503).answer(200, std::string(samples::person));
    const auto web = make();
    test::run([&](net::io_context&) -> awaitable<void> {
        auto first = co_await web->me(soon());
        auto second = co_await web->me(soon());
        BOOST_TEST((first && second));
    });
    BOOST_TEST_REQUIRE(asked() == 3u);
    std::vector<std::string> ids;
    for (const auto& r : peer->requests())
        ids.emplace_back(r.headers.get("trackingid"));
    const auto prefix = ids[0].substr(0, ids[0].rfind('_') + 1);
    BOOST_TEST(prefix.starts_with("postern_"));
    BOOST_TEST(prefix.size() == std::string("postern__").size() + 36);
    BOOST_TEST(ids[0] == prefix + "1");
    BOOST_TEST(ids[1] == prefix + "2");
    BOOST_TEST(ids[2] == prefix + "3");
}

BOOST_AUTO_TEST_CASE(a_configuration_that_cannot_work_is_refused)
{
    const auto made = [&](std::string base, std::string key) {
        auto wrong = options;
        wrong.base_url = std::move(base);
        return webex::make_api(wrong, secret(std::move(key)), peer, lines.writer);
    };
    for (const char* base :
         {"", "webexapis.com/v1", "ftp://webexapis.com/v1", "https://", "https://h/v1?x=1"})
    {
        const auto refused = made(base, "token");
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST(refused.error().is(errc::bad_configuration));
        BOOST_TEST(refused.error().ours.find("base_url") != std::string::npos);
    }
    for (const char* key : {"", "two words", "line-break\n", "\r\nX-Injected: 1", "caf\xc3\xa9"})
    {
        const auto refused = made("https://webexapis.com/v1", key);
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST(refused.error().is(errc::bad_configuration));
        BOOST_TEST(refused.error().ours.find("token") != std::string::npos);
        if (*key)
            BOOST_TEST(describe(refused.error()).find(key) == std::string::npos);
    }
    BOOST_TEST(made("https://webexapis.com/v1", "MTIz_a-b.c~d").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
