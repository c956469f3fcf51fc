#include "postern/guard/membership_rules.hpp"

#include "guard_scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::test;
using guard::standing;

namespace {

struct policy
{
    guard::guard_options options;
    webex::person me = person("bot@a", "bot");

    guard::membership_rules rules() const { return {options, me}; }
    guard::room_finding judge(const std::vector<std::string_view>& people) const
    {
        std::vector<webex::membership> all;
        for (const auto who : people)
            all.push_back(member(who));
        return rules().judge(all);
    }
};

policy own()
{
    policy p;
    p.options.organisations = {"own"};
    return p;
}

} // namespace

BOOST_AUTO_TEST_SUITE(membership_rules)

BOOST_AUTO_TEST_CASE(own_is_the_organisation_of_the_bot)
{
    for (const auto* word : {"own", "Own", "OWN"})
    {
        auto p = own();
        p.options.organisations = {word};
        const auto rules = p.rules();
        BOOST_TEST((rules.of(member("bot@a")) == standing::self));
        BOOST_TEST((rules.of(member("ann@a")) == standing::organisation));
        BOOST_TEST((rules.of(member("eve@c")) == standing::outsider));
    }
}

BOOST_AUTO_TEST_CASE(rooms_of_either_organisation_and_of_both_pass)
{
    policy p;
    p.options.organisations = {org_id("a"), uuid_for("b")};
    BOOST_TEST(p.judge({"bot@a", "ann@a", "al@a"}).admitted);
    BOOST_TEST(p.judge({"bot@a", "bob@b", "ben@b"}).admitted);
    BOOST_TEST(p.judge({"bot@a", "ann@a", "bob@b"}).admitted);
    const auto mixed = p.judge({"bot@a", "ann@a", "bob@b", "eve@c"});
    BOOST_TEST(!mixed.admitted);
    BOOST_TEST(!mixed.undecided);
    BOOST_TEST(p.judge({"bot@a", "ann@a"}).reason == "all 2 members belong to allowed organisations");
}

BOOST_AUTO_TEST_CASE(organisations_are_compared_by_their_uuid)
{
    auto upper = uuid_for("c");
    for (auto& c : upper)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const auto& spelled : {uuid_for("c"), upper, org_id("c"), format_id({"us", "ORGANIZATION", upper})})
    {
        auto p = own();
        p.options.organisations = {spelled};
        BOOST_TEST((p.rules().of(member("eve@c")) == standing::organisation));
    }
}

BOOST_AUTO_TEST_CASE(the_organisation_of_those_who_have_none_is_never_allowed)
{
    auto p = own();
    p.me.org_id = org_id("consumer");
    p.options.organisations = {"own", "consumer", org_id("consumer")};
    BOOST_TEST((p.rules().of(member("gus@consumer")) == standing::guest));
    const auto f = p.judge({"bot@a", "gus@consumer"});
    BOOST_TEST(!f.admitted);
    BOOST_TEST(f.reason ==
               "1 of 2 members does not belong here: gus@consumer.example (without an organisation)");
    BOOST_TEST_REQUIRE(f.outsiders.size() == 1u);
    BOOST_TEST((f.outsiders[0].as == standing::guest));
}

BOOST_AUTO_TEST_CASE(a_domain_is_the_whole_of_what_follows_the_at)
{
    auto p = own();
    p.options.domains = {"@Partner.Example"};
    const auto rules = p.rules();
    auto m = member("pat@p");
    const auto as = [&](const char* address) {
        m.person_email = address;
        return rules.of(m);
    };
    BOOST_TEST((as("Pat@partner.EXAMPLE") == standing::domain));
    BOOST_TEST((as("pat@sub.partner.example") == standing::outsider));
    BOOST_TEST((as("pat@notpartner.example") == standing::outsider));
    BOOST_TEST((as("pat@partner.example.evil.example") == standing::outsider));
    BOOST_TEST((as("pat@evil.example@partner.example") == standing::outsider));
    BOOST_TEST((as("@partner.example") == standing::outsider));
    BOOST_TEST((as("partner.example") == standing::outsider));
    BOOST_TEST((as("") == standing::outsider));
}

BOOST_AUTO_TEST_CASE(people_are_allowed_by_id_uuid_or_address)
{
    for (const auto& named : {person_id("eve@c"), uuid_for("eve@c"), std::string("EVE@c.example")})
    {
        auto p = own();
        p.options.people = {named};
        BOOST_TEST((p.rules().of(member("eve@c")) == standing::person));
        BOOST_TEST((p.rules().of(member("mal@c")) == standing::outsider));
    }
}

BOOST_AUTO_TEST_CASE(without_an_organisation_only_rules_about_the_person_admit)
{
    auto p = own();
    p.options.domains = {"d.example"};
    p.options.people = {"eve@c.example"};
    auto nobody = member("mal@c");
    auto eve = member("eve@c");
    auto dan = member("dan@d");
    for (auto* m : {&nobody, &eve, &dan})
        m->person_org_id.clear();
    const auto rules = p.rules();
    BOOST_TEST((rules.of(nobody) == standing::unknown));
    BOOST_TEST((rules.of(eve) == standing::person));
    BOOST_TEST((rules.of(dan) == standing::domain));

    const auto f = rules.judge({member("bot@a"), nobody});
    BOOST_TEST(f.undecided);
    BOOST_TEST(!f.admitted);
    BOOST_TEST(has(f.reason, "mal@c.example (organisation unknown)"));
    BOOST_TEST(f.outsiders.empty());
}

BOOST_AUTO_TEST_CASE(nobody_is_anybody_without_an_id)
{
    auto p = own();
    auto m = member("ann@a");
    m.person_id.clear();
    BOOST_TEST((p.rules().of(m) == standing::unknown));
    p.me.id.clear();
    BOOST_TEST((p.rules().of(m) == standing::unknown));
    BOOST_TEST(p.judge({"bot@a", "ann@a"}).undecided);
}

BOOST_AUTO_TEST_CASE(an_own_organisation_that_is_not_told_makes_nobody_an_outsider)
{
    auto p = own();
    p.me.org_id.clear();
    BOOST_TEST(p.rules().own_is_missing());
    const auto f = p.judge({"bot@a", "ann@a"});
    BOOST_TEST(f.undecided);
    BOOST_TEST(f.outsiders.empty());
}

BOOST_AUTO_TEST_CASE(compliance_accounts_are_allowed_only_if_that_is_said)
{
    auto p = own();
    auto m = member("law@c");
    m.is_monitor = true;
    BOOST_TEST((p.rules().of(m) == standing::outsider));
    p.options.monitors = true;
    BOOST_TEST((p.rules().of(m) == standing::monitor));
    BOOST_TEST((p.rules().of(member("eve@c")) == standing::outsider));
}

BOOST_AUTO_TEST_CASE(an_address_of_a_bot_is_a_reason_to_ask_and_no_proof)
{
    auto p = own();
    auto m = member("helper@c");
    m.person_email = "helper@webex.bot";
    BOOST_TEST((p.rules().of(m) == standing::outsider));
    p.options.bots = true;
    const auto rules = p.rules();
    BOOST_TEST((rules.of(m) == standing::maybe_a_bot));

    const std::vector<webex::membership> members{member("bot@a"), m};
    const auto asked = rules.judge(members);
    BOOST_TEST(asked.undecided);
    BOOST_TEST((asked.maybe_bots == std::vector<std::string>{m.person_id}));
    BOOST_TEST(rules.judge(members, std::set<std::string>{m.person_id}).admitted);

    const auto no_bot = rules.judge(members, std::set<std::string>{});
    BOOST_TEST(!no_bot.admitted);
    BOOST_TEST(!no_bot.undecided);
    BOOST_TEST(no_bot.outsiders.size() == 1u);
}

BOOST_AUTO_TEST_CASE(no_members_or_a_list_without_the_bot_decide_nothing)
{
    const auto p = own();
    BOOST_TEST(p.judge({}).undecided);
    const auto without = p.judge({"ann@a", "eve@c"});
    BOOST_TEST(without.undecided);
    BOOST_TEST(without.own_membership.empty());
}

BOOST_AUTO_TEST_CASE(a_room_beyond_the_bound_is_refused)
{
    auto p = own();
    p.options.largest_room = 3;
    BOOST_TEST(p.judge({"bot@a", "ann@a", "al@a"}).admitted);
    const auto f = p.judge({"bot@a", "ann@a", "al@a", "amy@a"});
    BOOST_TEST(!f.admitted);
    BOOST_TEST(!f.undecided);
    BOOST_TEST(has(f.reason, "4 members, more than the 3"));
}

BOOST_AUTO_TEST_CASE(a_refusal_names_three_and_counts_the_rest)
{
    const auto f = own().judge({"bot@a", "e1@c", "e2@c", "e3@c", "e4@c", "e5@c"});
    BOOST_TEST(f.reason.starts_with("5 of 6 members do not belong here: e1@c.example (organisation " +
                                    uuid_for("c").substr(0, 8) + "), "));
    BOOST_TEST(has(f.reason, "e3@c.example"));
    BOOST_TEST(!has(f.reason, "e4@c.example"));
    BOOST_TEST(f.reason.ends_with(" and 2 more"));
    BOOST_TEST(f.outsiders.size() == 5u);
}

BOOST_AUTO_TEST_CASE(foreign_words_in_a_reason_are_harmless)
{
    auto m = member("eve@c");
    m.person_email = "eve\x1b[2J\n@c.example" + std::string(500, 'x');
    const auto f = own().rules().judge({member("bot@a"), m});
    BOOST_TEST(!has(f.reason, "\x1b"));
    BOOST_TEST(!has(f.reason, "\n"));
    BOOST_TEST(f.reason.size() < 250u);
}

BOOST_AUTO_TEST_CASE(whoever_moderates_is_known)
{
    auto bot = member("bot@a");
    BOOST_TEST(!own().rules().judge({bot}).we_moderate);
    bot.is_moderator = true;
    const auto f = own().rules().judge({bot});
    BOOST_TEST(f.we_moderate);
    BOOST_TEST(f.own_membership == bot.id);
}

BOOST_AUTO_TEST_CASE(a_sender_is_judged_as_people_are_told)
{
    auto p = own();
    p.options.domains = {"d.example"};
    p.options.people = {"eve@c.example"};
    const auto rules = p.rules();
    BOOST_TEST((rules.of(person("bot@a")) == standing::self));
    BOOST_TEST((rules.of(person("ann@a")) == standing::organisation));
    BOOST_TEST((rules.of(person("dan@d")) == standing::domain));
    BOOST_TEST((rules.of(person("eve@c")) == standing::person));
    BOOST_TEST((rules.of(person("gus@consumer")) == standing::guest));
    BOOST_TEST((rules.of(person("helper@c", "bot")) == standing::outsider));
    p.options.bots = true;
    BOOST_TEST((p.rules().of(person("helper@c", "bot")) == standing::bot));
    auto nobody = person("mal@c");
    nobody.org_id.clear();
    BOOST_TEST((rules.of(nobody) == standing::unknown));
    BOOST_TEST((rules.of(webex::person()) == standing::unknown));
}

BOOST_AUTO_TEST_CASE(a_room_is_allowed_by_any_spelling_of_its_id)
{
    auto p = own();
    p.options.rooms = {room_id("hall")};
    const auto rules = p.rules();
    BOOST_TEST(rules.admits_room(room_id("hall")));
    BOOST_TEST(rules.admits_room(format_id({"urn:TEAM:us-west-2_r", "ROOM", uuid_for("hall")})));
    BOOST_TEST(!rules.admits_room(room_id("yard")));
    BOOST_TEST(!rules.admits_room(""));
    BOOST_TEST(!own().rules().admits_room(room_id("hall")));
}

BOOST_AUTO_TEST_SUITE_END()
