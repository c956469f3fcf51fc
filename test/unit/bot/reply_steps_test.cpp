#include "postern/bot/say/reply_steps.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using matching::sighting;
using step = matching::reply_steps::next;

namespace {

effect planned(std::string id = {}) { return {1, "digest", {}, std::move(id)}; }

error failed(errc code, bool maybe_sent)
{
    error e(code);
    e.maybe_sent = maybe_sent;
    return e;
}

sighting saw(sighting::kind what)
{
    sighting s;
    s.what = what;
    if (what == sighting::kind::failed || what == sighting::kind::unknown)
        s.why = error(errc::api_unavailable, "looking");
    return s;
}

const error lost = failed(errc::connection_lost, true);
const error down = failed(errc::api_unavailable, false);

// A reply of this attempt whose POST may have been taken.
matching::reply_steps make_lost()
{
    matching::reply_steps s(std::nullopt);
    s.noted(planned());
    BOOST_TEST_REQUIRE((s.not_posted(lost) == step::look_up));
    return s;
}

// A reply of an earlier attempt, of which no id is known.
matching::reply_steps make_unsure() { return matching::reply_steps(planned()); }

} // namespace

BOOST_AUTO_TEST_SUITE(reply_steps)

BOOST_AUTO_TEST_CASE(a_new_reply_is_noted_then_sent)
{
    matching::reply_steps s(std::nullopt);
    BOOST_TEST((s.start() == step::note));
    BOOST_TEST((s.noted(planned()) == step::post));
    BOOST_TEST((s.posted() == step::sent));
    BOOST_TEST(s.sought().digest == "digest");
    BOOST_TEST(!s.held_back());
    BOOST_TEST(!s.in_doubt());
    BOOST_TEST(!s.maybe_twice().has_value());
}

BOOST_AUTO_TEST_CASE(without_its_note_nothing_is_sent)
{
    matching::reply_steps s(std::nullopt);
    BOOST_TEST((s.not_noted(error(errc::journal_full)) == step::give_up));
    BOOST_TEST(s.held_back());
    BOOST_TEST(s.why().is(errc::journal_full));
}

BOOST_AUTO_TEST_CASE(a_reply_with_an_id_is_known_and_one_without_is_looked_up)
{
    BOOST_TEST((matching::reply_steps(planned("reply")).start() == step::known));
    BOOST_TEST((make_unsure().start() == step::look_up));
}

BOOST_AUTO_TEST_CASE(what_an_earlier_attempt_sent_is_not_sent_again_and_what_it_did_not_is)
{
    BOOST_TEST((make_unsure().looked(saw(sighting::kind::found)) == step::found));
    auto s = make_unsure();
    BOOST_TEST((s.looked(saw(sighting::kind::absent)) == step::note));
    BOOST_TEST(!s.maybe_twice().has_value());
}

BOOST_AUTO_TEST_CASE(where_no_look_can_tell_it_is_sent_again_and_that_is_said)
{
    auto s = make_unsure();
    BOOST_TEST((s.looked(saw(sighting::kind::unknown)) == step::note));
    BOOST_TEST(s.maybe_twice().has_value());
    BOOST_TEST((s.noted(planned()) == step::post));
    BOOST_TEST((s.not_posted(down) == step::give_up)); // not withdrawn: the earlier one may be there
}

BOOST_AUTO_TEST_CASE(while_the_room_can_not_be_asked_nothing_is_sent)
{
    auto s = make_unsure();
    BOOST_TEST((s.looked(saw(sighting::kind::failed)) == step::give_up));
    BOOST_TEST(s.held_back());
    BOOST_TEST(describe(s.why()).starts_with("looking for an earlier reply: looking"));
}

BOOST_AUTO_TEST_CASE(a_reply_that_certainly_did_not_go_out_is_withdrawn)
{
    matching::reply_steps s(std::nullopt);
    s.noted(planned());
    BOOST_TEST((s.not_posted(down) == step::withdraw));
    BOOST_TEST(s.why().is(errc::api_unavailable));
    BOOST_TEST(!s.held_back());
}

BOOST_AUTO_TEST_CASE(a_reply_that_may_have_gone_out_is_looked_for_at_once)
{
    BOOST_TEST((make_lost().looked(saw(sighting::kind::found)) == step::found));

    auto failing = make_lost();
    BOOST_TEST((failing.looked(saw(sighting::kind::failed)) == step::give_up));
    BOOST_TEST(failing.why().is(errc::connection_lost));
    BOOST_TEST(!failing.held_back());
    BOOST_TEST(!failing.in_doubt());

    auto blind = make_lost();
    BOOST_TEST((blind.looked(saw(sighting::kind::unknown)) == step::give_up));
    BOOST_TEST(blind.in_doubt());
}

BOOST_AUTO_TEST_CASE(a_reply_that_is_certainly_not_there_is_sent_once_more_and_no_more)
{
    auto s = make_lost();
    BOOST_TEST((s.looked(saw(sighting::kind::absent)) == step::post));
    BOOST_TEST((s.not_posted(lost) == step::look_up));
    BOOST_TEST((s.looked(saw(sighting::kind::absent)) == step::withdraw));
    BOOST_TEST(s.why().is(errc::connection_lost));
}

BOOST_AUTO_TEST_CASE(a_stop_leaves_the_look_to_the_next_attempt)
{
    matching::reply_steps s(std::nullopt);
    s.noted(planned());
    BOOST_TEST((s.not_posted(failed(errc::stopped, true)) == step::give_up));
    BOOST_TEST(!s.held_back());
}

BOOST_AUTO_TEST_SUITE_END()
