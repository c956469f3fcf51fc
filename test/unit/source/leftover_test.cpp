#include "postern/source/tunnel/leftover.hpp"

#include "postern/source/tunnel/own_files.hpp"
#include "postern/transport/child_process.hpp"
#include "support/captured_log.hpp"
#include "support/folder.hpp"
#include "support/run.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <functional>
#include <random>
#include <unistd.h>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

namespace {

using verdict_on = leftover; // the suite below has its name

process_mark somebody()
{
    process_mark m;
    m.pid = 4711;
    m.start = 1234;
    m.boot = "some-boot";
    m.program = "/usr/bin/with space/ngrok";
    return m;
}

using child_ptr = std::unique_ptr<transport::child_process>;

child_ptr sleeper(net::io_context& io)
{
    transport::child_options options;
    options.program = "/bin/sleep";
    options.arguments = {"60"};
    return transport::child_process::start(io.get_executor(), std::move(options), quiet_log()).value();
}

// Takes no notice of SIGTERM, and runs `ready` once it is so far.
child_ptr deaf_sleeper(net::io_context& io, std::function<void()> ready)
{
    transport::child_options options;
    options.program = "/bin/sh";
    options.arguments = {"-c", "trap '' TERM; echo ready; while :; do sleep 1; done"};
    options.environment = {{"PATH", "/usr/bin:/bin"}};
    options.on_line = [ready = std::move(ready)](auto, std::string_view) { ready(); };
    return transport::child_process::start(io.get_executor(), std::move(options), quiet_log()).value();
}

// An orphan, and how it ends.
awaitable<int> signal_that_ended(transport::child_process& child, net::io_context& io)
{
    test::captured_log log;
    child_note note{mark_process(child.pid()).value(), somebody(), "127.0.0.1:40123"};
    BOOST_TEST((judge_leftover(note) == verdict_on::ours));
    co_await end_leftover(io.get_executor(), note, std::chrono::milliseconds(300), log.writer);
    BOOST_TEST(log.says("127.0.0.1:40123"));
    const auto end = co_await child.ended(deadline::after(std::chrono::seconds(2)));
    BOOST_TEST_REQUIRE(end.has_value());
    co_return end->signal.value_or(0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(leftover)

BOOST_AUTO_TEST_CASE(a_note_survives_its_file)
{
    const child_note note{somebody(), somebody(), "127.0.0.1:40123"};
    BOOST_TEST((read_child_note(to_text(note)) == note));
}

BOOST_AUTO_TEST_CASE(a_damaged_note_is_none)
{
    const auto whole = to_text({somebody(), somebody(), "127.0.0.1:40123"});
    const auto owner = whole.find("owner-program");
    for (std::size_t size = 0; size < owner; ++size)
        BOOST_TEST(!read_child_note(whole.substr(0, size)).has_value());
    BOOST_TEST(!read_child_note("pid x\n" + whole).has_value());
    BOOST_TEST(!read_child_note("strange 1\n" + whole).has_value());
    std::minstd_rand random(1);
    for (int i = 0; i < 2'000; ++i)
    {
        auto text = whole;
        text[random() % text.size()] = static_cast<char>(random());
        static_cast<void>(read_child_note(text));
    }
}

BOOST_AUTO_TEST_CASE(init_and_whole_groups_are_never_meant)
{
    for (const int pid : {1, 0, -1})
    {
        auto m = somebody();
        m.pid = pid;
        BOOST_TEST(!read_child_note(to_text({m, somebody(), {}})).has_value(), pid);
    }
}

BOOST_AUTO_TEST_CASE(a_process_is_known_by_more_than_its_number)
{
    const auto us = mark_process(::getpid());
    BOOST_TEST_REQUIRE(us.has_value());
    BOOST_TEST((mark_process(::getpid()) == us));
    BOOST_TEST(us->program == std::filesystem::read_symlink("/proc/self/exe").string());

    for (int what = 0; what < 3; ++what)
    {
        auto other = *us;
        if (what == 0)
            ++other.start;
        if (what == 1)
            other.boot += 'x';
        if (what == 2)
            other.program += 'x';
        BOOST_TEST((judge_leftover({other, somebody(), {}}) == verdict_on::none), what);
    }
    BOOST_TEST(!mark_process(99'999'999).has_value());
}

BOOST_AUTO_TEST_CASE(what_somebody_alive_has_started_is_theirs)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        auto child = sleeper(io);
        auto other_owner = sleeper(io);
        child_note note{mark_process(child->pid()).value(), mark_process(other_owner->pid()).value(), {}};
        BOOST_TEST((judge_leftover(note) == verdict_on::theirs));
        co_await other_owner->stop(1s);
        BOOST_TEST((judge_leftover(note) == verdict_on::ours));
        note.owner = mark_process(::getpid()).value();
        BOOST_TEST((judge_leftover(note) == verdict_on::ours));
        co_await child->stop(1s);
        BOOST_TEST((judge_leftover(note) == verdict_on::none));
    });
}

BOOST_AUTO_TEST_CASE(an_orphan_is_asked_to_end)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        auto child = sleeper(io);
        const int signal = co_await signal_that_ended(*child, io);
        BOOST_TEST(signal == SIGTERM);
    });
}

BOOST_AUTO_TEST_CASE(an_orphan_that_does_not_listen_is_killed)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        net::steady_timer ready(io, 5s);
        auto child = deaf_sleeper(io, [&] { ready.cancel(); });
        co_await ready.async_wait(as_result);
        const int signal = co_await signal_that_ended(*child, io);
        BOOST_TEST(signal == SIGKILL);
    });
}

BOOST_AUTO_TEST_CASE(a_file_of_ours_is_private_and_replaces_what_lay_there)
{
    const test::folder temp;
    const auto victim = temp.file("victim", "untouched", 0644);
    const auto path = temp.path + "/made/x.yml";
    BOOST_TEST(write_own_file(path, "one").has_value());
    std::filesystem::remove(path);
    std::filesystem::create_symlink(victim, path);
    BOOST_TEST(write_own_file(path, "two").has_value());
    BOOST_TEST(read_own_file(path) == "two");
    BOOST_TEST(read_own_file(victim) == "untouched");
    const auto mode = std::filesystem::status(path).permissions();
    BOOST_TEST((mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));
    BOOST_TEST(
        (std::filesystem::status(temp.path + "/made").permissions() == std::filesystem::perms::owner_all));
    remove_own_file(path);
    BOOST_TEST(read_own_file(path).empty());
    BOOST_TEST(write_own_file(victim + "/x", "three").error().is(errc::file_unreadable));
}

BOOST_AUTO_TEST_SUITE_END()
