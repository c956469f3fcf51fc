#include "audit_scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::test;
using guard::audit_memory;
using guard::on_refusal;
using how = audit_memory::how;

namespace {

const auto noon = *parse_time("2026-02-11T12:00:00Z");

guard::audit_book book(bool fix = false) { return guard::audit_book("basis", fix, 3, noon); }

guard::audited_room bad(std::string_view name, const std::string& action)
{
    guard::audited_room r;
    r.room = room_id(name);
    r.title = std::string(name);
    r.action = action;
    return r;
}

audit_memory interrupted()
{
    audit_memory m;
    m.basis = "basis";
    m.begun = noon - 1h;
    m.good = {room_id("good"), room_id("good and gone")};
    const auto add = [&m](std::string_view name, how stands, const std::string& action) {
        m.bad.emplace(room_id(name), audit_memory::bad_room{bad(name, action), stands});
    };
    add("found", how::found, "would leave");
    add("found and gone", how::found, "would leave");
    add("left", how::mended, "left");
    add("leaving and gone", how::under_way, "left");
    add("leaving", how::under_way, "left");
    add("removing", how::under_way, "removed 1 outsider");
    return m;
}

const std::vector<webex::room> now_there{room("good"), room("found"), room("leaving"), room("removing"),
                                         room("new")};

std::vector<std::string> handed_out(guard::audit_book& b)
{
    std::vector<std::string> titles;
    while (const auto r = b.next())
        titles.push_back(r->title);
    return titles;
}

guard::room_finding refused()
{
    guard::room_finding f;
    f.own_membership = "own";
    f.we_moderate = true;
    f.outsiders = {{"p1", "eve@c.example", "m1", guard::standing::outsider}};
    return f;
}

} // namespace

BOOST_AUTO_TEST_SUITE(audit_book)

BOOST_AUTO_TEST_CASE(every_room_is_handed_out_once)
{
    auto b = book();
    b.begin({room("one"), room("two"), room("one")});
    BOOST_TEST(b.state().all == 2u);
    BOOST_TEST(!b.finished());
    BOOST_TEST(handed_out(b) == (std::vector<std::string>{"one", "two"}), boost::test_tools::per_element());
    b.admitted(room_id("one"));
    b.refused(bad("two", "would leave"));
    BOOST_TEST(b.finished());
    const auto r = b.report();
    BOOST_TEST(r.complete);
    BOOST_TEST(r.bad.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_dry_run_goes_on_where_one_was_interrupted)
{
    auto b = book();
    BOOST_TEST(b.resume(interrupted(), noon));
    b.begin(now_there);
    BOOST_TEST(b.state().all == 7u); // five are there, and two we have left
    BOOST_TEST(b.state().known_before == 4u);
    BOOST_TEST(handed_out(b) == (std::vector<std::string>{"leaving", "removing", "new"}),
               boost::test_tools::per_element());
    b.refused(bad("leaving", "would leave"));
    b.admitted(room_id("removing"));
    b.admitted(room_id("new"));
    const auto r = b.report();
    BOOST_TEST(r.complete);
    BOOST_TEST(r.failures == 0u);
    BOOST_TEST(r.bad.size() == 5u);
    BOOST_TEST(!find(r, "found").mended);
    BOOST_TEST(!find(r, "leaving").mended);
    BOOST_TEST(find(r, "left").mended);
    BOOST_TEST(find(r, "leaving and gone").mended);
    BOOST_TEST(find(r, "removing").mended);
    BOOST_TEST(find(r, "removing").action == "removed 1 outsider");
}

BOOST_AUTO_TEST_CASE(mending_looks_again_at_what_a_dry_run_found)
{
    auto b = book(true);
    BOOST_TEST(b.resume(interrupted(), noon));
    b.begin(now_there);
    BOOST_TEST(handed_out(b) == (std::vector<std::string>{"found", "leaving", "removing", "new"}),
               boost::test_tools::per_element());
    b.admitted(room_id("found")); // somebody mended it
    BOOST_TEST(b.report().bad.size() == 4u);
}

BOOST_AUTO_TEST_CASE(others_and_old_progress_says_nothing)
{
    auto other = interrupted();
    other.basis = "another";
    BOOST_TEST(!book().resume(other, noon));
    auto old = interrupted();
    old.begun = noon - 24h;
    BOOST_TEST(!book().resume(old, noon));
    auto future = interrupted();
    future.begun = noon + 1h;
    BOOST_TEST(!book().resume(future, noon));
    auto b = book();
    b.resume(other, noon);
    b.begin(now_there);
    BOOST_TEST(handed_out(b).size() == now_there.size());
}

BOOST_AUTO_TEST_CASE(what_was_cut_short_while_it_was_done_is_a_failure)
{
    auto b = book(true);
    b.begin({room("yard"), room("hall")});
    b.next();
    b.about_to_mend(bad("yard", "left"));
    const auto r = b.report();
    BOOST_TEST(!r.complete);
    BOOST_TEST(r.failures == 1u);
    BOOST_TEST(find(r, "yard").action.empty());
    BOOST_TEST(has(find(r, "yard").failed, "interrupted"));
    b.mended(bad("yard", "left"));
    BOOST_TEST(b.report().failures == 0u);
    BOOST_TEST(find(b.report(), "yard").mended);
}

BOOST_AUTO_TEST_CASE(it_gives_up_only_when_webex_fails_in_a_row)
{
    auto b = book();
    std::vector<webex::room> many;
    for (int i = 0; i < 20; ++i)
        many.push_back(room("hall " + std::to_string(i)));
    b.begin(many);
    const auto fail = [&](bool service) {
        const auto r = b.next();
        BOOST_TEST_REQUIRE(r.has_value());
        b.failed(bad(r->title, ""), service);
    };
    for (int i = 0; i < 5; ++i)
        fail(false);
    fail(true);
    fail(true);
    b.admitted(b.next()->id);
    fail(true);
    fail(true);
    BOOST_TEST(!b.gives_up());
    fail(true);
    BOOST_TEST(b.gives_up());
    BOOST_TEST(!b.next().has_value());
    BOOST_TEST(!b.report().complete);
    BOOST_TEST(b.report().failures == 10u);
    BOOST_TEST(b.memory().bad.empty()); // looked at again next time
}

BOOST_AUTO_TEST_CASE(a_dry_run_says_what_would_be_done_and_does_nothing)
{
    const auto leave = audit_verdict_on(room("yard"), refused(), on_refusal::tell, false);
    BOOST_TEST(leave.room.action == "would leave");
    BOOST_TEST(!leave.todo.needed());
    const auto remove = audit_verdict_on(room("yard"), refused(), on_refusal::remove, false);
    BOOST_TEST(remove.room.action == "would remove 1 outsider");
    const auto direct = audit_verdict_on(room("nook", "direct"), refused(), on_refusal::remove, false);
    BOOST_TEST(direct.room.action == "would leave");
    auto unknown = refused();
    unknown.undecided = true;
    BOOST_TEST(audit_verdict_on(room("yard"), unknown, on_refusal::leave, false).room.action.empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_mended_or_decided_is_a_failure)
{
    auto unknown = refused();
    unknown.undecided = true;
    unknown.reason = "not enough is known";
    const auto undecided = audit_verdict_on(room("yard"), unknown, on_refusal::leave, true);
    BOOST_TEST(!undecided.todo.needed());
    BOOST_TEST(undecided.room.failed == "undecided: not enough is known");
    auto too_large = refused();
    too_large.outsiders.clear();
    const auto nobody = audit_verdict_on(room("yard"), too_large, on_refusal::remove, true);
    BOOST_TEST(!nobody.todo.needed());
    BOOST_TEST(!nobody.room.failed.empty());
    BOOST_TEST(audit_verdict_on(room("yard"), too_large, on_refusal::leave, true).todo.needed());
}

BOOST_AUTO_TEST_CASE(progress_counts_only_for_the_same_rules_and_the_same_bot)
{
    guard::guard_options o;
    o.organisations = {"own", org_id("b")};
    const auto me = person("bot@a", "bot");
    const auto same = audit_basis(o, me);
    auto turned = o;
    std::swap(turned.organisations[0], turned.organisations[1]);
    BOOST_TEST(audit_basis(turned, me) == same);
    BOOST_TEST(audit_basis(o, person("bob@a")) != same);
    auto other = o;
    other.organisations.pop_back();
    BOOST_TEST(audit_basis(other, me) != same);
    other = o;
    other.people = {org_id("b")};
    other.organisations.pop_back();
    BOOST_TEST(audit_basis(other, me) != same);
    other = o;
    other.bots = true;
    BOOST_TEST(audit_basis(other, me) != same);
    other = o;
    other.action = on_refusal::leave; // says nothing about who may be there
    BOOST_TEST(audit_basis(other, me) == same);
}

BOOST_AUTO_TEST_SUITE_END()
