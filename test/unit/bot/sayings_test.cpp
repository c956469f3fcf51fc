#include "talk.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace postern;
using test::talk;

namespace {

error with_status(errc code, unsigned status, bool maybe_sent = false)
{
    error e(code);
    e.status = status;
    e.maybe_sent = maybe_sent;
    return e;
}

} // namespace

// What a context says besides plain replies.
BOOST_AUTO_TEST_SUITE(sayings)

BOOST_AUTO_TEST_CASE(a_reply_in_a_thread_begins_one_under_the_message)
{
    talk t;
    BOOST_TEST(t.come_to([](const context& ctx) { return ctx.reply_in_thread("hi"); }) == "reply-1");
    BOOST_TEST(t.api->posted[0].parent_id == "question");
    t.question.parent_id = "root";
    t.effects.kept.clear();
    t.come_to([](const context& ctx) { return ctx.reply_in_thread("hi"); });
    BOOST_TEST(t.api->posted[1].parent_id == "root");
}

BOOST_AUTO_TEST_CASE(a_direct_message_goes_to_the_sender_alone)
{
    talk t;
    t.question.parent_id = "root";
    t.come_to([](const context& ctx) { return ctx.direct("psst"); });
    BOOST_TEST(t.api->posted[0].to.to_person_id == "ana");
    BOOST_TEST(t.api->posted[0].to.room_id == "");
    BOOST_TEST(t.api->posted[0].parent_id == "");
}

BOOST_AUTO_TEST_CASE(a_direct_message_in_a_room_of_two_goes_into_that_room)
{
    talk t;
    t.question.room_type = "direct";
    t.come_to([](const context& ctx) { return ctx.direct("psst"); });
    BOOST_TEST(t.api->posted[0].to.room_id == "room");
}

BOOST_AUTO_TEST_CASE(a_direct_message_to_nobody_is_refused)
{
    talk t;
    t.question.person_id.clear();
    const auto refused = t.come_to([](const context& ctx) { return ctx.direct("psst"); });
    BOOST_TEST(refused == "replying: cannot be sent: it is not known who caused this");
    BOOST_TEST(t.api->posted.empty());
}

BOOST_AUTO_TEST_CASE(a_direct_message_whose_answer_was_lost_is_looked_for_where_it_went)
{
    talk t;
    t.api->posts = {with_status(errc::connection_lost, 0, true)};
    webex::message there;
    there.id = "there";
    there.room_id = "other room";
    there.person_id = "me";
    there.markdown = "psst";
    there.created = format_time(std::chrono::system_clock::now());
    t.api->message_lists = {std::vector<webex::message>{there}};
    BOOST_TEST(t.come_to([](const context& ctx) { return ctx.direct("psst"); }) == "there");
    BOOST_TEST(t.api->calls == (std::vector<std::string>{"note 1", "post_message to ana",
                                                         "list_direct_messages ana", "note 1 there"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(html_is_said_as_markdown)
{
    talk t;
    t.come_to([](const context& ctx) { return ctx.reply_html("<b>up</b> &amp; running"); });
    BOOST_TEST(t.api->posted[0].markdown == "**up** & running");
}

BOOST_AUTO_TEST_CASE(a_file_out_of_memory_is_uploaded_with_its_text)
{
    talk t;
    const auto came_to = t.come_to([](const context& ctx) {
        return ctx.file(file_source::bytes("a.csv", "text/csv", "1,2"), "**two**");
    });
    BOOST_TEST(came_to == "reply-1");
    BOOST_TEST(t.api->posted[0].markdown == "**two**");
    BOOST_TEST_REQUIRE(t.api->uploaded.size() == 1u);
    BOOST_TEST(t.api->uploaded[0].filename == "a.csv");
    BOOST_TEST(t.api->uploaded[0].content_type == "text/csv");
    BOOST_TEST(t.api->uploaded[0].bytes == "1,2");
}

BOOST_AUTO_TEST_CASE(a_file_on_disk_is_left_there_until_it_is_sent)
{
    talk t;
    t.come_to([](const context& ctx) { return ctx.file(file_source::disk("/no/such/file.png")); });
    BOOST_TEST(t.api->uploaded[0].path == "/no/such/file.png");
    BOOST_TEST(t.api->uploaded[0].bytes == "");
}

BOOST_AUTO_TEST_CASE(a_file_is_sent_once_over_all_attempts)
{
    talk t;
    const auto act = [](const context& ctx) { return ctx.file(file_source::bytes("a", "", "x")); };
    t.come_to(act);
    BOOST_TEST(t.come_to(act) == "reply-1");
    BOOST_TEST(t.api->uploaded.size() == 1u);
    BOOST_TEST(t.hops.back() == "replied reply-1 (out already)");
}

BOOST_AUTO_TEST_CASE(a_file_whose_answer_was_lost_is_found_by_having_one)
{
    talk t;
    t.api->posts = {with_status(errc::connection_lost, 0, true)};
    webex::message words, file;
    words.id = "words";
    file.id = "file";
    for (auto* m : {&words, &file})
    {
        m->person_id = "me";
        m->created = format_time(std::chrono::system_clock::now());
    }
    file.files = {"https://webexapis.com/v1/contents/1"};
    t.api->message_lists = {std::vector<webex::message>{words, file}};
    BOOST_TEST(t.come_to([](const context& ctx) { return ctx.file(file_source::bytes("a", "", "x")); }) ==
               "file");
}

BOOST_AUTO_TEST_CASE(a_file_by_url_needs_somebody_to_fetch_it)
{
    talk t;
    const auto refused =
        t.come_to([](const context& ctx) { return ctx.file(file_source::url("https://example.com/a")); });
    BOOST_TEST(refused == "replying: cannot be sent: this bot fetches nothing from the web");
}

BOOST_AUTO_TEST_CASE(an_edit_and_a_removal_name_the_message)
{
    talk t;
    BOOST_TEST(t.come_to([](const context& ctx) { return ctx.edit("m", "new"); }) == "done");
    BOOST_TEST(t.api->posted[0].markdown == "new");
    BOOST_TEST(t.api->posted[0].to.room_id == "room");
    t.api->deletions = {result<>()};
    BOOST_TEST(t.come_to([](const context& ctx) { return ctx.erase("m"); }) == "done");
    BOOST_TEST(t.api->calls == (std::vector<std::string>{"edit_message m", "delete_message m"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_gone_is_erased_and_other_failures_are_told)
{
    talk t;
    t.api->deletions = {with_status(errc::not_found, 404), with_status(errc::api_rejected, 403)};
    BOOST_TEST(t.come_to([](const context& ctx) { return ctx.erase("m"); }) == "done");
    BOOST_TEST(t.come_to([](const context& ctx) { return ctx.erase("m"); }) != "done");
    BOOST_TEST(t.logged.says("a message was not erased"));
}

BOOST_AUTO_TEST_CASE(a_download_asks_for_the_file_with_its_limit)
{
    talk t;
    t.api->files = {webex::file{{"a.txt", "text/plain", 1}, "x"}};
    BOOST_TEST(t.come_to([](const context& ctx) { return ctx.download("https://x/contents/1", 5); }) ==
               "done");
    BOOST_TEST(t.api->calls.back() == "get_file https://x/contents/1");
}

BOOST_AUTO_TEST_CASE(a_reply_that_would_flood_the_room_is_refused_in_one_line)
{
    talk t;
    t.speech->longest_reply = 20'000;
    const auto refused =
        t.come_to([](const context& ctx) { return ctx.reply(std::string(10'000'000, 'x')); });
    BOOST_TEST(refused.find("10000000 bytes") != refused.npos);
    BOOST_TEST(refused.find("send it as a file") != refused.npos);
    BOOST_TEST(t.api->posted.empty());
}

BOOST_AUTO_TEST_CASE(what_could_not_be_sent_stands_in_the_trail_with_the_reason)
{
    talk t;
    t.api->posts = {with_status(errc::api_rejected, 400)};
    t.come_to([](const context& ctx) { return ctx.file(file_source::bytes("a", "", "x")); });
    BOOST_TEST(t.hops.back().find("failed replying: 400") == 0u);
}

BOOST_AUTO_TEST_CASE(a_doubtful_card_is_told_in_the_log_and_sent)
{
    talk t;
    BOOST_TEST(t.come_to([](const context& ctx) {
        return ctx.card(R"({"type":"AdaptiveCard","version":"1.6","body":[]})", "fallback");
    }) == "reply-1");
    BOOST_TEST(t.logged.says("its version is 1.6"));
}

BOOST_AUTO_TEST_SUITE_END()
