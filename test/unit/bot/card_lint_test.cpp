#include "postern/bot/say/card_lint.hpp"

#include <boost/test/unit_test.hpp>

using postern::matching::lint_card;
using list = std::vector<std::string>;

namespace {

list found(std::string_view card) { return lint_card(card).value(); }

} // namespace

BOOST_AUTO_TEST_SUITE(card_lint)

BOOST_AUTO_TEST_CASE(a_card_of_the_safe_set_has_no_findings)
{
    BOOST_TEST(found(R"({"type":"AdaptiveCard","version":"1.3","body":[
        {"type":"TextBlock","text":"x"},
        {"type":"ColumnSet","columns":[{"type":"Column","items":[{"type":"Input.Text","id":"a"}]}]}],
        "actions":[{"type":"Action.Submit","title":"ok"}]})")
                   .empty());
}

BOOST_AUTO_TEST_CASE(a_version_beyond_1_3_or_none_at_all_is_found)
{
    for (const std::string version : {R"("version":"1.4",)", R"("version":"2.0",)", R"("version":"x",)", ""})
        BOOST_TEST(found("{" + version + R"("type":"AdaptiveCard"})").size() == 1u, version);
}

BOOST_AUTO_TEST_CASE(elements_that_webex_does_not_know_are_found_however_deep)
{
    const auto all = found(R"({"type":"AdaptiveCard","version":"1.2","body":[{"type":"Container","items":[
        {"type":"Table"},{"type":"ActionSet","actions":[{"type":"Action.ShowCard",
        "card":{"type":"AdaptiveCard","body":[{"type":"Action.Execute"}]}}]}]}]})");
    BOOST_TEST(all == (list{"Webex is not known to draw Table", "Webex is not known to draw Action.Execute"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_large_card_and_many_actions_are_found)
{
    std::string actions;
    for (int i = 0; i < 7; ++i)
        actions += std::string(i > 0 ? "," : "") + R"({"type":"Action.Submit"})";
    const auto all = found(R"({"type":"AdaptiveCard","version":"1.3","x":")" + std::string(20'000, 'x') +
                           R"(","actions":[)" + actions + "]}");
    BOOST_TEST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].find("bytes") != all[0].npos);
    BOOST_TEST(all[1].find("7 actions") != all[1].npos);
}

BOOST_AUTO_TEST_CASE(inputs_without_an_id_or_with_the_same_one_are_found)
{
    const auto all = found(R"({"type":"AdaptiveCard","version":"1.3","body":[{"type":"Input.Text"},
        {"type":"Input.Date","id":"a"},{"type":"Input.Time","id":"a"}]})");
    BOOST_TEST(all.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_no_card)
{
    for (const auto* text : {"", "[]", "{", "null", "\xff"})
        BOOST_TEST(!lint_card(text).has_value());
}

BOOST_AUTO_TEST_CASE(odd_values_and_endless_findings_are_borne)
{
    BOOST_TEST(
        found(R"({"type":7,"version":1.3,"body":{},"actions":[1,null,"x"],"selectAction":[]})").size() == 2u);
    std::string items;
    for (int i = 0; i < 100; ++i)
        items += std::string(i > 0 ? "," : "") + R"({"type":"Odd)" + std::to_string(i) + "\"}";
    BOOST_TEST(found(R"({"type":"AdaptiveCard","version":"1.3","body":[)" + items + "]}").size() == 20u);
}

BOOST_AUTO_TEST_SUITE_END()
