#include "postern/guard/expected_members.hpp"

#include <boost/test/unit_test.hpp>

namespace guard = postern::guard;
using answer = guard::expected_members::answer;

BOOST_AUTO_TEST_SUITE(expected_members)

BOOST_AUTO_TEST_CASE(a_list_with_all_who_are_expected_is_complete)
{
    guard::expected_members all;
    BOOST_TEST((all.compare("hall", {}) == answer::complete));
    all.expect("hall", 5);
    all.expect("hall", 7);
    BOOST_TEST((all.compare("yard", {1}) == answer::complete));
    BOOST_TEST((all.compare("hall", {1, 5, 7}) == answer::complete));
    BOOST_TEST((all.compare("hall", {1}) == answer::complete)); // seen once: expected no more
}

BOOST_AUTO_TEST_CASE(the_third_list_without_somebody_is_believed)
{
    guard::expected_members all;
    all.expect("hall", 5);
    BOOST_TEST((all.compare("hall", {1}) == answer::look_again));
    BOOST_TEST((all.compare("hall", {1}) == answer::too_early));
    BOOST_TEST((all.compare("hall", {1}) == answer::complete));
    BOOST_TEST((all.compare("hall", {1}) == answer::complete));
}

BOOST_AUTO_TEST_CASE(who_is_expected_again_is_expected_anew)
{
    guard::expected_members all;
    all.expect("hall", 5);
    all.compare("hall", {});
    all.compare("hall", {});
    all.expect("hall", 5);
    BOOST_TEST((all.compare("hall", {}) == answer::look_again));
}

BOOST_AUTO_TEST_CASE(who_has_left_is_expected_no_more)
{
    guard::expected_members all;
    all.expect("hall", 5);
    all.left("hall", 5);
    all.left("hall", 6);
    all.left("yard", 5);
    BOOST_TEST((all.compare("hall", {1}) == answer::complete));
}

BOOST_AUTO_TEST_CASE(a_crowd_is_not_waited_for)
{
    guard::expected_members all;
    for (std::uint64_t i = 0; i <= 10'000; ++i)
        all.expect("hall", i);
    std::vector<std::uint64_t> last{10'000};
    BOOST_TEST((all.compare("hall", last) == answer::complete));
}

BOOST_AUTO_TEST_SUITE_END()
