#include "demobot/survey.hpp"

#include <postern/base/json.hpp>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace demobot;
using namespace postern;

namespace {

void collect_types(const json::value& from, std::set<std::string>& into)
{
    if (from.is_array())
        for (const auto& one : from.get_array())
            collect_types(one, into);
    if (!from.is_object())
        return;
    into.insert(text_or(from.get_object(), "type"));
    for (const auto& [key, value] : from.get_object())
        collect_types(value, into);
}

} // namespace

BOOST_AUTO_TEST_SUITE(survey)

BOOST_AUTO_TEST_CASE(the_card_has_every_kind_of_input)
{
    std::set<std::string> types;
    const auto card = json::parse(survey_card());
    BOOST_TEST(text_or(card.as_object(), "version") == "1.3");
    collect_types(card, types);
    for (const auto* type : {"Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.Toggle",
                             "Input.ChoiceSet", "Action.Submit"})
        BOOST_TEST(types.count(type) == 1u, type);
}

BOOST_AUTO_TEST_CASE(what_was_filled_in_is_told_line_by_line)
{
    BOOST_TEST(survey_answers(R"({"form":"trip","name":"Ada","people":"2","again":"yes"})") ==
               "name: Ada\npeople: 2\nagain: yes\n");
    BOOST_TEST(survey_answers(R"({"name":"Ada","form":"trip","odd":[1,{"a":null}]})") ==
               "name: Ada\nodd: [1,{\"a\":null}]\n");
}

BOOST_AUTO_TEST_CASE(another_card_and_what_is_no_object_are_nothing)
{
    for (const auto* inputs :
         {"", "{", "[]", "null", "{}", R"({"form":"other","name":"Ada"})", R"({"form":7})"})
        BOOST_TEST(survey_answers(inputs) == "", inputs);
}

BOOST_AUTO_TEST_CASE(a_value_that_nobody_would_write_is_cut_between_two_letters)
{
    std::string value;
    while (value.size() < 5000)
        value += "€";
    const auto told = survey_answers(R"({"form":"trip","note":")" + value + "\"}");
    BOOST_TEST(told.size() < 600u);
    BOOST_TEST(told.ends_with("€…\n"));

    std::string many = R"({"form":"trip")";
    for (int i = 0; i < 1000; ++i)
        many += ",\"k" + std::to_string(i) + "\":1";
    const auto lines = survey_answers(many + '}');
    BOOST_TEST(std::count(lines.begin(), lines.end(), '\n') == 20);
}

BOOST_AUTO_TEST_SUITE_END()
