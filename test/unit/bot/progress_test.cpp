#include "postern/bot/say/edit_budget.hpp"
#include "postern/bot/say/split_text.hpp"
#include "talk.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;
using test::talk;

namespace {

// Tells of `updates` and ends with `last`; what done() came to.
std::string work(talk& t, unsigned updates, std::string last)
{
    std::string out;
    test::run([&](net::io_context&) -> awaitable<void> {
        context ctx(t.take_up());
        const auto p = co_await ctx.working("0 %");
        BOOST_TEST_REQUIRE(p.has_value());
        for (unsigned i = 1; i <= updates; ++i)
            co_await p->update(std::to_string(i) + " %");
        const auto done = co_await p->done(last);
        out = done ? done->id : describe(done.error());
        co_await ctx.reply("and more");
    });
    return out;
}

error refused()
{
    error e(errc::api_rejected);
    e.status = 400;
    return e;
}

} // namespace

BOOST_AUTO_TEST_SUITE(progress)

BOOST_AUTO_TEST_CASE(a_message_is_said_at_once_and_edited_to_the_result)
{
    talk t;
    BOOST_TEST(work(t, 1, "done") == "reply-1");
    BOOST_TEST(t.api->calls == (std::vector<std::string>{"note 1", "post_message room", "note 1 reply-1",
                                                         "edit_message reply-1", "edit_message reply-1",
                                                         "note 3", "post_message room", "note 3 reply-4"}),
               boost::test_tools::per_element());
    BOOST_TEST(t.api->posted[1].markdown == "1 %");
    BOOST_TEST(t.api->posted[2].markdown == "done");
}

BOOST_AUTO_TEST_CASE(however_often_it_is_updated_webex_sees_ten_edits_at_most)
{
    talk t;
    work(t, 100, "done");
    const auto edits = std::count(t.api->calls.begin(), t.api->calls.end(), "edit_message reply-1");
    BOOST_TEST(edits == 10);
    BOOST_TEST(t.api->posted[10].markdown == "done");
}

BOOST_AUTO_TEST_CASE(a_result_that_can_not_be_edited_in_is_said_as_a_new_message)
{
    talk t;
    webex::message first;
    first.id = "first";
    t.api->posts = {first, refused()};
    test::run([&](net::io_context&) -> awaitable<void> {
        context ctx(t.take_up());
        const auto p = co_await ctx.working("0 %");
        const auto done = co_await p->done("result");
        BOOST_TEST(done->id == "reply-3");
    });
    BOOST_TEST(t.logged.says("a message was not edited"));
    BOOST_TEST_REQUIRE(t.effects.kept.size() == 2u);
    BOOST_TEST(t.effects.kept[1].number == 2u);
}

BOOST_AUTO_TEST_CASE(in_the_next_attempt_nothing_is_said_twice)
{
    talk t;
    work(t, 0, "done");
    const auto said = t.api->posted.size();
    BOOST_TEST(work(t, 0, "done") == "reply-1");
    BOOST_TEST(t.api->posted.size() == said + 1); // the edit, which may be done again
}

BOOST_AUTO_TEST_CASE(a_result_too_long_for_one_message_goes_on_in_new_ones)
{
    talk t;
    work(t, 0, std::string(7000, 'a') + "\n\n" + std::string(1000, 'b'));
    BOOST_TEST(t.api->posted[1].markdown ==
               std::string(7000, 'a').substr(0, t.api->posted[1].markdown.size()));
    BOOST_TEST(t.api->posted[1].markdown.size() <= longest_message);
    BOOST_TEST(t.api->posted[2].markdown.ends_with("bbb"));
}

BOOST_AUTO_TEST_CASE(edits_come_further_and_further_apart)
{
    const deadline::clock::time_point start{};
    matching::edit_budget budget(start, 1s);
    unsigned edits = 0;
    std::vector<long> at;
    for (auto now = start; now < start + 3600s; now += 100ms)
        if (budget.take(now))
        {
            ++edits;
            at.push_back(std::chrono::duration_cast<std::chrono::seconds>(now - start).count());
        }
    BOOST_TEST(edits == 9u);
    BOOST_TEST(at == (std::vector<long>{1, 3, 7, 15, 31, 63, 127, 255, 511}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
