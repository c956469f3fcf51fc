#include "postern/webex/read_types.hpp"

#include "unit/webex/samples.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace postern;
namespace samples = postern::test::samples;

namespace {

template <class T>
T read_sample(std::string_view text)
{
    return webex::read_one<T>(parse_json(text, "a sample").value()).value();
}

json::value parsed(std::string_view text) { return parse_json(text, "a test").value(); }

// The document with each of its members in turn replaced by values of every other type.
template <class T>
void survives_wrong_types(std::string_view text)
{
    const auto good = parsed(text);
    const char* replacements[] = {"null", "true", "7",      "-1.5e300",     R"("text")",
                                  "[]",   "{}",   "[null]", R"([{"a":1}])", R"({"errors":null})"};
    for (const auto& member : good.as_object())
        for (const char* replacement : replacements)
        {
            auto bad = good.as_object();
            bad[member.key()] = parsed(replacement);
            T item;
            webex::read(bad, item);
            BOOST_TEST_REQUIRE((member.key() == "id" || !item.id.empty()));
        }
    T nothing;
    webex::read(json::object(), nothing);
    BOOST_TEST(nothing.id.empty());
}

} // namespace

BOOST_AUTO_TEST_SUITE(read_types)

BOOST_AUTO_TEST_CASE(a_person_is_read)
{
    const auto p = read_sample<webex::person>(samples::person);
    BOOST_TEST(p.id == samples::bot_id);
    BOOST_TEST(p.emails == std::vector<std::string>{"postern-gw@webex.bot"},
               boost::test_tools::per_element());
    BOOST_TEST(p.display_name == "Postern Gateway");
    BOOST_TEST(p.nick_name == "Postern");
    BOOST_TEST(p.org_id == samples::org_id);
    BOOST_TEST(p.created == "2026-01-19T08:02:11.604Z");
    BOOST_TEST(p.is_bot());
}

BOOST_AUTO_TEST_CASE(a_room_is_read)
{
    const auto r = read_sample<webex::room>(samples::room);
    BOOST_TEST(r.id == samples::room_id);
    BOOST_TEST(r.title == "Night shift");
    BOOST_TEST(r.type == "group");
    BOOST_TEST((r.is_locked == false));
    BOOST_TEST(r.team_id == "");
    BOOST_TEST(r.creator_id == samples::ana_id);
    BOOST_TEST(r.owner_id == samples::org_id);
    BOOST_TEST(r.last_activity == "2026-02-11T09:14:27.301Z");
    BOOST_TEST(r.created == "2026-02-01T16:40:05.118Z");
}

BOOST_AUTO_TEST_CASE(a_membership_is_read)
{
    const auto m = read_sample<webex::membership>(samples::membership);
    BOOST_TEST(m.id == samples::membership_id);
    BOOST_TEST(m.room_id == samples::room_id);
    BOOST_TEST(m.room_type == "group");
    BOOST_TEST(m.person_id == samples::bot_id);
    BOOST_TEST(m.person_email == "postern-gw@webex.bot");
    BOOST_TEST(m.person_display_name == "Postern Gateway");
    BOOST_TEST(m.person_org_id == samples::org_id);
    BOOST_TEST((m.is_moderator == false));
    BOOST_TEST((m.is_monitor == false));
    BOOST_TEST(m.created == "2026-02-01T16:41:00.552Z");
}

BOOST_AUTO_TEST_CASE(a_message_is_read)
{
    const auto m = read_sample<webex::message>(samples::message);
    BOOST_TEST(m.id == samples::reply_id);
    BOOST_TEST(m.room_id == samples::room_id);
    BOOST_TEST(m.room_type == "group");
    BOOST_TEST(m.parent_id == samples::root_id);
    BOOST_TEST(m.text == "Postern status please");
    BOOST_TEST(m.markdown == "");
    BOOST_TEST(m.html.starts_with("<p><spark-mention data-object-type=\"person\""));
    BOOST_TEST(m.person_id == samples::ana_id);
    BOOST_TEST(m.person_email == "ana@example.com");
    BOOST_TEST(m.mentioned_people == std::vector<std::string>{std::string(samples::bot_id)},
               boost::test_tools::per_element());
    BOOST_TEST(m.mentioned_groups.empty());
    BOOST_TEST(m.files.empty());
    BOOST_TEST(m.attachments.empty());
    BOOST_TEST(m.created == "2026-02-11T09:14:27.301Z");
    BOOST_TEST(m.updated == "");
}

BOOST_AUTO_TEST_CASE(files_groups_and_cards_of_a_message_are_read)
{
    const auto m = read_sample<webex::message>(
        R"({"id":"M","files":["https://webexapis.com/v1/contents/1"],"mentionedGroups":["all"],
            "updated":"2026-02-11T10:00:00.000Z",
            "attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{"type":"AdaptiveCard"}},
                           {"contentType":"other"}, null, 7, {"contentType":8,"content":"text"}]})");
    BOOST_TEST(m.files == std::vector<std::string>{"https://webexapis.com/v1/contents/1"},
               boost::test_tools::per_element());
    BOOST_TEST(m.mentioned_groups == std::vector<std::string>{"all"}, boost::test_tools::per_element());
    BOOST_TEST(m.updated == "2026-02-11T10:00:00.000Z");
    BOOST_TEST_REQUIRE(m.attachments.size() == 3u);
    BOOST_TEST(m.attachments[0].content_type == webex::card_content_type);
    BOOST_TEST(m.attachments[0].content == R"({"type":"AdaptiveCard"})");
    BOOST_TEST(m.attachments[1].content == "");
    BOOST_TEST(m.attachments[2].content_type == "");
    BOOST_TEST(m.attachments[2].content == R"("text")");
}

BOOST_AUTO_TEST_CASE(a_submission_is_read)
{
    const auto a = read_sample<webex::attachment_action>(samples::action);
    BOOST_TEST(a.type == "submit");
    BOOST_TEST(a.message_id ==
               "Y2lzY29zcGFyazovL3VzL01FU1NBR0UvYjMxOTVhMDAtMDcyYS0xMWYxLTgyYWYtNGI2YzhkMGUyZjMx");
    BOOST_TEST(a.person_id == samples::ana_id);
    BOOST_TEST(a.room_id == samples::room_id);
    BOOST_TEST(a.inputs == R"({"link":"b","mute":"no","note":"on it","op":"ack"})");
    BOOST_TEST(a.created == "2026-02-11T09:20:41.033Z");
}

BOOST_AUTO_TEST_CASE(inputs_are_always_an_object)
{
    for (const char* text : {R"({"id":"A"})", R"({"id":"A","inputs":null})", R"({"id":"A","inputs":[1]})",
                             R"({"id":"A","inputs":"x"})", R"({"id":"A","inputs":{}})"})
        BOOST_TEST(read_sample<webex::attachment_action>(text).inputs == "{}");
}

BOOST_AUTO_TEST_CASE(a_webhook_is_read)
{
    const auto w = read_sample<webex::webhook>(samples::webhook);
    BOOST_TEST(w.id == "Y2lzY29zcGFyazovL3VzL1dFQkhPT0svZTA3YjNjOWEtMThkNC00ZjYyLWE1YjktYzZkN2U4ZjkwYTFi");
    BOOST_TEST(w.name == "postern messages");
    BOOST_TEST(w.target_url == "https://gw.example.net/hooks/webex");
    BOOST_TEST(w.resource == "messages");
    BOOST_TEST(w.event == "created");
    BOOST_TEST(w.filter == "roomType=direct");
    BOOST_TEST(w.status == "active");
    BOOST_TEST(w.created == "2026-02-11T09:00:00.214Z");
}

BOOST_AUTO_TEST_CASE(a_field_that_could_not_be_decrypted_is_empty_and_the_item_stays)
{
    const auto r = read_sample<webex::room>(samples::undecrypted_room);
    BOOST_TEST(r.id == samples::room_id);
    BOOST_TEST(r.title == "");
    BOOST_TEST(r.type == "group");

    const auto m = read_sample<webex::membership>(
        R"({"id":"M","personEmail":"eyJhbGciOi","isModerator":true,"errors":{"personEmail":{},"isModerator":null}})");
    BOOST_TEST(m.person_email == "");
    BOOST_TEST(!m.is_moderator.has_value());

    const auto t = read_sample<webex::message>(
        R"({"id":"M","text":"eyJ","files":["eyJ"],"attachments":[{}],"errors":{"text":{},"files":{},"attachments":{}}})");
    BOOST_TEST(t.text == "");
    BOOST_TEST(t.files.empty());
    BOOST_TEST(t.attachments.empty());
}

BOOST_AUTO_TEST_CASE(errors_of_another_shape_hide_nothing)
{
    for (const char* shape : {"null", "[]", R"(["title"])", R"("title")", "1"})
    {
        const auto text = R"({"id":"R","title":"Night shift","errors":)" + std::string(shape) + "}";
        BOOST_TEST(read_sample<webex::room>(text).title == "Night shift");
    }
}

BOOST_AUTO_TEST_CASE(fields_of_the_wrong_type_are_absent)
{
    survives_wrong_types<webex::person>(samples::person);
    survives_wrong_types<webex::room>(samples::room);
    survives_wrong_types<webex::membership>(samples::membership);
    survives_wrong_types<webex::message>(samples::message);
    survives_wrong_types<webex::attachment_action>(samples::action);
    survives_wrong_types<webex::webhook>(samples::webhook);

    const auto p =
        read_sample<webex::person>(R"({"id":"P","emails":[null,"a@b",7],"type":null,"displayName":{}})");
    BOOST_TEST(p.emails == std::vector<std::string>{"a@b"}, boost::test_tools::per_element());
    BOOST_TEST(p.type == "");
    BOOST_TEST(p.display_name == "");
    BOOST_TEST(!p.is_bot());
}

BOOST_AUTO_TEST_CASE(what_is_no_resource_is_not_taken_for_one)
{
    for (const char* text : {"null", "[]", "7", R"("id")", "{}", R"({"id":null})", R"({"id":""})",
                             R"({"id":7})", R"({"id":"x","errors":{"id":{}}})"})
        BOOST_TEST_CONTEXT(text)
        {
            const auto r = webex::read_one<webex::room>(parsed(text));
            BOOST_TEST_REQUIRE(r.has_error());
            BOOST_TEST(r.error().is(errc::bad_response));
        }
}

BOOST_AUTO_TEST_CASE(a_page_is_all_objects_or_no_page)
{
    const auto good = parsed(R"({"items":[{},{"id":"x"}],"notFoundIds":[]})");
    BOOST_TEST(webex::page_items(good).value()->size() == 2u);
    const auto empty = parsed(R"({"items":[]})");
    BOOST_TEST(webex::page_items(empty).value()->empty());

    for (const char* text : {"null", "[]", "{}", R"({"items":null})", R"({"items":{}})",
                             R"({"items":[null]})", R"({"items":[{"id":"x"},7]})", R"({"items":[[]]})"})
        BOOST_TEST_CONTEXT(text)
        {
            const auto document = parsed(text);
            const auto page = webex::page_items(document);
            BOOST_TEST_REQUIRE(page.has_error());
            BOOST_TEST(page.error().is(errc::bad_response));
        }
}

BOOST_AUTO_TEST_SUITE_END()
