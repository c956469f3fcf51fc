// Lists that are read down to a moment: the rooms and messages that recovery asks for.

#include "unit/webex/api_fixture.hpp"

#include "postern/base/time.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <utility>

using namespace postern;
using test::soon;

namespace {

// "09:14" of one day.
std::string at(const std::string& clock) { return "2026-02-11T" + clock + ":00.000Z"; }

using entries = std::initializer_list<std::pair<const char*, std::string>>; // id, time

std::string page(const char* key, entries items)
{
    std::string text;
    for (const auto& [id, time] : items)
    {
        text += std::string(text.empty() ? "" : ",") + R"({"id":")" + id + '"';
        if (!time.empty())
            text += std::string(",\"") + key + "\":\"" + time + '"';
        text += R"(,"text":"very private","html":"<p>very private</p>","markdown":"very private",)"
                R"("files":["https://webexapis.com/v1/contents/x"],"attachments":[{"contentType":"c"}]})";
    }
    return R"({"items":[)" + text + "]}";
}
std::string rooms(entries items) { return page("lastActivity", items); }
std::string messages(entries items) { return page("created", items); }

transport::header_fields link(const std::string& query)
{
    return {{"Link", "<https://webexapis.com/v1/" + query + ">; rel=\"next\""}};
}

template <class T>
std::string ids_of(const webex::listed<T>& part)
{
    std::string ids;
    for (const auto& item : part.items)
        ids += item.id;
    return ids;
}

const auto nine = parse_time(at("09:00")).value();
auto active(std::size_t most)
{
    return [most](webex::api& web) { return web.list_active_rooms(nine, most, soon()); };
}
auto recent(std::size_t most)
{
    return [most](webex::api& web) { return web.list_messages_since("R", true, nine, most, soon()); };
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(api_fronts, test::api_fixture)

BOOST_AUTO_TEST_CASE(active_rooms_are_asked_for_by_activity)
{
    peer->answer(200, rooms({{"1", at("09:30")}, {"2", at("09:00")}, {"3", at("08:59")}}));
    const auto got = ask(active(10));
    BOOST_TEST(ids_of(got.value()) == "12");
    BOOST_TEST(got->whole);
    BOOST_TEST(got->calls == 1u);
    BOOST_TEST(request(0).url == "https://webexapis.com/v1/rooms?sortBy=lastactivity&max=100");
}

BOOST_AUTO_TEST_CASE(a_room_that_is_out_of_place_does_not_hide_those_behind_it)
{
    peer->answer(200, rooms({{"1", at("09:30")}, {"2", at("08:00")}}), link("rooms?cursor=a"))
        .answer(200, rooms({{"3", at("07:00")}, {"4", at("09:10")}}), link("rooms?cursor=b"))
        .answer(200, rooms({{"5", at("07:00")}, {"6", at("06:00")}}), link("rooms?cursor=c"));
    const auto got = ask(active(10));
    BOOST_TEST(ids_of(got.value()) == "14");
    BOOST_TEST(got->whole);
    BOOST_TEST(got->calls == 3u);
    BOOST_TEST(peer->used_up());
    BOOST_TEST(request(1).url == "https://webexapis.com/v1/rooms?cursor=a&sortBy=lastactivity&max=100");
}

BOOST_AUTO_TEST_CASE(an_empty_page_does_not_end_the_active_rooms)
{
    peer->answer(200, rooms({}), link("rooms?cursor=a")).answer(200, rooms({{"1", at("09:30")}}));
    BOOST_TEST(ids_of(ask(active(10)).value()) == "1");
}

BOOST_AUTO_TEST_CASE(a_room_whose_activity_is_not_told_is_taken_for_active)
{
    peer->answer(200, rooms({{"1", ""}, {"2", "yesterday"}, {"3", at("08:00")}}));
    BOOST_TEST(ids_of(ask(active(10)).value()) == "12");
}

BOOST_AUTO_TEST_CASE(more_active_rooms_than_wanted_are_told_of)
{
    const auto three = rooms({{"1", at("09:30")}, {"2", at("09:20")}, {"3", at("09:10")}});
    peer->answer(200, three, link("rooms?cursor=a"));
    const auto cut = ask(active(2));
    BOOST_TEST(ids_of(cut.value()) == "12");
    BOOST_TEST(!cut->whole);

    peer->answer(200, three);
    const auto just = ask(active(3));
    BOOST_TEST(ids_of(just.value()) == "123");
    BOOST_TEST(just->whole);
}

BOOST_AUTO_TEST_CASE(messages_are_read_back_to_the_moment_and_no_further)
{
    const std::string all = "messages?roomId=R&mentionedPeople=me&max=100";
    peer->answer(200, messages({{"1", at("09:30")}, {"2", at("09:20")}}), link(all + "&beforeMessage=2"))
        .answer(200, messages({{"3", at("09:00")}, {"4", at("08:59")}}), link(all + "&beforeMessage=4"));
    const auto got = ask(recent(10));
    BOOST_TEST(ids_of(got.value()) == "123");
    BOOST_TEST(got->whole);
    BOOST_TEST(got->calls == 2u);
    BOOST_TEST(peer->used_up());
    BOOST_TEST(request(0).url == "https://webexapis.com/v1/" + all);
}

BOOST_AUTO_TEST_CASE(messages_come_without_their_words)
{
    peer->answer(200, messages({{"1", at("09:30")}}));
    const auto got = ask(recent(10));
    const auto& m = got.value().items.at(0);
    BOOST_TEST(m.created == at("09:30"));
    BOOST_TEST((m.text + m.html + m.markdown).empty());
    BOOST_TEST(m.files.empty());
    BOOST_TEST(m.attachments.empty());
}

BOOST_AUTO_TEST_CASE(more_messages_than_wanted_are_told_of)
{
    peer->answer(200, messages({{"1", at("09:30")}, {"2", at("09:20")}, {"3", at("09:10")}}));
    const auto cut = ask(recent(2));
    BOOST_TEST(ids_of(cut.value()) == "12");
    BOOST_TEST(!cut->whole);
}

BOOST_AUTO_TEST_CASE(a_filter_and_a_cursor_that_were_lost_are_made_up_for)
{
    peer->answer(200, messages({{"1", at("09:30")}}), link("messages?roomId=R&max=100&beforeMessage=1"))
        .answer(404)
        .answer(200, messages({{"1", at("09:30")}, {"2", at("09:20")}}));
    BOOST_TEST(ids_of(ask(recent(10)).value()) == "12");
    BOOST_TEST(request(1).url ==
               "https://webexapis.com/v1/messages?roomId=R&max=100&beforeMessage=1&mentionedPeople=me");
    BOOST_TEST(request(2).url == "https://webexapis.com/v1/messages?roomId=R&mentionedPeople=me&max=100"
                                 "&before=2026-02-11T09%3A30%3A00.000Z");
}

BOOST_AUTO_TEST_CASE(half_of_what_was_said_is_an_error)
{
    const auto next = link("messages?roomId=R&max=100&beforeMessage=1");
    peer->answer(200, messages({{"1", at("09:30")}}), next).answer(200, "{}");
    BOOST_TEST(ask(recent(10)).error().is(errc::bad_response));
    peer->answer(200, messages({{"1", at("09:30")}}), next).answer(200, messages({{"2", at("09:20")}}), next);
    BOOST_TEST(ask(recent(10)).error().is(errc::bad_response)); // in circles
}

BOOST_AUTO_TEST_CASE(a_room_must_be_named)
{
    const auto got =
        ask([](webex::api& web) { return web.list_messages_since("", false, nine, 10, soon()); });
    BOOST_TEST(got.error().is(errc::bad_input));
    BOOST_TEST(asked() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
