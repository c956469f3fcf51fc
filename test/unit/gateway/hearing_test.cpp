#include "postern/gateway/hearing.hpp"

#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace postern;
using namespace std::chrono_literals;

const wall_time noon{1'700'000'000s};

class remembered final : public history_port
{
public:
    std::optional<wall_time> until;
    int failures = 0;
    int told = 0;
    wall_time last{};

    void hold() override {}
    void release(const std::string&) override {}
    void release_all() override {}
    awaitable<result<std::vector<room_position>>> rooms(std::string, deadline) override
    {
        co_return std::vector<room_position>{};
    }
    awaitable<result<>> remember(std::string, std::vector<room_position>, deadline) override
    {
        co_return result<>();
    }
    void heard(std::string, wall_time at) override
    {
        ++told;
        last = at;
    }
    awaitable<result<std::optional<wall_time>>> heard_until(std::string, deadline) override
    {
        if (failures-- > 0)
            co_return error(errc::journal_full);
        co_return until;
    }
};

class watched_recovery final : public source::recovery
{
public:
    int expected = 0;
    int nothing = 0;
    bool busy = false;
    std::vector<source::missed_time> windows;

    awaitable<void> run() override { co_return; }
    void expect() override { ++expected; }
    void missed(source::missed_time t) override { windows.push_back(std::move(t)); }
    void nothing_missed() override { ++nothing; }
    source::recovery_state state() const override
    {
        source::recovery_state s;
        s.running = busy;
        return s;
    }
};

struct scene
{
    remembered journal;
    watched_recovery fetch;
    test::captured_log log;
    std::optional<wall_time> sure = noon;
    hearing ears{journal, &fetch, "bot", [this] { return sure; }, log.writer};

    void begin()
    {
        test::run([this](net::io_context&) { return ears.begin(); });
    }
};

const source::missed_time some{noon, noon + 1min, "the channel was lost"};

} // namespace

BOOST_AUTO_TEST_SUITE(hearing)

BOOST_AUTO_TEST_CASE(the_first_time_what_was_said_since_the_last_run_is_missed)
{
    scene s;
    s.journal.until = noon;
    s.begin();
    BOOST_TEST(s.fetch.expected == 1); // before anything can come in
    s.ears.back(std::nullopt);
    BOOST_TEST_REQUIRE(s.fetch.windows.size() == 1u);
    BOOST_TEST((s.fetch.windows[0].from == noon));
    BOOST_TEST(s.fetch.windows[0].why == "postern was not running");
}

BOOST_AUTO_TEST_CASE(who_never_listened_leaves_it_to_recovery)
{
    scene s;
    s.begin();
    s.ears.back(std::nullopt);
    BOOST_TEST_REQUIRE(s.fetch.windows.size() == 1u);
    BOOST_TEST((s.fetch.windows[0].from == wall_time{}));
}

BOOST_AUTO_TEST_CASE(a_journal_that_does_not_answer_is_asked_again)
{
    scene s;
    s.journal.failures = 1;
    s.journal.until = noon;
    s.begin();
    BOOST_TEST(s.log.says("until when the last run listened"));
    s.ears.back(std::nullopt);
    BOOST_TEST((s.fetch.windows.at(0).from == noon));
}

BOOST_AUTO_TEST_CASE(what_comes_after_a_loss_waits_for_what_was_missed)
{
    scene s;
    s.begin();
    s.ears.back(std::nullopt);
    s.ears.lost();
    s.ears.lost(); // told twice, lost once
    BOOST_TEST(s.fetch.expected == 2);
    s.ears.back(some);
    BOOST_TEST_REQUIRE(s.fetch.windows.size() == 2u);
    BOOST_TEST((s.fetch.windows[1].from == noon));

    s.ears.lost();
    s.ears.back(std::nullopt); // the cloud kept everything
    BOOST_TEST(s.fetch.nothing == 1);
}

BOOST_AUTO_TEST_CASE(a_doubt_is_looked_into_at_once)
{
    scene s;
    s.begin();
    s.ears.doubtful(some); // the first recovery will cover it
    BOOST_TEST(s.fetch.windows.empty());
    s.ears.back(std::nullopt);
    s.ears.doubtful(some);
    BOOST_TEST(s.fetch.windows.size() == 2u);
}

BOOST_AUTO_TEST_CASE(heard_is_told_only_while_everything_comes_in_and_nothing_is_being_fetched)
{
    scene s;
    s.begin();
    s.ears.note();
    BOOST_TEST(s.journal.told == 0);
    s.ears.back(std::nullopt);
    s.fetch.busy = true;
    s.ears.note();
    BOOST_TEST(s.journal.told == 0);
    s.fetch.busy = false;
    s.ears.note();
    BOOST_TEST(s.journal.told == 1);
    BOOST_TEST((s.journal.last == noon));
    s.sure.reset(); // nobody can tell
    s.ears.note();
    BOOST_TEST(s.journal.told == 1);
    s.sure = noon + 1min;
    s.ears.lost();
    s.ears.note();
    BOOST_TEST(s.journal.told == 1);
}

BOOST_AUTO_TEST_CASE(without_recovery_a_loss_is_said)
{
    remembered journal;
    test::captured_log log;
    postern::hearing ears(
        journal, nullptr, "bot", [] { return noon; }, log.writer);
    test::run([&](net::io_context&) { return ears.begin(); });
    ears.back(std::nullopt);
    BOOST_TEST(log.says("recovery is off"));
}

BOOST_AUTO_TEST_SUITE_END()
