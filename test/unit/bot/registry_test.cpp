#include "postern/bot/commands/registry.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace postern;
using known = matching::registry;

namespace {

matching::shared_handler some_handler()
{
    return std::make_shared<const handler>([](context) -> awaitable<void> { co_return; });
}

known knowing(std::initializer_list<const char*> names)
{
    known r;
    for (const char* name : names)
        r.put({name, "help of " + std::string(name), some_handler()});
    return r;
}

// "name|arguments", or "none".
std::string find(const known& r, std::string_view text)
{
    const auto found = r.find(text);
    return found ? found->found->name + '|' + std::string(found->arguments) : "none";
}

} // namespace

BOOST_AUTO_TEST_SUITE(registry)

BOOST_AUTO_TEST_CASE(a_command_is_found_by_its_whole_name_in_any_case)
{
    const auto r = knowing({"/echo", "/Help"});
    BOOST_TEST(find(r, "/echo hi") == "/echo|hi");
    BOOST_TEST(find(r, " /ECHO\thi ") == "/echo|hi");
    BOOST_TEST(find(r, "/help") == "/Help|");
    BOOST_TEST(find(r, "/echoes") == "none");
    BOOST_TEST(find(r, "/ech") == "none");
    BOOST_TEST(find(r, "please /echo hi") == "none");
    BOOST_TEST(find(r, "") == "none");
    BOOST_TEST(find(known{}, "/echo") == "none");
}

BOOST_AUTO_TEST_CASE(arguments_keep_their_inner_white_space)
{
    BOOST_TEST(find(knowing({"/note"}), "/note  a  b\n\n c\n") == "/note|a  b\n\n c");
}

BOOST_AUTO_TEST_CASE(the_slash_is_needed_only_if_the_registered_name_has_it)
{
    const auto r = knowing({"/echo", "status"});
    BOOST_TEST(find(r, "echo hi") == "none");
    BOOST_TEST(find(r, "status") == "status|");
    BOOST_TEST(find(r, "/status now") == "status|now");
    BOOST_TEST(find(r, "//status") == "none");
    BOOST_TEST(find(r, "/ status") == "status|"); // white space before a phrase never counts
}

BOOST_AUTO_TEST_CASE(with_and_without_slash_are_two_commands)
{
    const auto r = knowing({"echo", "/echo"});
    BOOST_TEST(find(r, "/echo a") == "/echo|a");
    BOOST_TEST(find(r, "echo a") == "echo|a");
}

BOOST_AUTO_TEST_CASE(the_longest_name_wins_whatever_the_order_of_registration)
{
    for (const auto& r : {knowing({"/show", "/show status", "/show status all"}),
                          knowing({"/show status all", "/show status", "/show"})})
    {
        BOOST_TEST(find(r, "/show status all x") == "/show status all|x");
        BOOST_TEST(find(r, "/show  STATUS alls") == "/show status|alls");
        BOOST_TEST(find(r, "/show statuses") == "/show|statuses");
    }
}

BOOST_AUTO_TEST_CASE(a_name_registered_again_in_another_case_takes_the_place_of_the_first)
{
    auto r = knowing({"/Echo"});
    r.put({"  /ECHO ", "second", some_handler()});
    BOOST_TEST_REQUIRE(r.commands.size() == 1u);
    BOOST_TEST(r.commands.front().help == "second");
    BOOST_TEST(r.commands.front().name == "/ECHO");
}

BOOST_AUTO_TEST_CASE(an_alias_is_as_good_as_the_name)
{
    known r = knowing({"/number", "/nu"});
    matching::command c{"/prime", "", some_handler()};
    c.aliases = {"/number prime", "p"};
    r.put(std::move(c));
    BOOST_TEST(find(r, "/number prime 7") == "/prime|7");
    BOOST_TEST(find(r, "/number 7") == "/number|7");
    BOOST_TEST(find(r, "/P 7") == "/prime|7");
    BOOST_TEST(find(r, "p 7") == "/prime|7");
    BOOST_TEST(r.named("P")->name == "/prime");
    BOOST_TEST(r.named(" /Number  Prime ")->name == "/prime");
    BOOST_TEST(r.named("number")->name == "/number");
    BOOST_TEST(!r.named("num"));
    BOOST_TEST(!r.remove("p"));
    BOOST_TEST(r.remove("/prime"));
    BOOST_TEST(find(r, "p 7") == "none");
}

BOOST_AUTO_TEST_CASE(the_first_expression_that_is_found_wins)
{
    known r;
    r.put({matching::pattern("net-[0-9]+"), "", some_handler()});
    r.put({matching::pattern("([a-z]+)-([0-9]+)"), "", some_handler()});
    const auto first = r.hear("see NET-12");
    BOOST_TEST_REQUIRE(first.has_value());
    BOOST_TEST(first->found == &r.listeners[0]);
    const auto second = r.hear("see ops-12");
    BOOST_TEST_REQUIRE(second.has_value());
    BOOST_TEST(second->groups.texts.at(2) == "12");
    BOOST_TEST(!r.hear("nothing").has_value());
}

BOOST_AUTO_TEST_CASE(events_are_called_by_the_names_that_webex_has_for_them)
{
    BOOST_TEST(matching::checked_kind(" Messages:DELETED ") == "messages:deleted");
    BOOST_TEST(matching::checked_kind("attachmentActions:created") == "attachmentactions:created");
    for (const char* bad : {"", ":", "messages", "messages:", "messages: created", "messages:created deleted",
                            "message:created", "attachmentActions:deleted", "rooms:all"})
        BOOST_CHECK_THROW(matching::checked_kind(bad), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(removing_is_case_blind_and_tells_whether_there_was_one)
{
    auto r = knowing({"/echo", "/show status", "Ünder"});
    BOOST_TEST(r.remove("/ECHO"));
    BOOST_TEST(!r.remove("/echo"));
    BOOST_TEST(r.remove(" /show\n status"));
    BOOST_TEST(r.remove("ünder"));
    BOOST_TEST(r.commands.empty());
}

BOOST_AUTO_TEST_CASE(names_with_regex_metacharacters_or_hostile_bytes_are_just_names)
{
    const auto r = knowing({".*", "(", "?", "\xFF", "🙂"});
    BOOST_TEST(find(r, ".* x") == ".*|x");
    BOOST_TEST(find(r, "( x") == "(|x");
    BOOST_TEST(find(r, "?") == "?|");
    BOOST_TEST(find(r, "\xFF x") == "\xFF|x");
    BOOST_TEST(find(r, "🙂") == "🙂|");
    BOOST_TEST(find(r, "anything") == "none");
}

BOOST_AUTO_TEST_CASE(a_command_without_name_or_handler_is_refused)
{
    known r;
    BOOST_CHECK_THROW(r.put({" \n", "", some_handler()}), std::invalid_argument);
    BOOST_CHECK_THROW(r.put({"/x", "", nullptr}), std::invalid_argument);
    BOOST_CHECK_THROW(r.put({"/x", "", std::make_shared<const handler>()}), std::invalid_argument);
    BOOST_TEST(r.commands.empty());
}

BOOST_AUTO_TEST_CASE(help_lists_the_commands_sorted_with_their_help)
{
    auto r = knowing({"/zoo", "/Alpha", "beta"});
    r.put({"/bare", "", some_handler()});
    BOOST_TEST(r.help() == "I know these commands:\n"
                           "\n- `/Alpha`: help of /Alpha"
                           "\n- `/bare`"
                           "\n- `/zoo`: help of /zoo"
                           "\n- `beta`: help of beta");
    BOOST_TEST(known{}.help() == "I know no commands.");
}

BOOST_AUTO_TEST_SUITE_END()
