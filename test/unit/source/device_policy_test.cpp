#include "postern/source/device/device_policy.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace postern;
using namespace std::chrono_literals;
using namespace postern::source;

namespace {

const own_mark ours{"postern"};

source::device made(const std::string& id, int second, std::string name = "postern",
                    std::string type = "DESKTOP")
{
    source::device d;
    d.url = "https://wdm-a.wbx2.com/wdm/api/v1/devices/" + id;
    d.name = std::move(name);
    d.type = std::move(type);
    d.modified = wall_time() + std::chrono::seconds(second);
    return d;
}

std::string ids(const std::vector<source::device>& all)
{
    std::string text;
    for (const auto& d : all)
        text += (text.empty() ? "" : " ") + d.id();
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(device_policy)

BOOST_AUTO_TEST_CASE(without_a_device_of_ours_a_new_one_is_needed)
{
    BOOST_TEST(!choose_device({}, ours, "").use);
    const auto choice = choose_device(
        {made("a", 1, "node", "WEB"), made("b", 2, "postern", "WEB"), made("c", 3, "other")}, ours, "");
    BOOST_TEST(!choice.use);
    BOOST_TEST(choice.surplus.empty()); // other programs' are never touched
}

BOOST_AUTO_TEST_CASE(the_device_of_the_last_run_is_used_and_the_others_of_ours_are_surplus)
{
    const auto choice = choose_device({made("a", 9), made("b", 1), made("x", 5, "node"), made("c", 5)}, ours,
                                      "https://wdm-a.wbx2.com/wdm/api/v1/devices/b");
    BOOST_TEST_REQUIRE(choice.use.has_value());
    BOOST_TEST(choice.use->id() == "b");
    BOOST_TEST(ids(choice.surplus) == "a c");
}

BOOST_AUTO_TEST_CASE(the_last_device_is_known_by_its_id_under_any_host)
{
    const auto choice =
        choose_device({made("a", 9), made("b", 1)}, ours, "https://wdm-b.wbx2.com/devices/b/");
    BOOST_TEST(choice.use->id() == "b");
}

BOOST_AUTO_TEST_CASE(else_the_youngest_of_ours_is_used)
{
    for (const auto* kept : {"", "https://wdm-a.wbx2.com/wdm/api/v1/devices/gone", "/"})
    {
        const auto choice = choose_device({made("a", 1), made("b", 3), made("c", 2)}, ours, kept);
        BOOST_TEST(choice.use->id() == "b");
        BOOST_TEST(ids(choice.surplus) == "a c");
    }
}

BOOST_AUTO_TEST_CASE(a_remembered_device_that_is_another_programs_now_is_left_alone)
{
    const auto choice = choose_device({made("a", 1, "node")}, ours, made("a", 1).url);
    BOOST_TEST(!choice.use);
    BOOST_TEST(choice.surplus.empty());
}

BOOST_AUTO_TEST_CASE(to_make_room_all_of_ours_go_oldest_first)
{
    BOOST_TEST(
        ids(prunable({made("b", 3), made("x", 0, "node"), made("a", 1), made("y", 2, "postern", "WEB")},
                     ours)) == "a b");
}

BOOST_AUTO_TEST_CASE(too_many_registrations_are_recognised_by_status_and_words)
{
    BOOST_TEST(is_excessive(403, "User has excessive device registrations"));
    BOOST_TEST(is_excessive(403, "user HAS Excessive Device Registrations."));
    BOOST_TEST(is_excessive(403, "403: User has excessive device registrations; more"));
    BOOST_TEST(!is_excessive(429, "User has excessive device registrations"));
    BOOST_TEST(!is_excessive(403, "missing scope"));
    BOOST_TEST(!is_excessive(403, "User has excessive device"));
    BOOST_TEST(!is_excessive(403, ""));
}

BOOST_AUTO_TEST_CASE(who_fills_the_list_is_told_by_name)
{
    BOOST_TEST(census({made("a", 1), made("b", 1, "node"), made("c", 1, "python-spark-client"),
                       made("d", 1, "node")},
                      ours) == "4 registrations: 1 of this postern, 2 \"node\", 1 \"python-spark-client\"");
    BOOST_TEST(census({}, ours) == "0 registrations: 0 of this postern");
}

BOOST_AUTO_TEST_CASE(names_of_strangers_are_escaped_and_cut_and_few)
{
    std::vector<source::device> all;
    for (char c = 'a'; c <= 'z'; ++c)
        all.push_back(made("x", 1, std::string(1000, c) + "\n\x1b[31m"));
    const auto text = census(all, ours);
    BOOST_TEST(text.size() < 400u);
    BOOST_TEST(text.find('\n') == text.npos);
    BOOST_TEST(text.find('\x1b') == text.npos);
    BOOST_TEST(text.ends_with("and those of 21 more names"));
}

BOOST_AUTO_TEST_CASE(a_device_is_refreshed_well_before_its_life_ends)
{
    auto d = made("a", 1);
    BOOST_TEST((refresh_after(d, 6h) == 6h));
    d.ttl = 1800s;
    BOOST_TEST((refresh_after(d, 6h) == 960s)); // as the JS SDK does
    d.ttl = 100s;
    BOOST_TEST((refresh_after(d, 6h) == 90s)); // half and a minute would be too late
    d.ttl = 1s;
    BOOST_TEST((refresh_after(d, 6h) == 900ms));
}

BOOST_AUTO_TEST_SUITE_END()
