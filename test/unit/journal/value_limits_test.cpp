#include "postern/journal/value_limits.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::journal;

namespace {

journal::value_limits small() { return {10, 10, 20, 3, 100}; }

kept_before before(std::size_t keys, std::uint64_t total, std::optional<std::size_t> old = {})
{
    kept_before b;
    b.keys = keys;
    b.total = total;
    b.old = old;
    return b;
}

} // namespace

BOOST_AUTO_TEST_SUITE(value_limits)

BOOST_AUTO_TEST_CASE(what_is_too_large_is_named_with_its_size_and_the_limit)
{
    BOOST_TEST(
        check_sizes(small(), std::string(10, 's'), std::string(10, 'k'), std::string(20, 'v')).has_value());
    const auto scope = check_sizes(small(), std::string(11, 's'), "", "");
    BOOST_TEST_REQUIRE(scope.has_error());
    BOOST_TEST(describe(scope.error()).find("scope has 11 bytes, the limit is 10") != std::string::npos);
    const auto key = check_sizes(small(), "", std::string(12, 'k'), "");
    BOOST_TEST(describe(key.error()).find("key has 12 bytes") != std::string::npos);
    const auto value = check_sizes(small(), "", "", "a secret of 21 bytes.");
    BOOST_TEST(describe(value.error()).find("text has 21 bytes, the limit is 20") != std::string::npos);
    BOOST_TEST(describe(value.error()).find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_new_key_needs_a_place_in_its_scope_and_an_old_one_has_it)
{
    BOOST_TEST(check_room(small(), before(2, 0), 1).has_value());
    BOOST_TEST(check_room(small(), before(3, 0), 1).error().is(errc::journal_full));
    BOOST_TEST(check_room(small(), before(3, 10, 0), 1).has_value());
}

BOOST_AUTO_TEST_CASE(what_takes_no_more_than_before_has_room_even_where_there_is_none)
{
    BOOST_TEST(check_room(small(), before(1, 90), 10).has_value());
    BOOST_TEST(check_room(small(), before(1, 90), 11).error().is(errc::journal_full));
    BOOST_TEST(check_room(small(), before(1, 500, 30), 30).has_value()); // the limit was lowered
    BOOST_TEST(check_room(small(), before(1, 500, 30), 31).error().is(errc::journal_full));
    BOOST_TEST(check_room(small(), before(1, 100, 30), 30).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
