#include "postern/bot/say/reply_search.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace postern;
using namespace std::chrono_literals;
using matching::fingerprint;
using kind = matching::sighting::kind;
using step = matching::reply_search::next;

namespace {

const wall_time noon = *parse_time("2026-02-11T12:00:00.000Z");

webex::new_message sent(std::string markdown, std::string parent = {})
{
    webex::new_message m;
    m.to.room_id = "room";
    m.parent_id = std::move(parent);
    m.markdown = std::move(markdown);
    return m;
}

// What REST tells of it.
webex::message shown(const webex::new_message& m, std::string id, wall_time created = noon)
{
    webex::message out;
    out.id = std::move(id);
    out.room_id = m.to.room_id;
    out.parent_id = m.parent_id;
    out.person_id = "me";
    out.created = format_time(created);
    out.markdown = m.markdown;
    out.text = m.markdown.empty() ? m.text : "made by the service";
    if (!m.card.empty())
        out.attachments = {{std::string(webex::card_content_type), "rewritten by the service"}};
    return out;
}

std::string print_of(const webex::new_message& m) { return fingerprint(shown(m, "1"), "room"); }

error refusal(errc code, unsigned status)
{
    error e(code);
    e.status = status;
    return e;
}

// A search for "pong" from noon on.
struct search
{
    bool is_bot;
    std::string room_type;
    std::string parent;
    std::set<std::string> taken; // by other replies
    std::vector<std::size_t> asked;

    kind what{};
    std::string id, why;

    explicit search(bool by_bot = true, std::string type = "direct", std::string thread = {})
        : is_bot(by_bot), room_type(std::move(type)), parent(std::move(thread))
    {
    }

    step start()
    {
        auto s = make();
        return s.start();
    }

    kind of(std::vector<result<std::vector<webex::message>>> lists)
    {
        auto s = make();
        auto next = s.start();
        for (const auto& list : lists)
        {
            BOOST_TEST_REQUIRE((next != step::over));
            asked.push_back(s.most());
            next = s.listed(list);
        }
        BOOST_TEST_REQUIRE((next == step::over));
        id = s.seen().which.id;
        why = describe(s.seen().why);
        return what = s.seen().what;
    }

    kind in(std::vector<webex::message> one)
    {
        return of({result<std::vector<webex::message>>(std::move(one))});
    }

private:
    matching::reply_search make()
    {
        matching::reply_search::reader who{"me", is_bot};
        matching::reply_search::place where{"room", room_type, parent};
        auto take = [this](const std::string& m) { return taken.insert(m).second; };
        return {who, where, fingerprint(sent("pong", parent)), noon, take};
    }
};

std::vector<webex::message> many(std::size_t count, wall_time oldest)
{
    std::vector<webex::message> out(count, shown(sent("other"), "x", noon + 1h));
    out.back().created = format_time(oldest);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(reply_search)

BOOST_AUTO_TEST_CASE(what_was_sent_and_what_rest_tells_of_it_have_one_fingerprint)
{
    auto plain = sent({});
    plain.text = "hi  there\nyou ";
    auto card = sent("fallback");
    card.card = R"({"type":"AdaptiveCard"})";
    for (const auto& m : {sent("**hi**"), sent("hi", "thread"), plain, card})
        BOOST_TEST(fingerprint(m) == print_of(m));
    BOOST_TEST(fingerprint(card).size() == 32u);
}

BOOST_AUTO_TEST_CASE(another_room_thread_word_kind_or_card_is_another_message)
{
    auto plain = sent({});
    plain.text = "hi";
    auto card = sent("hi");
    card.card = "{}";
    auto elsewhere = sent("hi");
    elsewhere.to.room_id = "other room";
    std::set<std::string> prints;
    for (const auto& m : {sent("hi"), sent("ho"), sent("hi", "thread"), plain, card, elsewhere})
        prints.insert(fingerprint(m));
    BOOST_TEST(prints.size() == 6u);
}

BOOST_AUTO_TEST_CASE(white_space_does_not_count_and_a_missing_room_is_the_one_that_was_listed)
{
    auto m = shown(sent("a  b\n"), "1");
    m.room_id.clear();
    BOOST_TEST(fingerprint(m, "room") == fingerprint(sent("a b")));
}

BOOST_AUTO_TEST_CASE(an_attachment_that_is_no_card_makes_no_card_message)
{
    auto m = shown(sent("hi"), "1");
    m.attachments = {{"application/pdf", "{}"}};
    BOOST_TEST(fingerprint(m, "room") == fingerprint(sent("hi")));
}

BOOST_AUTO_TEST_CASE(a_reply_comes_after_what_it_answers_whatever_our_clock_says)
{
    const auto ours = noon + 30s; // our clock is 30 s ahead; 2 s passed between the event and the reply
    BOOST_TEST((matching::earliest_reply(ours + 2s, noon, ours) == noon + 2s - 100ms));
    // It came over an hour late: our clock is trusted to a minute.
    BOOST_TEST((matching::earliest_reply(noon + 1h + 2s, noon, noon + 1h) == noon + 1h + 2s - 1min));
    BOOST_TEST((matching::earliest_reply(noon, {}, noon) == noon - 1min));
    BOOST_TEST((matching::earliest_reply(noon, noon, {}) == noon - 1min));
}

BOOST_AUTO_TEST_CASE(where_to_look_depends_on_room_thread_and_reader)
{
    BOOST_TEST((search(true, "direct").start() == step::list_room));
    BOOST_TEST((search(true, "").start() == step::list_room));
    BOOST_TEST((search(true, "group").start() == step::over));
    BOOST_TEST((search(false, "group").start() == step::list_room));
    BOOST_TEST((search(true, "group", "thread").start() == step::list_thread));
    BOOST_TEST((search(true, "direct", "thread").start() == step::list_thread));

    search blind(true, "group");
    BOOST_TEST((blind.of({}) == kind::unknown));
    BOOST_TEST(blind.why.find("group room") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_reply_that_is_there_is_found)
{
    search s;
    BOOST_TEST((s.in({shown(sent("other"), "2"), shown(sent("pong"), "1")}) == kind::found));
    BOOST_TEST(s.id == "1");
}

BOOST_AUTO_TEST_CASE(only_an_own_message_of_that_time_with_these_words_is_it)
{
    auto foreign = shown(sent("pong"), "1");
    foreign.person_id = "ana";
    auto undated = shown(sent("pong"), "1");
    undated.created = "yesterday";
    auto nameless = shown(sent("pong"), "");
    auto edited = shown(sent("pong, edited"), "1");
    auto early = shown(sent("pong"), "1", noon - 1ms);
    auto threaded = shown(sent("pong", "thread"), "1");
    for (const auto& m : {foreign, undated, nameless, edited, early, threaded})
        BOOST_TEST((search().in({m}) == kind::absent));
    BOOST_TEST((search().in({}) == kind::absent));
}

BOOST_AUTO_TEST_CASE(what_another_reply_has_claimed_is_passed_over)
{
    search s;
    s.taken = {"3"};
    BOOST_TEST((s.in({shown(sent("pong"), "3"), shown(sent("pong"), "2"), shown(sent("pong"), "1")}) ==
                kind::found));
    BOOST_TEST(s.id == "2");
    s.taken = {"3"};
    BOOST_TEST((s.in({shown(sent("pong"), "3")}) == kind::absent));
}

BOOST_AUTO_TEST_CASE(a_long_list_is_read_back_to_the_time_in_question_but_not_for_ever)
{
    search enough;
    BOOST_TEST((enough.in(many(100, noon - 1s)) == kind::absent));

    search further;
    BOOST_TEST((further.of({many(100, noon + 1s), many(1000, noon - 1s)}) == kind::absent));
    BOOST_TEST(further.asked == (std::vector<std::size_t>{100, 1000}), boost::test_tools::per_element());

    search too_far;
    BOOST_TEST((too_far.of({many(100, noon + 1s), many(1000, noon + 1s)}) == kind::unknown));
    BOOST_TEST(too_far.why.find("too much was said") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_thread_of_a_group_room_proves_nothing_to_a_bot_unless_the_reply_is_there)
{
    search s(true, "group", "thread");
    BOOST_TEST((s.in({}) == kind::unknown));
    BOOST_TEST((s.in({shown(sent("pong", "thread"), "1")}) == kind::found));
    BOOST_TEST((search(false, "group", "thread").in({}) == kind::absent));
    BOOST_TEST((search(true, "direct", "thread").in({}) == kind::absent));
}

BOOST_AUTO_TEST_CASE(a_refused_list_is_the_end_and_a_failing_one_may_be_asked_again)
{
    for (const auto& e : {refusal(errc::api_rejected, 403), refusal(errc::not_found, 404),
                          refusal(errc::api_rejected, 400), refusal(errc::too_large, 0)})
        BOOST_TEST((search().of({e}) == kind::unknown));
    for (const auto& e :
         {refusal(errc::api_unavailable, 503), refusal(errc::timed_out, 0), refusal(errc::cannot_connect, 0),
          refusal(errc::stopped, 0), refusal(errc::token_rejected, 401)})
        BOOST_TEST((search().of({e}) == kind::failed));
}

BOOST_AUTO_TEST_SUITE_END()
