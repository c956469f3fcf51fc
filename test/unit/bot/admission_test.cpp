#include "postern/bot/commands/admission.hpp"

#include "support/fake_webex_api.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;

namespace {

// The desk with a clock that the test turns.
struct desk
{
    std::shared_ptr<test::fake_webex_api> api = std::make_shared<test::fake_webex_api>();
    deadline::clock::time_point now{};
    matching::admission admission{api, 60s, [this] { return now; }};

    std::string ask(permission what, const std::string& person = "ana", const std::string& room = "room")
    {
        std::string came_to;
        auto rules = std::make_shared<const matching::permission_rules>(std::move(what));
        test::run([&](net::io_context&) -> awaitable<void> {
            matching::asker who;
            who.id = person;
            auto told = co_await admission.ask(rules, who, room, deadline::after(3s));
            if (!told)
                came_to = describe(told.error());
            else
                came_to =
                    told->given.what == matching::permit::kind::granted ? "granted" : told->given.reason;
        });
        return came_to;
    }

    void belongs_to(std::string organisation)
    {
        webex::person p;
        p.id = "ana";
        p.org_id = std::move(organisation);
        api->people.push_back(std::move(p));
    }
    void members(std::vector<std::pair<std::string, std::optional<bool>>> people)
    {
        std::vector<webex::membership> list;
        for (const auto& [id, moderator] : people)
        {
            webex::membership m;
            m.person_id = id;
            m.room_id = "room";
            m.is_moderator = moderator;
            list.push_back(std::move(m));
        }
        api->membership_lists.push_back(std::move(list));
    }
};

const permission of_acme{.organisations = {"acme"}};
const permission of_moderators{.moderators = true};

} // namespace

BOOST_AUTO_TEST_SUITE(admission)

BOOST_AUTO_TEST_CASE(an_organisation_is_asked_for_once_in_a_while)
{
    desk d;
    d.belongs_to("acme");
    BOOST_TEST(d.ask(of_acme) == "granted");
    BOOST_TEST(d.ask(of_acme) == "granted");
    BOOST_TEST(d.api->calls.size() == 1u);
    d.now += 60s;
    d.belongs_to("evil");
    BOOST_TEST(d.ask(of_acme) == "not in organisations acme");
    BOOST_TEST(d.api->calls.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_moderator_is_found_among_all_members_and_remembered_by_room)
{
    desk d;
    d.members({{"bob", false}, {"ana", true}});
    BOOST_TEST(d.ask(of_moderators) == "granted");
    BOOST_TEST(d.ask(of_moderators) == "granted");
    BOOST_TEST(d.api->calls.size() == 1u);
    d.members({});
    BOOST_TEST(d.ask(of_moderators, "ana", "another room") == "not a moderator of the room");
    BOOST_TEST(d.api->calls.back() == "list_memberships another room");
    d.members({{"bob", true}, {"ana", false}});
    BOOST_TEST(d.ask(of_moderators, "bob") == "granted");
    d.admission.members_changed();
    d.members({{"bob", true}, {"ana", false}});
    BOOST_TEST(d.ask(of_moderators) == "not a moderator of the room");
}

BOOST_AUTO_TEST_CASE(what_can_not_be_told_is_an_error_and_is_not_remembered)
{
    desk d;
    for (const auto code : {errc::api_unavailable, errc::api_rejected, errc::not_found, errc::bad_response})
    {
        d.api->people.push_back(error(code));
        BOOST_TEST(d.ask(of_acme).starts_with("asking for a person's organisation"));
        d.api->membership_lists.push_back(error(code));
        BOOST_TEST(d.ask(of_moderators).starts_with("asking for the room's moderators"));
    }
    d.belongs_to("");
    BOOST_TEST(d.ask(of_acme).find("the person has none") != std::string::npos);
    d.members({{"ana", std::nullopt}});
    BOOST_TEST(d.ask(of_moderators).find("does not tell") != std::string::npos);
    d.belongs_to("acme");
    BOOST_TEST(d.ask(of_acme) == "granted");
}

BOOST_AUTO_TEST_CASE(nobody_and_nowhere_is_not_asked_about)
{
    desk d;
    BOOST_TEST(d.ask(of_acme, "").find("nobody tells who") != std::string::npos);
    BOOST_TEST(d.ask(of_moderators, "ana", "").find("nobody tells who") != std::string::npos);
    BOOST_TEST(d.api->calls.empty());
}

BOOST_AUTO_TEST_SUITE_END()
