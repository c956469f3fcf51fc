#include "scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using test::scene;

namespace {

// Runs `handler` for a message, and gives back what its reply came to: the id of the message, or the error.
struct replying
{
    scene s;
    std::string came_to;

    template <class Reply>
    void with(Reply reply, webex::message m = scene::said("/x"))
    {
        s.bot.command("/x", "", [this, reply](context ctx) -> awaitable<void> {
            const auto done = co_await reply(ctx);
            came_to = done ? done->id : describe(done.error());
        });
        s.hear(std::move(m));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(context)

BOOST_AUTO_TEST_CASE(a_reply_goes_into_the_room_as_markdown)
{
    replying r;
    r.with([](postern::context ctx) { return ctx.reply("**hi**"); });
    BOOST_TEST(r.came_to == "reply-1");
    BOOST_TEST(r.s.api->posted[0].to.room_id == "room");
    BOOST_TEST(r.s.api->posted[0].markdown == "**hi**");
    BOOST_TEST(r.s.api->posted[0].text == "");
    BOOST_TEST(r.s.api->posted[0].parent_id == "");
}

BOOST_AUTO_TEST_CASE(a_reply_to_a_message_of_a_thread_goes_into_the_thread)
{
    auto m = scene::said("/x");
    m.parent_id = "root";
    replying r;
    r.with([](postern::context ctx) { return ctx.reply_text("hi"); }, m);
    BOOST_TEST(r.s.api->posted[0].parent_id == "root");
    BOOST_TEST(r.s.api->posted[0].text == "hi");
    BOOST_TEST(r.s.api->posted[0].markdown == "");
}

BOOST_AUTO_TEST_CASE(a_reply_of_the_longest_size_is_one_message_and_a_byte_more_is_two)
{
    replying whole;
    whole.with([](postern::context ctx) { return ctx.reply(std::string(7439, 'x')); });
    BOOST_TEST(whole.s.api->posted.size() == 1u);

    replying split;
    split.with([](postern::context ctx) { return ctx.reply_text(std::string(7440, 'x')); });
    BOOST_TEST_REQUIRE(split.s.api->posted.size() == 2u);
    BOOST_TEST(split.s.api->posted[0].text.size() == 7000u);
    BOOST_TEST(split.s.api->posted[1].text.size() == 440u);
    BOOST_TEST(split.came_to == "reply-2");
    BOOST_TEST(split.s.hops == (std::vector<std::string>{"handled /x", "replied reply-1", "replied reply-2"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_long_reply_stops_at_the_first_piece_that_fails)
{
    replying r;
    r.s.api->posts = {webex::message{}, error(errc::api_unavailable)};
    r.with([](postern::context ctx) { return ctx.reply(std::string(20'000, 'x')); });
    BOOST_TEST(r.s.api->posted.size() == 2u);
    BOOST_TEST(r.came_to == "replying: Webex is unavailable: 1 of 3 pieces are out");
    BOOST_TEST(r.s.logged.says("1 of 3 pieces are out"));
}

BOOST_AUTO_TEST_CASE(an_empty_reply_is_refused_without_a_call)
{
    replying r;
    r.with([](postern::context ctx) { return ctx.reply(" \n "); });
    BOOST_TEST(r.came_to == "replying: cannot be sent: the reply is empty");
    BOOST_TEST(r.s.logged.says("a reply did not go out"));
    BOOST_TEST(r.s.api->posted.size() == 1u); // the apology
}

BOOST_AUTO_TEST_CASE(a_reply_of_ten_megabytes_is_one_line_for_the_user)
{
    replying r;
    r.with([](postern::context ctx) { return ctx.reply(std::string(10'000'000, 'x')); });
    BOOST_TEST(r.came_to.find("the reply has 10000000 bytes") != std::string::npos);
    BOOST_TEST_REQUIRE(r.s.api->posted.size() == 1u);
    BOOST_TEST(r.s.api->posted[0].text.starts_with("Sorry"));
}

BOOST_AUTO_TEST_CASE(a_card_goes_out_with_its_fallback)
{
    replying r;
    r.with([](postern::context ctx) { return ctx.card(R"({"type":"AdaptiveCard"})", "a card"); });
    BOOST_TEST(r.came_to == "reply-1");
    BOOST_TEST(r.s.api->posted[0].card == R"({"type":"AdaptiveCard"})");
    BOOST_TEST(r.s.api->posted[0].markdown == "a card");
}

BOOST_AUTO_TEST_CASE(a_card_that_can_not_be_one_is_refused_without_a_call)
{
    const auto refusal = [](std::string card, std::string fallback) {
        replying r;
        r.with([=](postern::context ctx) { return ctx.card(card, fallback); });
        return r.came_to;
    };
    BOOST_TEST(refusal("{}", " ") == "replying: cannot be sent: a card needs a fallback text");
    BOOST_TEST(refusal("[]", "x") == "replying: cannot be sent: the card is not a JSON object");
    BOOST_TEST(refusal("{", "x") == "replying: cannot be sent: the card is not a JSON object");
    BOOST_TEST(refusal("{}", std::string(7440, 'x')).find("longer than a message") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_context_outlives_its_handler)
{
    scene s;
    std::optional<postern::context> kept;
    s.bot.command("/x", "", [&kept](postern::context ctx) -> awaitable<void> {
        kept = ctx;
        co_return;
    });
    s.hear("/x later");
    s.bot.remove_command("/x");
    BOOST_TEST(kept->arguments() == "later");
    BOOST_TEST(kept->help().find("/x") != std::string::npos); // as it was then
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto done = co_await kept->reply("late");
        BOOST_TEST(done.has_value());
    });
}

BOOST_AUTO_TEST_SUITE_END()
