#include "postern/emulator/public_ids.hpp"
#include "postern/emulator/seed.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace postern;
using namespace postern::emulator;

BOOST_AUTO_TEST_SUITE(seed)

BOOST_AUTO_TEST_CASE(the_default_seed_reads_and_plants)
{
    const auto parsed = parse_seed(default_seed(), "the default seed");
    BOOST_TEST_REQUIRE(parsed.has_value());
    const auto whole = complete(*parsed, std::chrono::system_clock::now());
    world w;
    plant(whole, w);
    BOOST_TEST(w.people().size() == 5u);
    BOOST_TEST(w.rooms().size() == 3u);
    const auto& bot = *w.person_named("bot");
    BOOST_TEST((bot.type == person_type::bot));
    BOOST_TEST(w.rooms_of(bot).size() == 3u);
    BOOST_TEST(w.direct_room(bot, *w.person_named("alice")) != nullptr);
    BOOST_TEST(w.rooms_of(*w.person_named("carol")).size() == 1u);
}

BOOST_AUTO_TEST_CASE(tokens_and_ids_are_new_at_every_start_and_the_same_when_planted_again)
{
    const auto parsed = parse_seed(default_seed(), "seed").value();
    const auto now = std::chrono::system_clock::now();
    const auto one = complete(parsed, now), two = complete(parsed, now);
    std::set<std::string> tokens;
    for (const auto* s : {&one, &two})
        for (const auto& p : s->people)
            tokens.insert(p.token);
    BOOST_TEST(tokens.size() == 10u);
    world a, b;
    plant(one, a);
    plant(one, b);
    BOOST_TEST(a.room_titled("Vendors")->uuid == b.room_titled("Vendors")->uuid);
    BOOST_TEST(a.find_token(one.people[0].token)->person == b.find_token(one.people[0].token)->person);
}

BOOST_AUTO_TEST_CASE(a_seed_may_fix_tokens_and_ids)
{
    const auto parsed =
        parse_seed(R"({"organisations":[{"name":"o","uuid":"3c9f2ab1-5e47-4d0c-b6a8-90d1e2f3a4b5"}],
        "people":[{"name":"a","email":"A@x.example","organisation":"o","token":"t_P_o",
                   "uuid":"1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10"}],
        "rooms":[{"title":"r","members":["a"],"locked":true,"uuid":"a96861e0-ff8c-11f0-8b2a-6d4e5f601723"}]})",
                   "seed.json");
    BOOST_TEST_REQUIRE(parsed.has_value());
    world w;
    plant(complete(*parsed, {}), w);
    BOOST_TEST(person_id(w.person_by_email("a@x.example")->uuid) ==
               "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8xYjZmMGM1Mi03ZDBlLTRiMWEtOWM1NS0yZjNhOGU2ZDRjMTA");
    BOOST_TEST(id_of(*w.room_titled("r")) ==
               "Y2lzY29zcGFyazovL3VzL1JPT00vYTk2ODYxZTAtZmY4Yy0xMWYwLThiMmEtNmQ0ZTVmNjAxNzIz");
    BOOST_TEST(w.room_titled("r")->locked);
    BOOST_TEST(w.find_token("t_P_o") != nullptr);
}

BOOST_AUTO_TEST_CASE(a_seed_may_hold_guests_app_users_and_compliance_accounts)
{
    const auto parsed = parse_seed(R"({"organisations":[{"name":"o"}],
        "people":[{"name":"g","email":"g@x.example","organisation":"consumer"},
                  {"name":"a","email":"a@x.example","organisation":"o","type":"appuser"},
                  {"name":"m","email":"m@x.example","organisation":"o","monitor":true}],
        "rooms":[{"title":"r","members":["g","a","m"]}]})",
                                   "seed.json");
    BOOST_TEST_REQUIRE(parsed.has_value());
    world w;
    plant(complete(*parsed, {}), w);
    BOOST_TEST(w.person_named("g")->org == "consumer");
    BOOST_TEST((w.person_named("a")->type == person_type::app_user));
    const auto room = w.room_titled("r")->uuid;
    BOOST_TEST(w.find_membership(room, w.person_named("m")->uuid)->monitor);
    BOOST_TEST(!w.find_membership(room, w.person_named("a")->uuid)->monitor);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_by_its_path)
{
    const std::string people =
        R"("organisations":[{"name":"o"}],"people":[)"
        R"({"name":"a","email":"a@x","organisation":"o"},{"name":"b","type":"bot","email":"b@x","organisation":"o"},)"
        R"({"name":"c","type":"bot","email":"c@x","organisation":"o"}])";
    const std::initializer_list<std::pair<std::string, std::string>> wrong{
        {"", "seed.json: $: "},
        {"[]", "$: must be an object"},
        {R"({"extra":1})", "$.extra: is not known here"},
        {R"({"people":5})", "$.people: must be an array"},
        {R"({})", "$.people: there must be somebody"},
        {R"({"people":[null]})", "$.people[0]: must be an object"},
        {R"({"organisations":[{"name":7}]})", "$.organisations[0].name: must be a text"},
        {R"({"organisations":[{"name":"o"},{"name":"o"}]})", "$.organisations[1].name: is there already"},
        {R"({"organisations":[{"name":"o","uuid":"x"}]})", "$.organisations[0].uuid: must be a UUID"},
        {R"({"people":[{"email":"a@x"}]})", "$.people[0]: 'name' is missing"},
        {R"({"people":[{"name":"a","email":"a@x","organisation":"x"}]})",
         "$.people[0].organisation: no organisation is called 'x'"},
        {R"({"organisations":[{"name":"o"}],"people":[{"name":"a","email":"a","organisation":"o"}]})",
         "$.people[0].email: must be an e-mail address"},
        {R"({"organisations":[{"name":"o"}],"people":[{"name":"a","email":"a@x","organisation":"o","type":"cat"}]})",
         "$.people[0].type: must be \"person\", \"bot\" or \"appuser\""},
        {R"({"organisations":[{"name":"consumer"}]})",
         "$.organisations[0].name: stands for people without an organisation"},
        {R"({"people":[{"name":"a","email":"a@x","organisation":"consumer","monitor":1}]})",
         "$.people[0].monitor: must be true or false"},
        {"{" + people + R"(,"rooms":[{"members":["a"]}]})", "$.rooms[0]: 'title' is missing"},
        {"{" + people + R"(,"rooms":[{"title":"r","members":["z"]}]})",
         "$.rooms[0].members[0]: nobody is called 'z'"},
        {"{" + people + R"(,"rooms":[{"title":"r","members":[]}]})",
         "$.rooms[0].members: must name at least one person, who creates the room"},
        {"{" + people + R"(,"rooms":[{"type":"direct","members":["b","c"]}]})",
         "$.rooms[0].members: a direct room has two members, not two bots"},
        {"{" + people +
             R"(,"rooms":[{"type":"direct","members":["a","b"]},{"type":"direct","members":["b","a"]}]})",
         "$.rooms[1].members: have a direct room already"},
    };
    for (const auto& [text, complaint] : wrong)
    {
        const auto parsed = parse_seed(text, "seed.json");
        BOOST_TEST_REQUIRE(parsed.has_error(), text);
        BOOST_TEST(parsed.error().is(errc::bad_configuration));
        BOOST_TEST(parsed.error().ours.find(complaint) != std::string::npos,
                   parsed.error().ours << " for " << text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
