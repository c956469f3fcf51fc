#include "postern/bot/bot.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <thread>
#include <vector>

namespace {

postern::awaitable<void> nothing(postern::context) { co_return; }

} // namespace

BOOST_AUTO_TEST_SUITE(bot)

BOOST_AUTO_TEST_CASE(help_is_built_in_and_can_be_removed)
{
    postern::bot b;
    BOOST_TEST(b.known()->help() == "I know these commands:\n\n- `/help`: show what I can do");
    BOOST_TEST(b.remove_command("/HELP"));
    BOOST_TEST(b.known()->commands.empty());
}

BOOST_AUTO_TEST_CASE(echo_comes_with_the_default_commands_and_can_be_removed)
{
    postern::bot b;
    BOOST_TEST(!b.known()->find("/echo x").has_value());
    add_default_commands(b);
    BOOST_TEST(b.known()->find("/echo x").has_value());
    BOOST_TEST(b.remove_command("/echo"));
    BOOST_TEST(!b.remove_command("/echo"));
    BOOST_TEST(!b.known()->find("/echo x").has_value());
}

BOOST_AUTO_TEST_CASE(a_refused_command_changes_nothing)
{
    postern::bot b;
    const auto before = b.known();
    BOOST_CHECK_THROW(b.command("", "help", nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.command("/x", "help", {}), std::invalid_argument);
    BOOST_TEST(b.known() == before);
}

BOOST_AUTO_TEST_CASE(an_empty_default_action_restores_the_built_in_one)
{
    postern::bot b;
    b.otherwise(nothing).on_card(nothing).greeting("Hello");
    BOOST_TEST(b.known()->otherwise);
    BOOST_TEST(b.known()->on_card);
    BOOST_TEST(b.known()->greeting == "Hello");
    b.otherwise({}).on_card({}).greeting("");
    BOOST_TEST(!b.known()->otherwise);
    BOOST_TEST(!b.known()->on_card);
    BOOST_TEST(b.known()->greeting.empty());
}

BOOST_AUTO_TEST_CASE(a_reader_keeps_the_registry_it_took)
{
    postern::bot b;
    b.command("/x", "", nothing);
    const auto taken = b.known();
    b.remove_command("/x");
    BOOST_TEST(taken->find("/x").has_value());
    BOOST_TEST(!b.known()->find("/x").has_value());
}

BOOST_AUTO_TEST_CASE(captures_of_a_removed_command_may_use_the_bot_while_they_are_destroyed)
{
    postern::bot b;
    struct meddler
    {
        postern::bot& b;
        ~meddler() { b.remove_command("/other"); }
    };
    b.command("/other", "", nothing);
    b.command("/x", "",
              [m = std::shared_ptr<meddler>(new meddler{b})](postern::context) -> postern::awaitable<void> {
                  co_return;
              });
    b.remove_command("/x");
    BOOST_TEST(!b.known()->find("/other").has_value());
}

BOOST_AUTO_TEST_CASE(several_threads_may_register_and_look_up_at_once)
{
    postern::bot b;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&b, t] {
            const std::string name = "/t" + std::to_string(t);
            for (int i = 0; i < 200; ++i)
            {
                b.command(name, "", nothing);
                (void)b.known()->help();
                b.remove_command(name);
            }
            b.command(name, "", nothing);
        });
    for (auto& t : threads)
        t.join();
    BOOST_TEST(b.known()->commands.size() == 5u); // theirs and /help
}

BOOST_AUTO_TEST_SUITE_END()
