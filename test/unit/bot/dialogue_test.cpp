#include "postern/base/within.hpp"
#include "postern/bot/ask/dialogue.hpp"
#include "talk.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <stdexcept>

using namespace postern;
using namespace std::chrono_literals;
using test::talk;

namespace {

template <class Handler>
std::shared_ptr<matching::dialogue> a_dialogue(Handler handler)
{
    return std::make_shared<matching::dialogue>(std::make_shared<const postern::handler>(std::move(handler)));
}

// What a question to Ana comes to, in words, and what is said afterwards.
struct asking : talk
{
    std::string came_to;
    std::chrono::milliseconds patience{2000};

    std::shared_ptr<matching::dialogue> make()
    {
        return a_dialogue([this](context ctx) -> awaitable<void> {
            const auto got = co_await ctx.ask("Which room?", patience);
            came_to = got ? got->text : describe(got.error());
            co_await ctx.reply(came_to);
        });
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(dialogue)

BOOST_AUTO_TEST_CASE(a_handler_that_asks_nothing_just_ends)
{
    talk t;
    bool ran = false;
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto d = a_dialogue([&](context ctx) -> awaitable<void> {
            co_await ctx.reply("hi");
            ran = true;
        });
        const auto step = co_await matching::dialogue::start(d, t.take_up());
        BOOST_TEST(!step.asked);
        BOOST_TEST(!step.thrown);
        BOOST_TEST(ran);
    });
}

BOOST_AUTO_TEST_CASE(what_a_handler_throws_is_handed_on)
{
    talk t;
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto d = a_dialogue([](context) -> awaitable<void> {
            throw std::runtime_error("broken");
            co_return;
        });
        const auto step = co_await matching::dialogue::start(d, t.take_up());
        BOOST_CHECK_THROW(std::rethrow_exception(step.thrown), std::runtime_error);
    });
}

BOOST_AUTO_TEST_CASE(the_question_ends_one_delivery_and_the_answer_goes_on_in_its_own)
{
    asking t;
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto d = t.make();
        const auto first = t.take_up(1);
        const auto asked = co_await matching::dialogue::start(d, first);
        BOOST_TEST(asked.asked);
        BOOST_TEST(t.api->posted.back().markdown == "Which room?");
        BOOST_TEST(t.speech->asked->open() == 1u);
        first->replies.close();

        t.api->calls.clear();
        t.effects.kept.clear();
        t.question.parent_id = "thread of the answer";
        const auto second = t.take_up(2);
        const auto who = t.speech->asked->give(second, "the blue one");
        BOOST_TEST((who == d));
        const auto ended = co_await matching::dialogue::go_on(who);
        BOOST_TEST(!ended.asked);
        BOOST_TEST(t.came_to == "the blue one");
        BOOST_TEST(t.api->calls ==
                       (std::vector<std::string>{"note 1", "post_message room", "note 1 reply-2"}),
                   boost::test_tools::per_element());
        BOOST_TEST(t.api->posted.back().parent_id == "thread of the answer");
        BOOST_TEST(second->said.so_far().sent == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_handler_may_ask_again_and_again)
{
    talk t;
    std::string all;
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto d = a_dialogue([&](context ctx) -> awaitable<void> {
            for (int i = 0; i < 3; ++i)
            {
                const auto got = co_await ctx.ask("next?", 2s);
                all += got->text;
            }
        });
        auto step = co_await matching::dialogue::start(d, t.take_up(1));
        for (int i = 0; i < 3; ++i)
        {
            BOOST_TEST(step.asked);
            const auto who = t.speech->asked->give(t.take_up(2), std::to_string(i));
            BOOST_TEST_REQUIRE(who != nullptr);
            step = co_await matching::dialogue::go_on(who);
        }
        BOOST_TEST(!step.asked);
        BOOST_TEST(all == "012");
    });
}

BOOST_AUTO_TEST_CASE(only_the_person_who_was_asked_answers_and_only_in_that_room)
{
    asking t;
    t.patience = 20ms;
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto d = t.make();
        co_await matching::dialogue::start(d, t.take_up());
        auto other = t.take_up();
        other->sender_id = "bob";
        BOOST_TEST((t.speech->asked->give(other, "I know") == nullptr));
        auto elsewhere = t.take_up();
        elsewhere->message.room_id = "other room";
        BOOST_TEST((t.speech->asked->give(elsewhere, "I know") == nullptr));
        co_await pause_for(60ms);
        BOOST_TEST(t.came_to == "waiting for an answer: no answer in time");
    });
}

BOOST_AUTO_TEST_CASE(after_a_question_that_nobody_answered_there_is_time_to_say_so)
{
    asking t;
    t.patience = 5ms;
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto d = t.make();
        const auto first = t.take_up();
        co_await matching::dialogue::start(d, first);
        first->replies.close();
        co_await pause_for(50ms);
        BOOST_TEST(t.api->posted.back().markdown == t.came_to);
        BOOST_TEST((t.speech->asked->give(t.take_up(), "too late") == nullptr));
    });
}

BOOST_AUTO_TEST_CASE(another_command_ends_the_question)
{
    asking t;
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto d = t.make();
        co_await matching::dialogue::start(d, t.take_up());
        BOOST_TEST(!t.speech->asked->give_up("room", "bob", "another command was given"));
        BOOST_TEST(t.speech->asked->give_up("room", "ana", "another command was given"));
        co_await pause_for(10ms);
        BOOST_TEST(t.came_to.find("another command was given") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_second_question_to_the_same_person_ends_the_first)
{
    asking one, two;
    two.speech = one.speech;
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto first = one.make();
        const auto second = two.make();
        co_await matching::dialogue::start(first, one.take_up());
        co_await matching::dialogue::start(second, two.take_up());
        co_await pause_for(10ms);
        BOOST_TEST(one.came_to.find("another question was asked") != std::string::npos);
        BOOST_TEST(one.speech->asked->open() == 1u);
        one.speech->asked->close();
        co_await pause_for(10ms);
    });
}

BOOST_AUTO_TEST_CASE(too_many_open_questions_end_the_oldest)
{
    auto all = std::make_shared<matching::questions>(2);
    talk t;
    std::vector<std::string> ended;
    test::run([&](net::io_context& io) -> awaitable<void> {
        for (const std::string person : {"a", "b", "c"})
        {
            auto wait = [&, person]() -> awaitable<void> {
                auto idle = std::make_shared<matching::dialogue>(nullptr);
                const auto got =
                    co_await matching::questions::ask(all, idle, "room", person, deadline::after(1s));
                ended.push_back(person + ": " + describe(got.why));
            };
            net::co_spawn(io, wait, [](std::exception_ptr) {});
            co_await pause_for(5ms);
        }
        BOOST_TEST_REQUIRE(ended.size() == 1u);
        BOOST_TEST(ended[0].find("a: ") == 0u);
        BOOST_TEST(ended[0].find("too many") != std::string::npos);
        all->close();
        co_await pause_for(5ms);
        BOOST_TEST(ended.size() == 3u);
    });
}

BOOST_AUTO_TEST_CASE(a_stop_ends_every_question_and_opens_no_other)
{
    asking t;
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto d = t.make();
        co_await matching::dialogue::start(d, t.take_up());
        t.speech->asked->close();
        co_await pause_for(10ms);
        BOOST_TEST(t.came_to.find("postern is stopping") != std::string::npos);
        t.came_to.clear();
        const auto late = t.make();
        const auto step = co_await matching::dialogue::start(late, t.take_up());
        BOOST_TEST(!step.asked);
        BOOST_TEST(t.came_to.find("postern is stopping") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_question_of_somebody_unknown_or_after_the_handler_has_ended_is_refused)
{
    talk t;
    BOOST_TEST(t.come_to([](const context& ctx) { return ctx.ask("?"); }).find("that is running") !=
               std::string::npos);
    BOOST_TEST(t.api->posted.empty());
}

BOOST_AUTO_TEST_CASE(a_delivery_that_is_cut_off_cuts_the_handler_off_and_waits_for_it)
{
    talk t;
    net::io_context io(1);
    net::cancellation_signal stop;
    bool cut = false, returned = false;
    const auto d = a_dialogue([&](context) -> awaitable<void> {
        const bool waited = co_await pause_for(10s);
        cut = !waited;
    });
    auto deliver = [&]() -> awaitable<void> {
        const auto step = co_await matching::dialogue::start(d, t.take_up());
        BOOST_TEST(!step.asked);
        BOOST_TEST(cut);
        returned = true;
    };
    net::co_spawn(io, deliver, net::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    io.poll();
    net::post(io, [&] { stop.emit(net::cancellation_type::terminal); });
    io.run_for(2s);
    BOOST_TEST(returned);
}

BOOST_AUTO_TEST_CASE(a_failure_while_nobody_looks_on_is_told_in_the_log)
{
    talk t;
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto d = a_dialogue([](context ctx) -> awaitable<void> {
            const auto got = co_await ctx.ask("?", 5ms);
            got.value(); // throws
        });
        const auto c = t.take_up(77);
        co_await matching::dialogue::start(d, c);
        co_await pause_for(50ms);
        BOOST_TEST(t.logged.says("handler failed"));
        BOOST_TEST(t.logged.says("77"));
    });
}

BOOST_AUTO_TEST_CASE(on_many_threads_every_answer_finds_its_question)
{
    auto speech = std::make_shared<matching::speech>();
    std::atomic<int> answered{0}, ended{0};
    net::thread_pool pool(4);
    constexpr int people = 40;
    std::vector<std::unique_ptr<talk>> talks;
    for (int i = 0; i < people; ++i)
    {
        talks.push_back(std::make_unique<talk>());
        talks.back()->speech = speech;
        talks.back()->question.person_id = "person " + std::to_string(i);
    }
    auto deliver = [&](int i) -> awaitable<void> {
        talk& t = *talks[static_cast<std::size_t>(i)];
        const auto d = a_dialogue([&answered, i](context ctx) -> awaitable<void> {
            const auto got = co_await ctx.ask("?", 10s);
            if (got && got->text == std::to_string(i))
                ++answered;
        });
        const auto first = co_await matching::dialogue::start(d, t.take_up());
        if (!first.asked)
            co_return;
        const auto strand = net::make_strand(pool); // an answer is another delivery, on a strand of its own
        auto answer = [&t, &speech, &ended, i]() -> awaitable<void> {
            const auto who = speech->asked->give(t.take_up(), std::to_string(i));
            if (!who)
                co_return;
            const auto step = co_await matching::dialogue::go_on(who);
            if (!step.asked && !step.thrown)
                ++ended;
        };
        net::co_spawn(strand, answer, [](std::exception_ptr) {});
    };
    for (int i = 0; i < people; ++i)
    {
        auto work = [&deliver, i] { return deliver(i); };
        net::co_spawn(net::make_strand(pool), work, [](std::exception_ptr) {});
    }
    pool.join();
    BOOST_TEST(answered == people);
    BOOST_TEST(ended == people);
}

BOOST_AUTO_TEST_SUITE_END()
