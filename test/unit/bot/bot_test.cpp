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

BOOST_AUTO_TEST_CASE(a_described_command_is_known_with_all_that_was_said_of_it)
{
    using namespace std::chrono_literals;
    postern::bot b;
    b.command({.name = " /number ",
               .help = "a fact",
               .arguments = "<int> [--kind trivia|math]",
               .aliases = {"/num"},
               .group = "fun",
               .cooldown = 5s,
               .only_for = {.domains = {"example.com"}, .moderators = true},
               .details = "More."},
              nothing);
    const auto known = b.known();
    const auto* c = known->named("num");
    BOOST_TEST_REQUIRE(c);
    BOOST_TEST(c->usage() == "/number <int> [--kind trivia|math]");
    BOOST_TEST(c->group == "fun");
    BOOST_TEST((c->cooldown == 5s));
    BOOST_TEST(c->only_for);
    b.command({.name = "/plain"}, nothing).command({.name = "/bare", .arguments = "-"}, nothing);
    BOOST_TEST(!b.known()->named("/plain")->takes);
    BOOST_TEST(!b.known()->named("/plain")->only_for);
    BOOST_TEST(b.known()->named("/bare")->takes->usage() == "");
}

BOOST_AUTO_TEST_CASE(a_description_that_means_nothing_changes_nothing)
{
    using namespace std::chrono_literals;
    postern::bot b;
    b.command({.name = "/number", .aliases = {"/num"}}, nothing);
    const auto before = b.known();
    BOOST_CHECK_THROW(b.command({.name = ""}, nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.command({.name = "a`b"}, nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.command({.name = "/x"}, {}), std::invalid_argument);
    BOOST_CHECK_THROW(b.command({.name = "/x", .arguments = "city"}, nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.command({.name = "/x", .aliases = {" "}}, nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.command({.name = "/x", .aliases = {"/NUM"}}, nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.command({.name = "/x", .aliases = {"/number"}}, nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.command({.name = "/num"}, nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.command({.name = "/x", .cooldown = -1s}, nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.command({.name = "/x", .only_for = {.domains = {""}}}, nothing),
                      std::invalid_argument);
    BOOST_CHECK_THROW(b.hear("(", nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.hear("x", {}), std::invalid_argument);
    BOOST_CHECK_THROW(b.on_event("nonsense", nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.on_event("messages:erased", nothing), std::invalid_argument);
    BOOST_CHECK_THROW(b.on_event("messages:created ", nothing), std::invalid_argument);
    BOOST_TEST(b.known() == before);
}

BOOST_AUTO_TEST_CASE(what_is_listened_for_keeps_its_place_and_can_be_given_up)
{
    postern::bot b;
    b.hear("one", "first", nothing).hear("two", nothing).hear("one", "again", nothing);
    BOOST_TEST_REQUIRE(b.known()->listeners.size() == 2u);
    BOOST_TEST(b.known()->listeners.front().help == "again");
    BOOST_TEST(b.stop_hearing("one"));
    BOOST_TEST(!b.stop_hearing("one"));
    BOOST_TEST(b.known()->listeners.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_events_that_are_needed_follow_from_the_handlers)
{
    postern::bot b;
    BOOST_TEST(b.known()->wanted_events() == (std::set<std::string>{"messages:created", "memberships:created",
                                                                    "attachmentActions:created"}),
               boost::test_tools::per_element());
    b.on_delete(nothing).on_removed(nothing).on_room(nothing).on_edit(nothing).on_event("MEMBERSHIPS:Updated",
                                                                                        nothing);
    BOOST_TEST(b.known()->wanted_events().size() == 9u);
    BOOST_TEST(b.known()->wanted_events().contains("memberships:updated"));
    b.on_event("adminbatchjobs:statuschanged", nothing);
    BOOST_TEST(b.known()->wanted_events().contains("adminBatchJobs:statusChanged"));
    b.on_delete({}).on_event("memberships:updated", {});
    BOOST_TEST(!b.known()->wanted_events().contains("messages:deleted"));
    BOOST_TEST(!b.known()->wanted_events().contains("memberships:updated"));
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
