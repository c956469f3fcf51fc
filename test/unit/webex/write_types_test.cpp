#include "postern/webex/write_types.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;

namespace {

webex::new_message to_room(std::string text = "hello")
{
    webex::new_message m;
    m.to.room_id = "R";
    m.text = std::move(text);
    return m;
}

template <class T>
void is_refused(const result<T>& made, std::string_view because)
{
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().is(errc::bad_input));
    BOOST_TEST(made.error().ours.find(because) != std::string::npos,
               made.error().ours << " lacks " << because);
}

} // namespace

BOOST_AUTO_TEST_SUITE(write_types)

BOOST_AUTO_TEST_CASE(a_message_is_written_without_its_empty_fields)
{
    BOOST_TEST(webex::message_json(to_room()).value() == R"({"roomId":"R","text":"hello"})");

    webex::new_message full;
    full.to.to_person_email = "ana@example.com";
    full.text = "fallback";
    full.markdown = "**bold** \"quoted\"\n";
    full.parent_id = "P";
    full.card = R"({"type":"AdaptiveCard","version":"1.3"})";
    BOOST_TEST(
        webex::message_json(full).value() ==
        R"({"toPersonEmail":"ana@example.com","parentId":"P","text":"fallback",)"
        R"("markdown":"**bold** \"quoted\"\n","attachments":[{"contentType":)"
        R"("application/vnd.microsoft.card.adaptive","content":{"type":"AdaptiveCard","version":"1.3"}}]})");

    webex::new_message file;
    file.to.to_person_id = "P";
    file.file_url = "https://example.net/a.png";
    BOOST_TEST(webex::message_json(file).value() ==
               R"({"toPersonId":"P","files":["https://example.net/a.png"]})");
}

BOOST_AUTO_TEST_CASE(a_message_has_exactly_one_destination)
{
    for (int mask = 0; mask < 8; ++mask)
    {
        webex::new_message m;
        m.text = "x";
        m.to.room_id = mask & 1 ? "R" : "";
        m.to.to_person_id = mask & 2 ? "P" : "";
        m.to.to_person_email = mask & 4 ? "a@b" : "";
        const bool one = mask == 1 || mask == 2 || mask == 4;
        BOOST_TEST(webex::message_json(m).has_value() == one);
        BOOST_TEST(webex::message_fields(m).has_value() == one);
    }
    is_refused(webex::message_json(webex::new_message{}), "a room or a person");
}

BOOST_AUTO_TEST_CASE(a_message_says_something)
{
    is_refused(webex::message_json(to_room("")), "needs text, markdown, a file or a card");
    BOOST_TEST(webex::message_fields(to_room("")).has_value()); // the file is what it says
}

BOOST_AUTO_TEST_CASE(texts_are_limited_in_bytes_each)
{
    BOOST_TEST(webex::message_json(to_room(std::string(7439, 'a'))).has_value());
    is_refused(webex::message_json(to_room(std::string(7440, 'a'))), "text has 7440 bytes, Webex takes 7439");

    auto m = to_room(std::string(7439, 'a'));
    m.markdown = std::string(7439, 'b');
    BOOST_TEST(webex::message_json(m).has_value());
    m.markdown += 'b';
    is_refused(webex::message_json(m), "markdown has 7440 bytes");
    is_refused(webex::message_fields(m), "markdown has 7440 bytes");
    is_refused(webex::edit_json("R", m.markdown), "markdown has 7440 bytes");

    std::string euros;
    for (int i = 0; i < 2480; ++i)
        euros += "\xe2\x82\xac"; // 2480 letters, 7440 bytes
    is_refused(webex::message_json(to_room(euros)), "7440 bytes");
}

BOOST_AUTO_TEST_CASE(only_well_formed_text_is_sent)
{
    for (const char* bad :
         {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\x80"})
        is_refused(webex::message_json(to_room(bad)), "text is not UTF-8");
    for (const char* good :
         {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x9a\xaa", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
        BOOST_TEST(webex::message_json(to_room(good)).has_value());

    auto m = to_room();
    m.parent_id = "\xff";
    is_refused(webex::message_json(m), "parent id is not UTF-8");
    is_refused(webex::room_json("\xff"), "not UTF-8");
    is_refused(webex::edit_json("\xff", "x"), "not UTF-8");
    is_refused(webex::new_membership_json("R", "\xff", false), "not UTF-8");
    is_refused(webex::submit_json("\xff", "{}"), "not UTF-8");
}

BOOST_AUTO_TEST_CASE(a_card_is_a_json_object_and_never_quoted)
{
    for (const char* card : {"not json at all", "[]", "\"card\"", "null", "{\"half\":", "{} {}"})
    {
        auto m = to_room();
        m.card = card;
        is_refused(webex::message_json(m), "the card is not");
        const auto refused = webex::message_json(m).error();
        BOOST_TEST(refused.theirs.empty());
        BOOST_TEST(describe(refused).find(card) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(an_upload_has_its_fields_and_one_file)
{
    auto m = to_room("see file");
    m.parent_id = "P";
    std::string written;
    const auto fields = webex::message_fields(m).value();
    for (const auto& field : fields)
        written += field.name + "=" + field.value + ";";
    BOOST_TEST(written == "roomId=R;parentId=P;text=see file;");

    auto carded = m;
    carded.card = "{}";
    is_refused(webex::message_fields(carded), "can't carry a card");
    auto linked = m;
    linked.file_url = "https://example.net/x";
    is_refused(webex::message_fields(linked), "one file");

    is_refused(webex::upload_file({}), "no file");
    webex::file_upload upload;
    upload.bytes = "a,b\n";
    upload.filename = "links.csv";
    upload.content_type = "text/csv";
    const auto file = webex::upload_file(upload).value();
    BOOST_TEST(file.field == "files");
    BOOST_TEST(file.bytes == "a,b\n");
    BOOST_TEST(file.filename == "links.csv");
    BOOST_TEST(file.content_type == "text/csv");
    upload.bytes.assign(webex::largest_file + 1, 'x');
    is_refused(webex::upload_file(std::move(upload)), "Webex takes 104857600");
}

BOOST_AUTO_TEST_CASE(an_edit_names_room_and_text)
{
    BOOST_TEST(webex::edit_json("R", "**new**").value() == R"({"roomId":"R","markdown":"**new**"})");
    is_refused(webex::edit_json("", "x"), "room");
    is_refused(webex::edit_json("R", ""), "text");
}

BOOST_AUTO_TEST_CASE(rooms_and_memberships_are_written)
{
    BOOST_TEST(webex::room_json("Night shift").value() == R"({"title":"Night shift"})");
    is_refused(webex::room_json(""), "title");
    BOOST_TEST(webex::new_membership_json("R", "ana@example.com", true).value() ==
               R"({"roomId":"R","personEmail":"ana@example.com","isModerator":true})");
    is_refused(webex::new_membership_json("", "ana@example.com", true), "room");
    is_refused(webex::new_membership_json("R", "", true), "email");
    BOOST_TEST(webex::moderator_json(false).value() == R"({"isModerator":false})");
}

BOOST_AUTO_TEST_CASE(a_submission_carries_an_object)
{
    BOOST_TEST(webex::submit_json("M", R"({"op":"ack"})").value() ==
               R"({"type":"submit","messageId":"M","inputs":{"op":"ack"}})");
    BOOST_TEST(webex::submit_json("M", "").value() == R"({"type":"submit","messageId":"M","inputs":{}})");
    is_refused(webex::submit_json("M", "[1]"), "not a JSON object");
    is_refused(webex::submit_json("", "{}"), "message");
}

BOOST_AUTO_TEST_CASE(a_webhook_is_written_with_and_without_filter_and_secret)
{
    webex::new_webhook w{"postern messages", "https://gw.example.net/hooks", "messages", "created",
                         "roomType=direct"};
    BOOST_TEST(
        webex::new_webhook_json(w, secret("kR7")).value() ==
        R"({"name":"postern messages","targetUrl":"https://gw.example.net/hooks","resource":"messages",)"
        R"("event":"created","filter":"roomType=direct","secret":"kR7"})");
    w.filter.clear();
    BOOST_TEST(
        webex::new_webhook_json(w, {}).value() ==
        R"({"name":"postern messages","targetUrl":"https://gw.example.net/hooks","resource":"messages",)"
        R"("event":"created"})");
    w.resource.clear();
    is_refused(webex::new_webhook_json(w, {}), "resource");

    BOOST_TEST(webex::webhook_update_json("n", "https://t", secret("kR7")).value() ==
               R"({"name":"n","targetUrl":"https://t","secret":"kR7","status":"active"})");
    is_refused(webex::webhook_update_json("", "https://t", {}), "name");
}

BOOST_AUTO_TEST_CASE(an_id_stays_one_part_of_a_path)
{
    BOOST_TEST(webex::path_part("Y2lzY29zcGFyazovL3VzL1JPT00").value() == "Y2lzY29zcGFyazovL3VzL1JPT00");
    BOOST_TEST(webex::path_part("a/b?c=d#e %2e").value() == "a%2Fb%3Fc%3Dd%23e%20%252e");
    is_refused(webex::path_part(""), "empty");
    is_refused(webex::path_part("."), "no id");
    is_refused(webex::path_part(".."), "no id");
}

BOOST_AUTO_TEST_SUITE_END()
