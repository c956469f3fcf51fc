#include "postern/source/webhook/webhook_secrets.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

namespace {

using time_point = postern::source::webhook_secrets::time_point;

struct scene
{
    std::vector<std::string> steps; // "keep B A", "trust B A"
    bool disk_full = false;
    time_point now{1h};
    postern::source::webhook_secrets one;

    explicit scene(secret_pair kept = {secret("A"), {}}) : one(setup(std::move(kept))) {}

    postern::source::webhook_secrets::setup setup(secret_pair kept)
    {
        const auto write = [this](std::string word, const secret& current, const secret& previous) {
            (word += ' ').append(current.reveal()) += ' ';
            steps.push_back(word.append(previous.empty() ? "-" : previous.reveal()));
        };
        postern::source::webhook_secrets::setup s;
        s.kept = std::move(kept);
        s.trust = [write](const secret& current, const secret& previous) {
            write("trust", current, previous);
        };
        s.keep = [write, this](const secret& current, const secret& previous) -> result<> {
            if (disk_full)
                return error(errc::file_unreadable, "writing");
            write("keep", current, previous);
            return {};
        };
        return s;
    }
    void expect(const std::vector<std::string>& wanted) const
    {
        BOOST_TEST(steps == wanted, boost::test_tools::per_element());
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(webhook_secrets)

BOOST_AUTO_TEST_CASE(both_are_kept_and_then_accepted_before_anybody_can_use_the_new_one)
{
    scene s;
    BOOST_TEST(s.one.rotate(secret("B")).has_value());
    s.expect({"trust A -", "keep B A", "trust B A"});
    BOOST_TEST((s.one.current() == secret("B")));
}

BOOST_AUTO_TEST_CASE(the_old_one_is_accepted_for_a_while_after_every_webhook_has_the_new_one)
{
    scene s;
    BOOST_TEST(s.one.rotate(secret("B")).has_value());
    BOOST_TEST((s.one.drop_due() == s.one.never)); // while a webhook may still have the old one
    s.one.all_signed(secret("A"), s.now);
    BOOST_TEST((s.one.drop_due() == s.one.never)); // a round that began before
    s.one.all_signed(secret("B"), s.now);
    BOOST_TEST((s.one.drop_due() == s.now + 10min));
    s.one.all_signed(secret("B"), s.now + 5min); // each later round says so too
    BOOST_TEST((s.one.drop_due() == s.now + 10min));

    BOOST_TEST(s.one.drop(s.now + 9min).has_value());
    s.expect({"trust A -", "keep B A", "trust B A"});
    BOOST_TEST(s.one.drop(s.now + 10min).has_value());
    s.expect({"trust A -", "keep B A", "trust B A", "trust B -", "keep B -"});
    BOOST_TEST((s.one.drop_due() == s.one.never));
}

BOOST_AUTO_TEST_CASE(a_crash_in_the_middle_goes_on_where_it_was)
{
    scene s({secret("B"), secret("A")});
    s.expect({"trust B A"});
    BOOST_TEST((s.one.drop_due() == s.one.never));
    s.one.all_signed(secret("B"), s.now);
    BOOST_TEST(s.one.drop(s.now + 1h).has_value());
    s.expect({"trust B A", "trust B -", "keep B -"});
}

BOOST_AUTO_TEST_CASE(only_two_are_accepted_so_a_third_must_wait)
{
    scene s;
    BOOST_TEST(s.one.rotate(secret("B")).has_value());
    BOOST_TEST(s.one.rotate(secret("C")).error().is(errc::bad_input));
    BOOST_TEST((s.one.current() == secret("B")));
    s.one.all_signed(secret("B"), s.now);
    BOOST_TEST(s.one.rotate(secret("C")).has_error()); // deliveries with A may be under way
    BOOST_TEST(s.one.drop(s.now + 1h).has_value());
    BOOST_TEST(s.one.rotate(secret("C")).has_value());
}

BOOST_AUTO_TEST_CASE(what_can_not_be_kept_is_not_begun)
{
    scene s;
    s.disk_full = true;
    BOOST_TEST(s.one.rotate(secret("B")).error().is(errc::file_unreadable));
    s.expect({"trust A -"});
    BOOST_TEST((s.one.current() == secret("A")));
}

BOOST_AUTO_TEST_CASE(an_old_one_that_can_not_be_forgotten_is_not_accepted_all_the_same)
{
    scene s({secret("B"), secret("A")});
    s.one.all_signed(secret("B"), s.now);
    s.disk_full = true;
    BOOST_TEST(s.one.drop(s.now + 1h).has_error());
    s.expect({"trust B A", "trust B -"});
}

BOOST_AUTO_TEST_CASE(no_secret_and_the_same_secret_are_refused)
{
    scene s;
    BOOST_TEST(s.one.rotate({}).error().is(errc::bad_input));
    const auto same = s.one.rotate(secret("A"));
    BOOST_TEST(same.error().is(errc::bad_input));
    s.expect({"trust A -"});
}

BOOST_AUTO_TEST_SUITE_END()
