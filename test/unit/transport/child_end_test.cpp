#include "postern/base/within.hpp"
#include "support/captured_log.hpp"
#include "unit/transport/children.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <iostream>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

constexpr auto patient = 1h;

// Ignores SIGTERM, and so does its own child.
child_options stubborn() { return shell("trap '' TERM; sleep 60 & echo child $!; wait"); }

std::chrono::milliseconds since(std::chrono::steady_clock::time_point then)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - then);
}

} // namespace

BOOST_AUTO_TEST_SUITE(child_end)

BOOST_AUTO_TEST_CASE(an_end_is_told_in_words)
{
    BOOST_TEST((transport::child_end{7, {}}.words()) == "exit code 7");
    BOOST_TEST((transport::child_end{{}, 9}.words()) == "killed by signal 9");
    BOOST_TEST(transport::child_end{}.words() == "ended, nobody knows how");
}

BOOST_AUTO_TEST_CASE(the_exit_code_or_the_signal_is_known)
{
    run([](net::io_context& io) -> awaitable<void> {
        const auto exits = start(io.get_executor(), shell("exit 7")).value();
        const auto code = co_await exits->ended(soon());
        BOOST_TEST(code.value().words() == "exit code 7");
        const auto dies = start(io.get_executor(), shell("kill -HUP $$")).value();
        const auto signal = co_await dies->ended(soon());
        BOOST_TEST(signal.value().words() == "killed by signal 1");
        BOOST_TEST(childless());
    });
}

BOOST_AUTO_TEST_CASE(every_waiter_is_told_also_the_late_one)
{
    using namespace net::experimental::awaitable_operators;
    run([](net::io_context& io) -> awaitable<void> {
        auto child = start(io.get_executor(), shell("exit 7")).value();
        const auto [one, two] = co_await (child->ended(soon()) && child->ended(soon()));
        BOOST_TEST(one.value().code.value() == 7);
        BOOST_TEST(two.value().code.value() == 7);
        const auto late = co_await child->ended(deadline::after(0s));
        BOOST_TEST(late.value().code.value() == 7);
        child->signal(SIGTERM); // nobody is there any more, and nobody else is hit
        const auto stop = co_await child->stop(patient);
        BOOST_TEST(stop.code.value() == 7);
    });
}

BOOST_AUTO_TEST_CASE(a_wait_that_times_out_or_is_cancelled_leaves_the_child_alone)
{
    run([](net::io_context&) -> awaitable<void> {
        auto child = co_await start_and_wait_for(shell("trap 'exit 4' USR1; echo up; sleep 60 & wait"), "up");
        const auto late = co_await child.process->ended(deadline::after(1ms));
        BOOST_TEST(late.error().is(errc::timed_out));
        const auto cancelled = co_await within(deadline::after(1ms), child.process->ended(soon()));
        BOOST_TEST(cancelled.error().is(errc::timed_out));
        child.process->signal(SIGUSR1);
        const auto end = co_await child.process->ended(soon());
        BOOST_TEST(end.value().words() == "exit code 4");
    });
}

BOOST_AUTO_TEST_CASE(stop_asks_first)
{
    run([](net::io_context&) -> awaitable<void> {
        said all;
        auto options = shell("trap 'echo bye; exit 5' TERM; echo up; sleep 60 & wait");
        all.listen(options);
        auto child = co_await start_and_wait_for(options, "up");
        const auto end = co_await child.process->stop(patient);
        BOOST_TEST(end.words() == "exit code 5");
        BOOST_TEST(all.out.back() == "bye");
        BOOST_TEST(childless());
    });
}

BOOST_AUTO_TEST_CASE(stop_kills_the_whole_group_of_one_that_does_not_listen)
{
    run([](net::io_context&) -> awaitable<void> {
        auto child = co_await start_and_wait_for(stubborn(), "child ");
        const somebody grandchild(std::stoi(*child.line));
        const auto end = co_await child.process->stop(10ms);
        BOOST_TEST(end.words() == "killed by signal 9");
        BOOST_TEST(grandchild.gone_within(5s));
        BOOST_TEST(childless());
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_stop_loses_its_patience_and_nothing_else)
{
    run([](net::io_context& io) -> awaitable<void> {
        auto child = co_await start_and_wait_for(stubborn(), "child ");
        std::optional<transport::child_end> end; // the suite has its name
        const auto stop = [&]() -> awaitable<void> { end = co_await child.process->stop(patient); };
        net::cancellation_signal cancel;
        net::co_spawn(io, stop, net::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr) {}));
        net::post(io, [&] { cancel.emit(net::cancellation_type::terminal); });
        const auto seen = co_await child.process->ended(soon());
        BOOST_TEST(seen.value().words() == "killed by signal 9");
        co_await net::post(io, net::use_awaitable);
        BOOST_TEST(end.has_value()); // carried through all the same
    });
}

BOOST_AUTO_TEST_CASE(a_child_that_leaves_its_group_is_stopped_too)
{
    run([](net::io_context&) -> awaitable<void> {
        auto child = co_await start_and_wait_for(ourselves("child_end_helpers/leaves_its_group"), "moved");
        BOOST_TEST(::getpgid(child.process->pid()) == ::getpgrp());
        const auto end = co_await child.process->stop(patient);
        BOOST_TEST(end.words() == "killed by signal 15");

        auto another = co_await start_and_wait_for(ourselves("child_end_helpers/leaves_its_group"), "moved");
        another.process.reset();
        BOOST_TEST(childless());
    });
}

BOOST_AUTO_TEST_CASE(what_a_program_leaves_in_its_group_ends_with_it)
{
    run([](net::io_context&) -> awaitable<void> {
        auto child = co_await start_and_wait_for(
            shell("trap 'exit 3' TERM; sleep 60 >/dev/null 2>&1 & echo child $!; wait"), "child ");
        const somebody left(std::stoi(*child.line));
        ::kill(child.process->pid(), SIGTERM); // the program alone
        const auto end = co_await child.process->ended(soon());
        BOOST_TEST(end.value().words() == "exit code 3");
        BOOST_TEST(left.gone_within(5s));
    });
}

BOOST_AUTO_TEST_CASE(a_grandchild_that_keeps_the_pipe_delays_neither_the_end_nor_the_last_line)
{
    run([](net::io_context&) -> awaitable<void> {
        said all;
        // In a session of its own, so that it is not killed with the group.
        auto options =
            shell("trap 'printf last; exit 3' TERM; setsid sh -c 'echo child $$; exec sleep 60' & wait");
        all.listen(options);
        auto child = co_await start_and_wait_for(options, "child ");
        const somebody keeper(std::stoi(*child.line));

        const auto begun = std::chrono::steady_clock::now();
        child.process->signal(SIGTERM);
        const auto end = co_await child.process->ended(soon());
        BOOST_TEST(end.value().words() == "exit code 3");
        BOOST_TEST((since(begun) < 3s));
        BOOST_TEST(all.out.back() == "last");
        BOOST_TEST(keeper.alive());
        BOOST_TEST(childless());
    });
}

BOOST_AUTO_TEST_CASE(however_slowly_we_read_what_a_program_wrote_before_its_end_is_read)
{
    run(
        [](net::io_context&) -> awaitable<void> {
            // It ends at once: all of this fits into its two pipes.
            auto options = shell("trap 'head -c 60000 /dev/zero; head -c 60000 /dev/zero >&2; exit 3' TERM; "
                                 "setsid sh -c 'echo child $$; exec sleep 60' & wait");
            options.line_limit = 500;
            std::size_t bytes = 0;
            options.on_line = [&](auto, std::string_view line) {
                if (line.starts_with("child "))
                    return;
                bytes += line.size();
                if (bytes % 7500 == 0 && bytes <= 60'000) // a busy machine: one read takes all of the grace
                    ::poll(nullptr, 0, 210);
            };
            auto child = co_await start_and_wait_for(options, "child ");
            const somebody keeper(std::stoi(*child.line));
            child.process->signal(SIGTERM);
            const auto end = co_await child.process->ended(soon());
            BOOST_TEST(end.value().words() == "exit code 3");
            BOOST_TEST(bytes == 120'000u);
        },
        30s);
}

BOOST_AUTO_TEST_CASE(a_child_that_closes_its_outputs_lives_on)
{
    run([](net::io_context& io) -> awaitable<void> {
        auto child = start(io.get_executor(), shell("exec >&- 2>&-; sleep 0.05; exit 6")).value();
        const auto end = co_await child->ended(soon());
        BOOST_TEST(end.value().words() == "exit code 6");
    });
}

BOOST_AUTO_TEST_CASE(one_that_is_destroyed_takes_its_group_along_and_is_collected_at_once)
{
    run([](net::io_context&) -> awaitable<void> {
        auto child = co_await start_and_wait_for(stubborn(), "child ");
        const somebody grandchild(std::stoi(*child.line));
        child.process.reset();
        BOOST_TEST(childless());
        BOOST_TEST(grandchild.gone_within(5s));
    });
}

BOOST_AUTO_TEST_CASE(who_waits_for_one_that_is_destroyed_is_told)
{
    run([](net::io_context& io) -> awaitable<void> {
        auto child = co_await start_and_wait_for(stubborn(), "child ");
        net::post(io, [&] { child.process.reset(); });
        const auto end = co_await child.process->ended(soon());
        BOOST_TEST(end.value().words() == "killed by signal 9");
    });
}

BOOST_AUTO_TEST_CASE(a_reader_may_destroy_it_and_hears_no_more)
{
    run([](net::io_context& io) -> awaitable<void> {
        child_ptr child;
        net::steady_timer heard(io, 30s);
        std::vector<std::string> lines;
        auto options = shell("printf 'one\\ntwo\\nthree\\n'; sleep 60");
        options.on_line = [&](auto, std::string_view line) {
            lines.emplace_back(line);
            child.reset();
            heard.cancel();
        };
        child = start(io.get_executor(), options).value();
        co_await heard.async_wait(as_result);
        BOOST_TEST(lines == std::vector<std::string>{"one"}, boost::test_tools::per_element());
        BOOST_TEST(childless());
    });
}

BOOST_AUTO_TEST_CASE(it_may_be_destroyed_after_its_context_has_stopped)
{
    net::io_context io;
    auto child = start(io.get_executor(), shell("sleep 60")).value();
    io.poll();
    io.stop();
    child.reset();
    BOOST_TEST(childless());
}

BOOST_AUTO_TEST_CASE(it_may_be_destroyed_with_its_context)
{
    {
        net::io_context io;
        const auto task = [&]() -> awaitable<void> {
            const auto child = start(io.get_executor(), shell("sleep 60")).value();
            co_await child->ended(soon());
        };
        net::co_spawn(io, task, [](std::exception_ptr) {});
        io.poll();
        BOOST_TEST(!childless());
    }
    BOOST_TEST(childless());
}

BOOST_AUTO_TEST_CASE(two_hundred_starts_leave_no_descriptor_and_no_zombie)
{
    const auto once = [](net::io_context& io, int n) -> awaitable<void> {
        auto options = shell(n % 3 == 0 ? "echo out; echo err >&2" : "echo up; sleep 60");
        if (n % 2 == 0)
            options.input = "in";
        auto child = start(io.get_executor(), options).value();
        if (n % 3 == 0)
            co_await child->ended(soon());
        if (n % 3 == 1)
            co_await child->stop(patient);
        auto unknown = start(io.get_executor(), program("/etc/passwd"));
        BOOST_TEST(unknown.has_error());
    };
    run(
        [&](net::io_context& io) -> awaitable<void> {
            co_await once(io, 0);
            const auto before = open_descriptors();
            for (int n = 0; n < 200; ++n)
                co_await once(io, n);
            BOOST_TEST(open_descriptors() == before);
            BOOST_TEST(childless());
        },
        60s);
}

BOOST_AUTO_TEST_CASE(start_and_end_are_in_the_log)
{
    captured_log log;
    run([&](net::io_context& io) -> awaitable<void> {
        auto child = start(io.get_executor(), shell("exit 7"), log.writer).value();
        co_await child->ended(soon());
    });
    BOOST_TEST(log.says("child started"));
    BOOST_TEST(log.says("exit code 7"));
}

BOOST_AUTO_TEST_CASE(a_child_dies_with_us_even_if_we_are_killed)
{
    run(
        [](net::io_context&) -> awaitable<void> {
            auto we = co_await start_and_wait_for(ourselves("child_end_helpers/has_a_child"), "child ");
            const somebody child(std::stoi(*we.line));
            BOOST_TEST(::getpgid(std::stoi(*we.line)) != we.process->pid()); // not killed with our group
            BOOST_TEST(child.alive());
            ::kill(we.process->pid(), SIGKILL);
            BOOST_TEST(child.gone_within(10s));
        },
        30s);
}

BOOST_AUTO_TEST_SUITE_END()

// Not tests: what the tests above run as a program of its own.
BOOST_AUTO_TEST_SUITE(child_end_helpers, *boost::unit_test::disabled())

BOOST_AUTO_TEST_CASE(has_a_child)
{
    net::io_context io;
    const auto child = start(io.get_executor(), program("sleep", {"60"})).value();
    std::cout << "child " << child->pid() << std::endl;
    io.run_for(60s);
}

BOOST_AUTO_TEST_CASE(leaves_its_group)
{
    BOOST_TEST_REQUIRE(::setpgid(0, ::getpgid(::getppid())) == 0);
    std::signal(SIGTERM, SIG_DFL);
    std::cout << "moved" << std::endl;
    ::pause();
}

BOOST_AUTO_TEST_SUITE_END()
