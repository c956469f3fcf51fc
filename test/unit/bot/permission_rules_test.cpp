#include "postern/bot/commands/permission_rules.hpp"

#include "postern/base/ids.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace postern;
using matching::asker;
using rules = matching::permission_rules;

namespace {

constexpr const char* uuid = "7e2d9a44-0f3b-4c68-8a1d-5b9c6e7f8012";

asker ana()
{
    asker who;
    who.id = "ana";
    who.email = "Ana@Example.com";
    return who;
}

std::string judge(permission what, const asker& who)
{
    using kind = matching::permit::kind;
    const auto given = rules(std::move(what)).judge(who);
    switch (given.what)
    {
    case kind::granted: return "granted";
    case kind::refused: return given.reason;
    case kind::ask_organisation: return "ask for the organisation";
    case kind::ask_moderator: return "ask for the moderators";
    }
    return "?";
}

} // namespace

BOOST_AUTO_TEST_SUITE(permission_rules)

BOOST_AUTO_TEST_CASE(nothing_set_is_for_everybody)
{
    BOOST_TEST(rules(permission{}).for_everybody());
    BOOST_TEST(judge({}, {}) == "granted");
    BOOST_TEST(!rules(permission{.moderators = true}).for_everybody());
    BOOST_TEST(!rules(permission{.domains = {"a.b"}}).for_everybody());
}

BOOST_AUTO_TEST_CASE(a_person_passes_by_id_in_any_spelling_or_by_address_in_any_case)
{
    BOOST_TEST(judge({.people = {"ana"}}, ana()) == "granted");
    BOOST_TEST(judge({.people = {"ANA@example.com"}}, ana()) == "granted");
    auto who = ana();
    who.id = format_id({"us", "PEOPLE", uuid});
    BOOST_TEST(judge({.people = {"7E2D9A44-0F3B-4C68-8A1D-5B9C6E7F8012"}}, who) == "granted");
    BOOST_TEST(judge({.people = {format_id({"eu", "PEOPLE", uuid})}}, who) == "granted");
    BOOST_TEST(judge({.people = {"bob", "bob@example.com"}}, ana()) == "not one of the people named");
    BOOST_TEST(judge({.people = {"bob"}}, {}) == "not one of the people named");
}

BOOST_AUTO_TEST_CASE(a_domain_is_compared_whole)
{
    BOOST_TEST(judge({.domains = {"EXAMPLE.com"}}, ana()) == "granted");
    BOOST_TEST(judge({.domains = {"@example.com"}}, ana()) == "granted");
    auto who = ana();
    for (const char* address : {"ana@eu.example.com", "ana@example.com.evil.org", "ana@notexample.com",
                                "example.com", "@example.com", "", "eve@evil.org@example.com"})
    {
        who.email = address;
        BOOST_TEST(judge({.domains = {"example.com", "a.org"}}, who) == "not in domains a.org, example.com");
    }
}

BOOST_AUTO_TEST_CASE(an_organisation_is_asked_for_only_if_nothing_cheaper_fits)
{
    auto who = ana();
    permission what{.domains = {"example.com"}, .organisations = {uuid}};
    BOOST_TEST(judge(what, who) == "granted");
    who.email = "ana@else.org";
    BOOST_TEST(judge(what, who) == "ask for the organisation");
    who.organisation = format_id({"us", "ORGANIZATION", "7E2D9A44-0f3b-4c68-8a1d-5b9c6e7f8012"});
    BOOST_TEST(judge(what, who) == "granted");
    who.organisation = "another";
    BOOST_TEST(judge(what, who) == std::string("not in domains example.com, not in organisations ") + uuid);
}

BOOST_AUTO_TEST_CASE(own_is_the_bots_organisation_and_the_strangers_without_one_share_none)
{
    auto who = ana();
    who.own_organisation = "ours";
    who.organisation = "ours";
    BOOST_TEST(judge({.organisations = {"Own"}}, who) == "granted");
    who.organisation = "theirs";
    BOOST_TEST(judge({.organisations = {"own"}}, who) == "not in the bot's organisation");
    who.own_organisation = who.organisation.emplace();
    BOOST_TEST(judge({.organisations = {"own"}}, who) == "not in the bot's organisation");
    who.own_organisation = who.organisation.emplace("consumer");
    BOOST_TEST(judge({.organisations = {"own", "consumer"}}, who) ==
               "not in organisations consumer, not in the bot's organisation");
    who.organisation = "own";
    who.own_organisation = "ours";
    BOOST_TEST(judge({.organisations = {"own"}}, who) == "not in the bot's organisation");
}

BOOST_AUTO_TEST_CASE(moderators_are_asked_for_last_and_a_room_of_two_has_none)
{
    auto who = ana();
    BOOST_TEST(judge({.moderators = true}, who) == "ask for the moderators");
    BOOST_TEST(judge({.domains = {"else.org"}, .moderators = true}, who) == "not in domains else.org");
    BOOST_TEST(judge({.domains = {"example.com"}, .moderators = true}, who) == "ask for the moderators");
    who.moderator = false;
    BOOST_TEST(judge({.people = {"ana"}, .moderators = true}, who) == "not a moderator of the room");
    who.moderator = true;
    BOOST_TEST(judge({.people = {"ana"}, .moderators = true}, who) == "granted");
    who.direct = true;
    BOOST_TEST(judge({.moderators = true}, who) == "a room of two has no moderators");
}

BOOST_AUTO_TEST_CASE(names_that_can_be_nobodys_are_refused)
{
    for (const char* bad : {"", " ", "a b"})
    {
        BOOST_CHECK_THROW(rules(permission{.people = {bad}}), std::invalid_argument);
        BOOST_CHECK_THROW(rules(permission{.domains = {bad}}), std::invalid_argument);
        BOOST_CHECK_THROW(rules(permission{.organisations = {bad}}), std::invalid_argument);
    }
    BOOST_CHECK_THROW(rules(permission{.domains = {"ana@example.com"}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_refusal_says_for_whom_it_is_unless_it_is_given)
{
    const auto said = [](permission what) { return rules(std::move(what)).refusal("/x"); };
    BOOST_TEST(said({.domains = {"example.com"}}) ==
               "That is not for you here: /x is for people of example.com.");
    BOOST_TEST(said({.people = {"ana"}, .organisations = {"own"}, .moderators = true}) ==
               "That is not for you here: /x is for certain people or people of the bot's organisation who "
               "moderate the room.");
    BOOST_TEST(said({.moderators = true}) == "That is not for you here: /x is for the moderators of a room.");
    BOOST_TEST(said({.moderators = true, .refusal = "No."}) == "No.");
    BOOST_TEST(said({.moderators = true, .refusal = ""}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
