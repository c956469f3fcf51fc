#include "postern/bot/commands/argument_spec.hpp"
#include "postern/bot/no_code/argument_names.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern::no_code;
using type = argument_name::type;

BOOST_AUTO_TEST_SUITE(argument_names)

BOOST_AUTO_TEST_CASE(every_form_of_the_description_gives_its_name_and_type)
{
    const std::pair<const char*, std::vector<argument_name>> rows[] = {
        {"", {}},
        {"-", {}},
        {"<city>", {{"city", type::text}}},
        {"[city]", {{"city", type::text}}},
        {"[<city>]", {{"city", type::text}}},
        {"<int>", {{"int", type::whole}}},
        {"< count : int >", {{"count", type::whole}}},
        {"<on|off> [state:up|down]", {{"on|off", type::text}, {"state", type::text}}},
        {"<who:person> <rest:text>", {{"who", type::person}, {"rest", type::text}}},
        {"[--loud] <a:number>", {{"loud", type::flag}, {"a", type::number}}},
        {"[--kind a|b] [--max N:int] [--to <person>]",
         {{"kind", type::text}, {"max", type::whole}, {"to", type::person}}},
        {"--size <int> --name word <last>",
         {{"size", type::whole}, {"name", type::text}, {"last", type::text}}},
    };
    for (const auto& [line, expected] : rows)
    {
        BOOST_TEST_CONTEXT(line)
        {
            const std::string_view spec = line;
            BOOST_CHECK_NO_THROW(postern::matching::argument_spec(spec == "-" ? "" : spec)); // a valid one
            const auto names = postern::no_code::argument_names(line);
            BOOST_TEST((names == expected));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
