// Files and cards: protocol/webex-rest.md 1.7, 4.6, 9 and 10.3, 12, 14, 15.

#include "cloud_fixture.hpp"

#include "postern/emulator/card.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

namespace {

struct files_fixture : cloud_fixture
{
    std::string form(std::string_view name, std::string_view bytes, std::string_view also = {})
    {
        return "--b\r\nContent-Disposition: form-data; name=\"roomId\"\r\n\r\n" + night_shift() +
               "\r\n--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"" + std::string(name) +
               "\"\r\nContent-Type: text/csv\r\n\r\n" + std::string(bytes) + "\r\n" + std::string(also) +
               "--b--\r\n";
    }
    answered upload(std::string_view name = "links.csv", std::string_view bytes = "a,up\n",
                    std::string_view also = {})
    {
        return send(request("alice", "POST", "/v1/messages", form(name, bytes, also),
                            "multipart/form-data; boundary=b"));
    }
    // The file's path behind /v1.
    static std::string file_of(const answered& posted)
    {
        const std::string url(posted.body.at("files").at(0).as_string());
        return url.substr(std::string("http://cloud.test:8080/v1").size());
    }

    json::object card() const
    {
        return json::parse(R"({"contentType":"application/vnd.microsoft.card.adaptive","content":{
            "type":"AdaptiveCard","version":"1.3",
            "body":[{"type":"ColumnSet","columns":[{"type":"Column","items":[{"type":"Input.Text","id":"note"}]}]},
                    {"type":"Input.Toggle","id":"mute","valueOn":"yes","valueOff":"no"}],
            "actions":[{"type":"Action.Submit","title":"Acknowledge","data":{"op":"ack","link":"b"}},
                       {"type":"Action.ShowCard","title":"More","card":{"type":"AdaptiveCard",
                         "actions":[{"type":"Action.Submit","title":"Close","data":{"op":"close"}}]}}]}})")
            .as_object();
    }
    std::string post_card()
    {
        return post("bot", "/messages",
                    {{"roomId", night_shift()}, {"text", "b is down"}, {"attachments", {card()}}})
            .text("id");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rest_files, files_fixture)

BOOST_AUTO_TEST_CASE(an_uploaded_file_comes_back_as_it_was)
{
    const auto posted = upload();
    BOOST_TEST_REQUIRE(posted.status == 200u);
    BOOST_TEST(keys_of(posted.body.as_object()) == "id,roomId,roomType,files,personId,personEmail,created");
    const auto file = get("bob", file_of(posted));
    BOOST_TEST(file.status == 200u);
    BOOST_TEST(file.bytes == "a,up\n");
    BOOST_TEST(file.header("Content-Type") == "text/csv");
    BOOST_TEST(file.header("Content-Disposition") == "attachment; filename=\"links.csv\"");
    BOOST_TEST(send(request("bob", "HEAD", "/v1" + file_of(posted))).status == 200u);
    BOOST_TEST(get("bot", file_of(posted)).status == 404u); // it was not mentioned
    BOOST_TEST(get("carol", file_of(posted)).status == 404u);
    BOOST_TEST(get("", file_of(posted)).status == 401u);
    del("alice", "/messages/" + posted.text("id"));
    BOOST_TEST(get("bob", file_of(posted)).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_not_ascii_is_told_twice_and_never_breaks_the_header)
{
    const auto file = get("bob", file_of(upload("caf\xc3\xa9 \xe2\x98\x95.csv")));
    const auto header = file.header("Content-Disposition");
    BOOST_TEST(header.find("filename*=UTF-8''caf%C3%A9%20%E2%98%95.csv") != std::string::npos);
    BOOST_TEST(std::all_of(header.begin(), header.end(), [](char x) { return x >= 0x20 && x < 0x7f; }));
}

BOOST_AUTO_TEST_CASE(one_file_a_message)
{
    const auto second = "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"y\"\r\n\r\ny\r\n";
    BOOST_TEST(upload("x", "x", second).status == 400u);
    BOOST_TEST(post("alice", "/messages",
                    {{"roomId", night_shift()}, {"files", {"http://a.example/x", "http://a.example/y"}}})
                   .status == 400u);
}

BOOST_AUTO_TEST_CASE(a_broken_form_is_refused)
{
    const auto type = "multipart/form-data; boundary=b";
    BOOST_TEST(send(request("alice", "POST", "/v1/messages", "no form at all", type)).status == 400u);
    BOOST_TEST(send(request("alice", "POST", "/v1/messages", "", "multipart/form-data")).status == 400u);
    const auto bad = "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\xff\xfe\r\n";
    BOOST_TEST(upload("x", "x", bad).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_file_named_by_url_is_what_was_fetched_from_there)
{
    const auto r = request(
        "alice", "POST", "/v1/messages",
        json::serialize(json::object{{"roomId", night_shift()}, {"files", {"http://a.example/x.txt"}}}));
    BOOST_TEST_REQUIRE(c.wants_file(r).has_value());
    BOOST_TEST(*c.wants_file(r) == "http://a.example/x.txt");
    BOOST_TEST(c.answer(r).response.status == 400u); // nobody could fetch it
    fetched_file got{true, {"x.txt", "text/plain", std::make_shared<const std::string>("hello"), {}}};
    const auto posted = c.answer(r, &got);
    BOOST_TEST_REQUIRE(posted.response.status == 200u);

    auto stranger = r;
    stranger.headers.set("Authorization", "Bearer x");
    BOOST_TEST(!c.wants_file(stranger).has_value()); // nothing is fetched for those
    BOOST_TEST(
        post("alice", "/messages", {{"roomId", night_shift()}, {"files", {"file:///etc/passwd"}}}).status ==
        400u);
    BOOST_TEST(post("alice", "/messages", {{"roomId", night_shift()}, {"files", "x"}}).status == 400u);
    BOOST_TEST(post("alice", "/messages", {{"roomId", night_shift()}, {"files", {1}}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_file_under_scan_is_423_until_it_is_clean)
{
    BOOST_TEST(
        control("POST", "/contents", {{"state", "scanning"}, {"answers", 2}, {"retryAfter", 7}}).status ==
        200u);
    const auto file = file_of(upload());
    const auto wait = get("bob", file);
    BOOST_TEST(wait.status == 423u);
    BOOST_TEST(wait.header("Retry-After") == "7");
    BOOST_TEST(get("bob", file).status == 423u);
    BOOST_TEST(get("bob", file).status == 200u);
}

BOOST_AUTO_TEST_CASE(an_infected_file_is_410_and_one_that_cannot_be_scanned_428_unless_allowed)
{
    const auto file = file_of(upload());
    const auto mark = "/contents/" + file.substr(file.rfind('/') + 1);
    control("POST", mark, {{"state", "infected"}});
    BOOST_TEST(get("bob", file).status == 410u);
    control("POST", mark, {{"state", "unscannable"}});
    BOOST_TEST(get("bob", file).status == 428u);
    BOOST_TEST(get("bob", file + "?allow=unscannable").status == 200u);
    BOOST_TEST(control("POST", mark, {{"state", "haunted"}}).status == 400u);
    BOOST_TEST(control("POST", "/contents/x", {{"state", "clean"}}).status == 404u);
}

BOOST_AUTO_TEST_CASE(what_is_no_content_id_is_no_file)
{
    const auto file = file_of(upload());
    BOOST_TEST(get("alice", "/contents/x").status == 404u);
    BOOST_TEST(get("alice", "/contents/" + night_shift()).status == 404u);
    BOOST_TEST(get("alice", "/contents/Y2lzY29zcGFyazovL3VzL0NPTlRFTlQvLzA").status == 404u);
}

BOOST_AUTO_TEST_CASE(a_card_is_kept_as_it_is_and_one_a_message)
{
    const auto id = post_card();
    BOOST_TEST(json::serialize(get("alice", "/messages/" + id).body.at("attachments").at(0)) ==
               json::serialize(card()));
    const json::array two{card(), card()};
    BOOST_TEST(post("bot", "/messages", {{"roomId", night_shift()}, {"attachments", two}}).status == 400u);
    const json::array strange{json::object{{"contentType", "text/html"}, {"content", json::object()}}};
    BOOST_TEST(post("bot", "/messages", {{"roomId", night_shift()}, {"attachments", strange}}).status ==
               400u);
    BOOST_TEST(post("bot", "/messages", {{"roomId", night_shift()}, {"attachments", {1}}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(messages_with_files_or_cards_cannot_be_edited)
{
    const auto room = night_shift();
    BOOST_TEST(put("bot", "/messages/" + post_card(), {{"roomId", room}, {"text", "x"}}).status == 400u);
    BOOST_TEST(put("alice", "/messages/" + upload().text("id"), {{"roomId", room}, {"text", "x"}}).status ==
               400u);
}

BOOST_AUTO_TEST_CASE(submitting_a_card)
{
    const auto id = post_card();
    const auto done = post("alice", "/attachment/actions",
                           {{"type", "submit"}, {"messageId", id}, {"inputs", {{"note", "on it"}}}});
    BOOST_TEST_REQUIRE(done.status == 200u);
    BOOST_TEST(keys_of(done.body.as_object()) == "id,type,messageId,inputs,personId,roomId,created");
    BOOST_TEST(get("bot", "/attachment/actions/" + done.text("id")).bytes == done.bytes);
    BOOST_TEST(get("carol", "/attachment/actions/" + done.text("id")).text("message") ==
               "Unable to get attachment action.");

    BOOST_TEST(
        post("bot", "/attachment/actions", {{"type", "submit"}, {"messageId", id}}).text("message") ==
        "Unable to post attachment action: \"Author of a card cannot submit a cardAction on that card\"");
    BOOST_TEST(post("bob", "/attachment/actions", {{"type", "submit"}, {"messageId", mention().text("id")}})
                   .text("message") ==
               "Unable to post attachment action: \"MessageId should point to an activity with cards\"");
    BOOST_TEST(post("alice", "/attachment/actions", {{"type", "open"}, {"messageId", id}}).status == 400u);
    BOOST_TEST(
        post("alice", "/attachment/actions", {{"type", "submit"}, {"messageId", id}, {"inputs", 1}}).status ==
        400u);
    control("POST", "/quirks", {{"actionsAnswer202", true}});
    BOOST_TEST(post("alice", "/attachment/actions", {{"type", "submit"}, {"messageId", id}}).status == 202u);
}

BOOST_AUTO_TEST_CASE(pressing_merges_the_actions_data_with_the_inputs)
{
    const auto id = post_card();
    const auto pressed =
        control("POST", "/press", {{"person", "bob"}, {"messageId", id}, {"inputs", {{"note", "on it"}}}});
    BOOST_TEST_REQUIRE(pressed.status == 200u);
    BOOST_TEST(json::serialize(pressed.body.at("inputs")) ==
               R"({"link":"b","mute":"no","note":"on it","op":"ack"})");
    const auto other = control("POST", "/press", {{"person", "bob"}, {"messageId", id}, {"action", "Close"}});
    BOOST_TEST(json::serialize(other.body.at("inputs")) == R"({"mute":"no","note":"","op":"close"})");
    BOOST_TEST(other.text("id") != pressed.text("id"));
    BOOST_TEST(control("POST", "/press", {{"person", "bob"}, {"messageId", id}, {"action", "Open"}}).status ==
               404u);
    BOOST_TEST(
        control("POST", "/press", {{"person", "bob"}, {"messageId", id}, {"inputs", {{"note", 1}}}}).status ==
        400u);
}

BOOST_AUTO_TEST_SUITE_END()
