#include "postern/source/recovery/recovery_policy.hpp"

#include "postern/base/ids.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

namespace {

const auto noon = parse_time("2026-02-11T12:00:00.000Z").value();
wall_time at(std::chrono::minutes m) { return noon + m; }

const std::string my_uuid = "1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10";

webex::person bot()
{
    webex::person me;
    me.id = format_id({"us", "PEOPLE", my_uuid});
    me.type = "bot";
    return me;
}

webex::room room(std::string id, std::chrono::minutes active, std::string type = "group")
{
    webex::room r;
    r.id = std::move(id);
    r.type = std::move(type);
    r.last_activity = format_time(at(active));
    return r;
}

webex::membership member(std::string where, std::chrono::minutes since, std::string type = "group")
{
    webex::membership m;
    m.id = "M-" + where;
    m.room_id = std::move(where);
    m.room_type = std::move(type);
    m.created = format_time(at(since));
    return m;
}

room_position position(std::string where, bool is_member, std::optional<std::chrono::minutes> newest = {})
{
    room_position p;
    p.membership = "M-" + where;
    p.room = std::move(where);
    p.member = is_member;
    if (newest)
        p.newest = at(*newest);
    return p;
}

// A bot that nobody heard for the last ten minutes; it is noon.
struct outage
{
    recovery_options options;
    recovery_policy policy{options, bot()};
    recovery_times times = policy.times({at(-10min), noon, ""}, {}, noon);

    recovery_plan plan(const std::vector<room_position>& known, const std::vector<webex::membership>& own,
                       const std::vector<webex::room>& active) const
    {
        return policy.plan(times, known, own, active);
    }
};

std::string order(const recovery_plan& p)
{
    std::string ids;
    for (const auto& task : p.rooms)
        ids += (ids.empty() ? "" : " ") + task.room.id;
    return ids;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(recovery_policy, outage)

BOOST_AUTO_TEST_CASE(rooms_are_looked_for_from_before_the_window_because_clocks_differ)
{
    BOOST_TEST((times.since == at(-11min)));
    BOOST_TEST((times.earliest == at(-24 * 60min)));
    BOOST_TEST(times.anything());
}

BOOST_AUTO_TEST_CASE(recovery_reaches_back_so_far_and_no_further)
{
    const auto long_ago = policy.times({at(-48 * 60min), noon, ""}, {}, noon);
    BOOST_TEST((long_ago.since == at(-24 * 60min)));
    BOOST_TEST(long_ago.anything());
    const auto over = policy.times({at(-48 * 60min), at(-25 * 60min), ""}, {}, noon);
    BOOST_TEST(!over.anything());
}

BOOST_AUTO_TEST_CASE(nothing_is_looked_for_from_before_the_first_start)
{
    const auto first = policy.times({noon, noon, ""}, noon, noon);
    BOOST_TEST(!first.anything());
    const auto outage_after = policy.times({noon, at(2min), ""}, noon, at(2min));
    BOOST_TEST((outage_after.since == noon));
    BOOST_TEST(outage_after.anything());
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_still_has_its_overlap_looked_at)
{
    BOOST_TEST(policy.times({noon, noon, ""}, {}, noon).anything());
}

BOOST_AUTO_TEST_CASE(the_most_recently_active_room_is_asked_about_first)
{
    auto silent = room("silent", 0min);
    silent.last_activity.clear();
    BOOST_TEST(order(plan({}, {}, {silent, room("b", -3min), room("a", -1min), room("c", -9min)})) ==
               "a b c silent");
}

BOOST_AUTO_TEST_CASE(a_room_is_listed_from_its_newest_known_message_if_that_is_older_than_the_window)
{
    const auto p = plan({position("older", true, -40min), position("newer", true, -1min),
                         position("ancient", true, -47 * 60min), position("none", true)},
                        {},
                        {room("older", -1min), room("newer", -2min), room("ancient", -3min),
                         room("none", -4min), room("unknown", -5min)});
    BOOST_TEST_REQUIRE(p.rooms.size() == 5u);
    BOOST_TEST((p.rooms[0].since == at(-41min)));
    BOOST_TEST((p.rooms[1].since == at(-11min)));
    BOOST_TEST((p.rooms[2].since == times.earliest));
    BOOST_TEST((p.rooms[3].since == at(-11min)));
    BOOST_TEST((p.rooms[4].since == at(-11min)));
}

BOOST_AUTO_TEST_CASE(a_bot_asks_group_rooms_for_what_mentions_it_and_people_ask_for_everything)
{
    auto untold = room("untold", -3min, "");
    auto unknown = room("unknown", -4min, "");
    const std::vector<webex::room> active{room("group", -1min), room("direct", -2min, "direct"), untold,
                                          unknown};
    const std::vector<webex::membership> own{member("untold", -99min, "direct")};
    const auto p = plan({}, own, active);
    BOOST_TEST(p.rooms[0].mentioning_me);
    BOOST_TEST(!p.rooms[1].mentioning_me);
    BOOST_TEST(!p.rooms[2].mentioning_me);
    BOOST_TEST(p.rooms[3].mentioning_me);

    auto person = bot();
    person.type = "person";
    const source::recovery_policy of_person(options, person);
    for (const auto& task : of_person.plan(times, {}, own, active).rooms)
        BOOST_TEST(!task.mentioning_me);
}

BOOST_AUTO_TEST_CASE(rooms_in_which_nothing_happened_need_not_wait)
{
    const auto p = plan({position("known", true), position("busy", true)},
                        {member("known", -99min), member("listed", -99min), member("busy", -99min)},
                        {room("busy", -1min)});
    const std::vector<std::string> quiet{"known", "listed"};
    BOOST_TEST(p.quiet == quiet, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(being_added_to_a_room_in_the_window_is_news)
{
    const auto p = plan({position("left", false)},
                        {member("busy", -5min), member("still", -4min), member("left", -3min),
                         member("old", -30min), member("skewed", -11min)},
                        {room("busy", -1min)});
    BOOST_TEST(order(p) == "busy left still skewed");
    for (const auto& task : p.rooms)
        BOOST_TEST(task.joined.has_value());
    BOOST_TEST(p.rooms[0].ask);
    BOOST_TEST(!p.rooms[1].ask); // its last activity is older than the window
    BOOST_TEST((p.rooms[0].since == at(-6min)));
    BOOST_TEST_REQUIRE(p.known.size() == 1u);
    BOOST_TEST(p.known[0].room == "old");
    BOOST_TEST(p.known[0].member);
    BOOST_TEST(p.known[0].membership == "M-old");
    BOOST_TEST(p.quiet.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_the_journal_was_told_of_a_membership_is_no_news)
{
    const auto p =
        plan({position("before", true), position("back", true), position("just now", true)},
             {member("before", -10min - 1min), member("back", -5min), member("just now", 1min)}, {});
    BOOST_TEST(order(p) == "back"); // added again: we were in it when we last heard
    BOOST_TEST(p.known.empty());
}

BOOST_AUTO_TEST_CASE(a_membership_without_a_time_or_of_the_future_is_no_news)
{
    auto untold = member("untold", 0min);
    untold.created.clear();
    const auto p = plan({}, {untold, member("future", 5min), webex::membership{}}, {});
    BOOST_TEST(p.rooms.empty());
    BOOST_TEST(p.known.size() == 2u);
}

BOOST_AUTO_TEST_CASE(memberships_from_before_a_first_start_are_remembered_only)
{
    const auto first = policy.times({noon, noon, ""}, noon, noon);
    const auto p = policy.plan(first, {}, {member("a", -1min), member("b", -99min)}, {});
    BOOST_TEST(p.rooms.empty());
    BOOST_TEST(p.gone.empty());
    BOOST_TEST(p.known.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_room_that_is_not_in_the_list_any_more_seems_to_be_left)
{
    auto untold = position(format_id({"us", "ROOM", "a96861e0-ff8c-11f0-8b2a-6d4e5f601723"}), true);
    untold.membership.clear();
    auto opaque = position("opaque", true);
    opaque.membership.clear();
    const auto p =
        plan({position("gone", true), position("never", false), position("there", true), untold, opaque},
             {member("there", -99min)}, {});
    BOOST_TEST_REQUIRE(p.gone.size() == 2u);
    BOOST_TEST(p.gone[0].room == "gone");
    BOOST_TEST(p.gone[0].membership == "M-gone");
    BOOST_TEST(p.gone[1].membership ==
               format_id({"us", "MEMBERSHIP", my_uuid + ":a96861e0-ff8c-11f0-8b2a-6d4e5f601723"}));
}

BOOST_AUTO_TEST_CASE(nobody_is_told_of_a_direct_room_that_was_left)
{
    const auto direct = member("direct", -99min, "direct");
    const auto p = plan({position("direct", true)}, {direct}, {}); // the journal was told of it live
    BOOST_TEST_REQUIRE(p.known.size() == 1u);
    BOOST_TEST(!p.known[0].member);

    const auto later = plan({p.known[0]}, {direct}, {});
    BOOST_TEST(later.known.empty());
    BOOST_TEST(plan({p.known[0]}, {}, {}).gone.empty());
    // And it is known all the same.
    BOOST_TEST(plan({p.known[0]}, {member("direct", -10min - 1min, "direct")}, {}).rooms.empty());
}

BOOST_AUTO_TEST_CASE(another_try_goes_on_where_the_last_one_ended)
{
    policy.room_done("a", noon);
    policy.room_done("still", noon);
    BOOST_TEST(policy.room_failed("b", error(errc::api_unavailable)));
    const std::vector<webex::room> active{room("b", -1min), room("a", 0min), room("still", -2min),
                                          room("c", -3min)};
    const auto p = plan({position("still", true)}, {}, active);
    BOOST_TEST(order(p) == "a c b");
    BOOST_TEST((p.rooms[0].since == at(-1min)));
    BOOST_TEST((p.rooms[1].since == at(-11min)));
    BOOST_TEST_REQUIRE(p.quiet.size() == 1u); // nothing has happened there since
    BOOST_TEST(p.quiet[0] == "still");

    policy.over();
    const auto anew = plan({}, {}, active);
    BOOST_TEST(order(anew) == "a b still c");
    BOOST_TEST((anew.rooms[0].since == at(-11min)));
}

BOOST_AUTO_TEST_CASE(a_room_that_answers_in_riddles_is_left_out_in_the_end)
{
    const error riddle(errc::bad_response);
    for (int i = 0; i < 4; ++i)
        BOOST_TEST(policy.room_failed("a", riddle));
    BOOST_TEST(!policy.room_failed("a", riddle));
    BOOST_TEST(policy.room_failed("b", riddle));
    for (int i = 0; i < 100; ++i) // the cloud may be away for long
        BOOST_TEST(policy.room_failed("c", error(errc::api_unavailable)));
    BOOST_TEST(!policy.room_failed("d", error(errc::not_found)));
}

BOOST_AUTO_TEST_CASE(own_messages_are_known_by_their_author)
{
    webex::message m;
    BOOST_TEST(!policy.is_own(m));
    m.person_id = bot().id;
    BOOST_TEST(policy.is_own(m));
    m.person_id = format_id({"us", "PEOPLE", "7e2d9a44-0f3b-4c68-8a1d-5b9c6e7f8012"});
    BOOST_TEST(!policy.is_own(m));
}

BOOST_AUTO_TEST_CASE(what_a_room_refuses_for_good_is_left_out_and_the_rest_is_tried_again)
{
    for (const auto code :
         {errc::api_unavailable, errc::timed_out, errc::cannot_connect, errc::connection_lost,
          errc::bad_response, errc::journal_full, errc::token_rejected, errc::handler_failed})
        BOOST_TEST(policy.worth_repeating(error(code)), error(code).code.message());
    for (const auto code : {errc::not_found, errc::api_rejected, errc::too_large, errc::bad_input})
        BOOST_TEST(!policy.worth_repeating(error(code)), error(code).code.message());
}

BOOST_AUTO_TEST_CASE(the_next_try_waits_longer_each_time_and_as_long_as_the_cloud_asks)
{
    const error plain(errc::api_unavailable);
    BOOST_TEST((policy.pause(0, plain, 0.0) == 250ms));
    BOOST_TEST((policy.pause(1, plain, 0.0) == 500ms));
    BOOST_TEST((policy.pause(20, plain, 0.0) == 30s));
    error busy(errc::api_unavailable);
    busy.retry_after = 90s;
    BOOST_TEST((policy.pause(0, busy, 0.0) == 90s));
}

BOOST_AUTO_TEST_SUITE_END()
