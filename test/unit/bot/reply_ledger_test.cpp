#include "postern/bot/say/reply_ledger.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using matching::known_replies;

namespace {

effect noted(unsigned number, std::string digest, std::string id = {})
{
    return {number, std::move(digest), {}, std::move(id)};
}

matching::reply_ledger make_ledger(std::vector<effect> earlier,
                                   std::shared_ptr<known_replies> all = std::make_shared<known_replies>())
{
    return {7, std::move(earlier), std::move(all)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(reply_ledger)

BOOST_AUTO_TEST_CASE(replies_are_numbered_from_one_and_the_pieces_of_one_keep_together)
{
    auto l = make_ledger({});
    BOOST_TEST(l.take(1) == 1u);
    BOOST_TEST(l.take(3) == 2u);
    BOOST_TEST(l.take(1) == 5u);
}

BOOST_AUTO_TEST_CASE(what_was_noted_last_is_what_is_known)
{
    const auto l = make_ledger({noted(1, "a"), noted(2, "b"), noted(1, "a", "reply")});
    BOOST_TEST(l.earlier(1)->id == "reply");
    BOOST_TEST(l.earlier(2)->digest == "b");
    BOOST_TEST(!l.earlier(3).has_value());
}

BOOST_AUTO_TEST_CASE(what_was_withdrawn_is_not_known)
{
    const auto l = make_ledger({noted(1, "")});
    BOOST_TEST(!l.earlier(1).has_value());
    BOOST_TEST(matching::is_withdrawn(noted(1, "")));
    BOOST_TEST(!matching::is_withdrawn(noted(1, "", "reply")));
}

BOOST_AUTO_TEST_CASE(after_the_handler_ended_nothing_is_of_an_earlier_attempt)
{
    auto l = make_ledger({noted(1, "a", "reply")});
    BOOST_TEST(!l.closed());
    l.close();
    BOOST_TEST(l.closed());
    BOOST_TEST(!l.earlier(1).has_value());
}

BOOST_AUTO_TEST_CASE(a_message_belongs_to_one_reply_of_one_delivery)
{
    known_replies all;
    BOOST_TEST(all.claim("m", 1, 1));
    BOOST_TEST(all.claim("m", 1, 1)); // the same reply, found again by the next attempt
    BOOST_TEST(!all.claim("m", 1, 2));
    BOOST_TEST(!all.claim("m", 2, 1));
}

BOOST_AUTO_TEST_CASE(what_the_journal_tells_of_is_claimed_before_anything_is_looked_for)
{
    auto all = std::make_shared<known_replies>();
    auto l = make_ledger({noted(1, "a", "m"), noted(2, "a")}, all);
    BOOST_TEST(!l.claim(2, "m"));
    BOOST_TEST(l.claim(1, "m"));
    BOOST_TEST(!all->claim("m", 8, 1));
}

BOOST_AUTO_TEST_CASE(the_oldest_claims_are_forgotten)
{
    known_replies all(2);
    for (const char* m : {"1", "2", "3"})
        BOOST_TEST(all.claim(m, 1, 1));
    BOOST_TEST(!all.claim("2", 9, 1));
    BOOST_TEST(!all.claim("3", 9, 1));
    BOOST_TEST(all.claim("1", 9, 1));
}

BOOST_AUTO_TEST_SUITE_END()
