#include "postern/base/within.hpp"
#include "scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;
using test::scene;

namespace {

// A bot that asks, and one consumer for all that is said to it.
struct conversing : scene
{
    std::string came_to;
    std::unique_ptr<bot_consumer> consumer;
    record_id last = 0;

    conversing()
    {
        with_effects = true;
        bot.command("/book", "", [this](context ctx) -> awaitable<void> {
            const auto got = co_await ctx.ask("Which room?", 2s);
            came_to = got ? got->text : describe(got.error());
            co_await ctx.reply("Booked: " + came_to);
        });
        bot.command("/other", "", [](context ctx) -> awaitable<void> { co_await ctx.reply("other"); });
        bot.otherwise([](context ctx) -> awaitable<void> { co_await ctx.reply("otherwise"); });
        consumer = make_consumer();
    }

    awaitable<outcome> hear(std::string words, std::string person = "ana")
    {
        auto m = said(std::move(words));
        m.person_id = person;
        api->messages.push_back(std::move(m));
        delivery d{++last, 1, arrival("messages", "created", person)};
        effects.kept.clear();
        auto became = co_await consumer->handle(std::move(d), deadline::after(3s));
        co_return became;
    }

    std::string last_said() const { return api->posted.back().markdown; }
};

} // namespace

// context::ask through the consumer.
BOOST_AUTO_TEST_SUITE(questions)

BOOST_AUTO_TEST_CASE(the_next_message_of_the_person_is_the_answer_and_other_peoples_are_handled_meanwhile)
{
    conversing s;
    test::run([&](net::io_context&) -> awaitable<void> {
        auto became = co_await s.hear("/book");
        BOOST_TEST(test::text(became) == "done: /book has asked, and waits for the answer of ana");
        BOOST_TEST(s.last_said() == "Which room?");
        became = co_await s.hear("hello", "bob");
        BOOST_TEST(test::text(became) == "done: default action");
        BOOST_TEST(s.came_to == "");
        became = co_await s.hear("the blue one");
        BOOST_TEST(test::text(became) == "done: answer");
        BOOST_TEST(s.last_said() == "Booked: the blue one");
        BOOST_TEST(s.effects.kept.size() == 1u); // noted with the answer's delivery
        became = co_await s.hear("thanks");
        BOOST_TEST(s.last_said() == "otherwise");
    });
}

BOOST_AUTO_TEST_CASE(a_command_instead_of_an_answer_is_run_and_ends_the_question)
{
    conversing s;
    test::run([&](net::io_context&) -> awaitable<void> {
        co_await s.hear("/book");
        const auto became = co_await s.hear("/other");
        BOOST_TEST(test::text(became) == "done: /other");
        co_await pause_for(10ms);
        BOOST_TEST(s.came_to.find("another command was given") != std::string::npos);
        const bool ended = co_await s.consumer->close(deadline::after(1s));
        BOOST_TEST(ended);
    });
}

BOOST_AUTO_TEST_CASE(closing_ends_open_questions_and_waits_for_those_who_asked)
{
    conversing s;
    test::run([&](net::io_context&) -> awaitable<void> {
        co_await s.hear("/book");
        const bool ended = co_await s.consumer->close(deadline::after(1s));
        BOOST_TEST(ended);
        BOOST_TEST(s.came_to.find("postern is stopping") != std::string::npos);
        BOOST_TEST(s.last_said().starts_with("Booked: "));
    });
}

BOOST_AUTO_TEST_CASE(who_does_not_end_when_postern_stops_is_cut_off)
{
    conversing s;
    bool cut = false;
    s.bot.command("/slow", "", [&](context ctx) -> awaitable<void> {
        co_await ctx.ask("?", 2s);
        const bool waited = co_await pause_for(60s);
        cut = !waited;
    });
    test::run([&](net::io_context&) -> awaitable<void> {
        co_await s.hear("/slow");
        const bool ended = co_await s.consumer->close(deadline::after(100ms));
        BOOST_TEST(ended);
        BOOST_TEST(cut);
    });
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_after_the_answer_apologises_for_the_answers_event)
{
    conversing s;
    s.bot.command("/bad", "", [](context ctx) -> awaitable<void> {
        co_await ctx.ask("?", 2s);
        throw std::runtime_error("broken");
    });
    test::run([&](net::io_context&) -> awaitable<void> {
        co_await s.hear("/bad");
        co_await s.hear("x");
        BOOST_TEST(s.api->posted.back().text.find("Reference 2.") != std::string::npos);
    });
}

BOOST_AUTO_TEST_SUITE_END()
