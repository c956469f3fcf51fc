// Pagination as callers see it; what is decided, pager_test.cpp shows.

#include "unit/webex/api_fixture.hpp"
#include "unit/webex/samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using test::soon;
namespace samples = postern::test::samples;

namespace {

std::string page(std::initializer_list<const char*> ids)
{
    std::string items;
    for (const char* id : ids)
        items += std::string(items.empty() ? "" : ",") + R"({"id":")" + id +
                 R"(","created":"2026-02-11T09:00:00.00)" + id + R"(Z"})";
    return R"({"items":[)" + items + "]}";
}

transport::header_fields link(std::string url) { return {{"Link", "<" + url + ">; rel=\"next\""}}; }

template <class T>
std::string ids_of(const std::vector<T>& items)
{
    std::string ids;
    for (const auto& item : items)
        ids += item.id;
    return ids;
}

auto all_rooms = [](webex::api& web) { return web.list_rooms("", 1000, soon()); };
auto mentions = [](webex::api& web) { return web.list_messages("R", true, 1000, soon()); };

} // namespace

BOOST_FIXTURE_TEST_SUITE(api_lists, test::api_fixture)

BOOST_AUTO_TEST_CASE(all_pages_are_read_empty_ones_too)
{
    peer->answer(200, page({"1", "2"}), link("https://webexapis.com/v1/rooms?max=100&cursor=a"))
        .answer(200, page({}), link("https://webexapis.com/v1/rooms?max=100&cursor=b"))
        .answer(200, page({"3"}));
    const auto got = ask(all_rooms);
    BOOST_TEST(ids_of(got.value()) == "123");
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(no_more_than_wanted_is_read)
{
    peer->answer(200, page({"1", "2", "3"}), link("https://webexapis.com/v1/rooms?max=2&cursor=a"));
    const auto got = ask([](webex::api& web) { return web.list_rooms("", 2, soon()); });
    BOOST_TEST(ids_of(got.value()) == "12");
    BOOST_TEST(peer->used_up());
    BOOST_TEST(request(0).url == "https://webexapis.com/v1/rooms?max=2");

    const auto none = ask([](webex::api& web) { return web.list_rooms("", 0, soon()); });
    BOOST_TEST(none.value().empty());
    BOOST_TEST(asked() == 1u);
}

BOOST_AUTO_TEST_CASE(a_lost_filter_is_given_back_on_the_second_page)
{
    peer->answer(200, page({"1"}), link("https://webexapis.com/v1/messages?roomId=R&max=100&beforeMessage=1"))
        .answer(200, page({"2"}));
    BOOST_TEST(ids_of(ask(mentions).value()) == "12");
    BOOST_TEST(request(1).url ==
               "https://webexapis.com/v1/messages?roomId=R&max=100&beforeMessage=1&mentionedPeople=me");
}

BOOST_AUTO_TEST_CASE(a_deleted_cursor_message_does_not_end_the_list)
{
    peer->answer(200, page({"1", "2"}),
                 link("https://webexapis.com/v1/messages?roomId=R&max=100&beforeMessage=2"))
        .answer(404, R"({"message":"The requested resource could not be found."})")
        .answer(200, page({"2", "3"})); // the way round may overlap
    BOOST_TEST(ids_of(ask(mentions).value()) == "123");
    BOOST_TEST(request(2).url == "https://webexapis.com/v1/messages?roomId=R&mentionedPeople=me&max=100"
                                 "&before=2026-02-11T09%3A00%3A00.002Z");
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(an_unknown_room_is_not_found)
{
    peer->answer(404);
    BOOST_TEST(ask(mentions).error().is(errc::not_found));
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(the_token_never_follows_a_link_to_somebody_else)
{
    for (const char* elsewhere :
         {"https://evil.example.net/v1/rooms?cursor=a", "http://webexapis.com/v1/rooms?cursor=a",
          "https://webexapis.com.evil.example.net/v1/rooms", "//evil.example.net/v1/rooms"})
    {
        peer->answer(200, page({"1"}), link(elsewhere));
        const auto before = asked();
        const auto got = ask(all_rooms);
        BOOST_TEST(got.error().is(errc::bad_response));
        BOOST_TEST(asked() == before + 1);
    }
    for (const auto& r : peer->requests())
        BOOST_TEST(r.url.starts_with("https://webexapis.com/"));
}

BOOST_AUTO_TEST_CASE(half_a_list_is_an_error_and_not_a_list)
{
    const auto next = link("https://webexapis.com/v1/memberships?roomId=R&max=100&cursor=a");
    const auto members = [](webex::api& web) { return web.list_memberships("R", soon()); };
    for (const char* second : {"", "<html>", "null", "{}", R"({"items":null})", R"({"items":[null]})",
                               R"({"items":[{"id":"2"},7]})", R"({"items":[{"id":"2"})"})
        BOOST_TEST_CONTEXT(second)
        {
            peer->answer(200, page({"1"}), next).answer(200, second);
            const auto got = ask(members);
            BOOST_TEST_REQUIRE(got.has_error());
            BOOST_TEST(got.error().is(errc::bad_response));
            BOOST_TEST(got.error().doing == "listing memberships");
            BOOST_TEST(peer->used_up());
        }
    peer->answer(200, page({"1"}), next).answer(403);
    BOOST_TEST(ask(members).error().is(errc::api_rejected));
}

BOOST_AUTO_TEST_CASE(a_list_that_runs_in_circles_or_without_end_is_an_error)
{
    const std::string a = "https://webexapis.com/v1/rooms?max=100&cursor=a";
    peer->answer(200, page({"1"}), link(a)).answer(200, page({"2"}), link(a));
    BOOST_TEST(ask(all_rooms).error().is(errc::bad_response));

    options.pages = 3;
    for (int i = 0; i < 3; ++i)
        peer->answer(200, page({}),
                     link("https://webexapis.com/v1/rooms?max=100&cursor=" + std::to_string(i)));
    BOOST_TEST(ask(all_rooms).error().is(errc::too_large));
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(an_item_that_could_not_be_decrypted_stays_in_the_list)
{
    peer->answer(200, R"({"items":[)" + std::string(samples::undecrypted_room) + "]}");
    const auto got = ask(all_rooms);
    BOOST_TEST_REQUIRE(got.value().size() == 1u);
    BOOST_TEST(got.value()[0].title == "");
}

BOOST_AUTO_TEST_CASE(direct_messages_are_asked_for_by_the_person_alone)
{
    peer->answer(200, page({"3", "2", "1"}));
    const auto got = ask([](webex::api& web) { return web.list_direct_messages("P", 2, soon()); });
    BOOST_TEST_REQUIRE(got->size() == 2u);
    BOOST_TEST(got->front().id == "3");
    BOOST_TEST(request(0).url.ends_with("/messages/direct?personId=P"));

    const auto refused = ask([](webex::api& web) { return web.list_direct_messages("", 2, soon()); });
    BOOST_TEST(refused.error().is(errc::bad_input));
}

BOOST_AUTO_TEST_SUITE_END()
