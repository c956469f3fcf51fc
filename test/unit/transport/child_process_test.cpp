#include "postern/transport/child_process.hpp"

#include "support/captured_log.hpp"
#include "support/folder.hpp"
#include "unit/transport/children.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <fcntl.h>
#include <fstream>
#include <future>
#include <sys/resource.h>

using namespace postern;
using namespace postern::transport;
using namespace postern::test;
using namespace std::chrono_literals;
using namespace std::string_literals;
using strings = std::vector<std::string>;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

awaitable<child_end> run_to_its_end(child_options options)
{
    const auto strand = co_await net::this_coro::executor;
    const auto child = start(strand, std::move(options));
    const auto end = co_await (*child)->ended(soon());
    co_return end.value();
}

// What it says, and its exit code.
said after(child_options options, int code = 0)
{
    said all;
    all.listen(options);
    run(
        [&](net::io_context&) -> awaitable<void> {
            const auto end = co_await run_to_its_end(options);
            BOOST_TEST(end.code.value_or(-1) == code, end.words());
        },
        60s);
    return all;
}

error refusal(child_options options)
{
    net::io_context io;
    auto started = start(io.get_executor(), std::move(options));
    BOOST_TEST_REQUIRE(started.has_error());
    return started.error();
}

std::size_t resident_bytes()
{
    std::ifstream file("/proc/self/statm");
    std::size_t all = 0, resident = 0;
    file >> all >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

class without_standard_descriptors
{
public:
    without_standard_descriptors()
    {
        ::close(0);
        ::close(1);
    }
    ~without_standard_descriptors()
    {
        ::dup2(in_, 0);
        ::dup2(out_, 1);
        ::close(in_);
        ::close(out_);
    }
    without_standard_descriptors(const without_standard_descriptors&) = delete;

private:
    int in_ = ::fcntl(0, F_DUPFD_CLOEXEC, 10);
    int out_ = ::fcntl(1, F_DUPFD_CLOEXEC, 10);
};

} // namespace

BOOST_AUTO_TEST_SUITE(child_process)

BOOST_AUTO_TEST_CASE(both_outputs_arrive_line_by_line)
{
    const auto all = after(shell("echo one; echo oops >&2; echo; echo two"));
    BOOST_TEST(all.out == (strings{"one", "", "two"}), boost::test_tools::per_element());
    BOOST_TEST(all.err == strings{"oops"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_line_may_hold_any_bytes_and_the_last_one_needs_no_end)
{
    const auto all = after(shell(R"(printf 'a\r\nb\0\377\303c\nlast')"));
    BOOST_TEST(all.out == (strings{"a", "b\0\xff\xc3"s + "c", "last"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_line_over_the_limit_arrives_in_pieces)
{
    auto options = shell("printf 'abcdefgh\\nxyz\\n'");
    options.line_limit = 3;
    BOOST_TEST(after(options).out == (strings{"abc", "def", "gh", "xyz"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_flood_costs_no_memory_and_no_byte_of_it_is_lost)
{
    auto options = shell("yes $(printf %0999d 7) | head -c 100000000");
    std::size_t lines = 0, bytes = 0, longest = 0;
    options.on_line = [&](child_options::stream, std::string_view line) {
        ++lines;
        bytes += line.size();
        longest = std::max(longest, line.size());
    };
    run([&](net::io_context&) -> awaitable<void> { co_await run_to_its_end(shell("true")); });
    const auto before = resident_bytes();
    run([&](net::io_context&) -> awaitable<void> { co_await run_to_its_end(options); }, 60s);
    BOOST_TEST(lines == 100'000u);
    BOOST_TEST(bytes == 99'900'000u);
    BOOST_TEST(longest == 999u);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // whose own books grow
    BOOST_TEST(resident_bytes() < before + 4 * mebibyte);
#else
    BOOST_TEST(before > 0u);
#endif
}

BOOST_AUTO_TEST_CASE(a_flood_without_a_line_end_is_held_to_the_limit)
{
    auto options = shell("head -c 20000000 /dev/zero");
    options.line_limit = 1000;
    const auto all = after(options);
    BOOST_TEST(all.out.size() == 20'000u);
    BOOST_TEST(all.out.back() == std::string(1000, '\0'));
}

BOOST_AUTO_TEST_CASE(a_reader_that_throws_loses_its_line_and_the_log_says_so)
{
    captured_log log;
    strings lines;
    auto options = shell("echo good; echo bad; echo good again");
    options.on_line = [&](child_options::stream, std::string_view line) {
        if (line == "bad")
            throw std::runtime_error("not this one");
        lines.emplace_back(line);
    };
    run([&](net::io_context& io) -> awaitable<void> {
        const auto child = start(io.get_executor(), options, log.writer);
        co_await (*child)->ended(soon());
    });
    BOOST_TEST(lines == (strings{"good", "good again"}), boost::test_tools::per_element());
    BOOST_TEST(log.says("not this one"));
}

BOOST_AUTO_TEST_CASE(arguments_are_handed_over_as_they_are)
{
    const strings arguments{"%s\\n", "$HOME", "a b", "", "*", "\xff\n"};
    const auto all = after(program("printf", arguments));
    BOOST_TEST(all.out == (strings{"$HOME", "a b", "", "*", "\xff", ""}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(its_environment_is_exactly_what_was_given)
{
    child_options options;
    options.program = "env";
    options.environment = {{"PATH", "/usr/bin:/bin"}, {"A", "b=c"}, {"EMPTY", ""}};
    const auto all = after(options);
    BOOST_TEST(all.out == (strings{"A=b=c", "EMPTY=", "PATH=/usr/bin:/bin"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_path_of_its_own_a_program_is_looked_up_on_ours)
{
    child_options options;
    options.program = "env";
    BOOST_TEST(after(options).out.empty());
}

BOOST_AUTO_TEST_CASE(it_runs_where_it_was_told_to)
{
    const folder here;
    auto options = program("pwd", {"-P"});
    options.directory = here.path;
    BOOST_TEST(after(options).out == strings{here.path}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(its_input_is_what_was_given_and_then_ends)
{
    auto options = program("cat");
    BOOST_TEST(after(options).out.empty());

    options.input = "one\n\0two"s;
    BOOST_TEST(after(options).out == (strings{"one", "\0two"s}), boost::test_tools::per_element());

    options = program("wc", {"-c"});
    options.input = std::string(5 * mebibyte, 'x');
    BOOST_TEST(after(options).out == strings{"5242880"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_child_that_does_not_read_its_input_is_nobodys_problem)
{
    auto options = shell("exit 3");
    options.input = std::string(5 * mebibyte, 'x');
    after(options, 3);
}

BOOST_AUTO_TEST_CASE(it_inherits_none_of_our_descriptors)
{
    int ours[40];
    for (int& fd : ours)
        fd = ::open("/dev/null", O_RDONLY); // not close-on-exec
    const auto all = after(shell("for f in /proc/$$/fd/*; do echo ${f##*/}; done"));
    for (const int fd : ours)
        ::close(fd);
    // 3 is the shell's own: it reads the folder.
    BOOST_TEST(all.out == (strings{"0", "1", "2", "3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_has_a_group_of_its_own)
{
    run([](net::io_context&) -> awaitable<void> {
        const auto child = co_await start_and_wait_for(shell("echo up; sleep 60"), "up");
        BOOST_TEST(::getpgid(child.process->pid()) == child.process->pid());
        BOOST_TEST(child.process->pid() != ::getpgrp());
    });
}

BOOST_AUTO_TEST_CASE(what_we_ignore_and_block_is_none_of_its_business)
{
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    sigset_t blocked, mask;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGUSR1);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &mask);
    const auto all = after(program("grep", {"-E", "^Sig(Blk|Ign)", "/proc/self/status"}));
    ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
    std::signal(SIGPIPE, before);
    BOOST_TEST(all.out == (strings{"SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_has_its_outputs_even_if_we_have_none)
{
    said all;
    auto options = shell("cat; echo out; echo err >&2");
    options.input = "in\n";
    all.listen(options);
    run([&](net::io_context& io) -> awaitable<void> {
        const net::steady_timer reactor(io); // has its descriptors now: 0 and 1 are left for the child's
        const without_standard_descriptors for_a_while;
        const auto child = start(io.get_executor(), options);
        co_await (*child)->ended(soon());
    });
    BOOST_TEST(all.out == (strings{"in", "out"}), boost::test_tools::per_element());
    BOOST_TEST(all.err == strings{"err"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_can_not_be_run_is_refused_by_name_with_advice)
{
    const folder here;
    const auto garbage = here.file("garbage", "\x01\x02 no program", 0755);
    const auto orphan = here.file("orphan", "#!/no/such/interpreter\n", 0755);
    const auto plain = here.file("plain", "#!/bin/sh\n", 0644);
    for (const auto& [name, words] : std::initializer_list<std::pair<std::string, std::string>>{
             {"no-such-program", "not on the PATH"},
             {here.path + "/nothing", "there is no such file"},
             {here.path, "it is a directory"},
             {plain, "chmod +x"},
             {garbage, "no program for this machine"},
             {orphan, "check the interpreter"}})
    {
        const auto refused = refusal(program(name));
        BOOST_TEST(refused.is(errc::bad_configuration));
        BOOST_TEST(describe(refused).find("starting " + name) == 0u, describe(refused));
        BOOST_TEST(describe(refused).find(words) != std::string::npos, describe(refused));
        BOOST_TEST(!refused.advice.empty());
    }
    BOOST_TEST(childless());
}

BOOST_AUTO_TEST_CASE(a_failed_start_does_not_run_what_we_do_at_our_exit)
{
    static int told[2];
    BOOST_TEST_REQUIRE(::pipe2(told, O_CLOEXEC | O_NONBLOCK) == 0);
    std::atexit([] { (void)!::write(told[1], "!", 1); });
    const folder here;
    refusal(program(here.file("garbage", "\x01\x02 no program", 0755)));
    char byte;
    BOOST_TEST((::read(told[0], &byte, 1) == -1 && errno == EAGAIN));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_said_to_a_program_is_refused_without_its_values)
{
    auto options = program("true", {"sec\0ret"s});
    BOOST_TEST(describe(refusal(options)).find("an argument holds a NUL byte") != std::string::npos);
    options = program("true");
    options.environment = {{"TOKEN", "sec\0ret"s}};
    BOOST_TEST(describe(refusal(options)).find("TOKEN holds a NUL byte") != std::string::npos);
    BOOST_TEST(describe(refusal(options)).find("sec") == std::string::npos);
    options.environment = {{"A=B", ""}};
    BOOST_TEST(describe(refusal(options)).find("\"A=B\" can't be the name") != std::string::npos);
    options = program("true");
    options.directory = "/no/such/folder";
    BOOST_TEST(describe(refusal(options)).find("/no/such/folder is not there") != std::string::npos);
    options = program("true", {std::string(3 * mebibyte, 'x')});
    BOOST_TEST(describe(refusal(options)).find("too long") != std::string::npos);
    BOOST_TEST(refusal(program("")).is(errc::bad_configuration));
}

#ifndef __SANITIZE_ADDRESS__ // comes with UBSan, which takes a pipe to look at an exception: a false alarm
                             // here
BOOST_AUTO_TEST_CASE(a_start_that_runs_out_of_descriptors_leaves_nothing_behind)
{
    after(shell("true")); // the launcher has what it keeps
    const auto before = open_descriptors();
    rlimit usual;
    ::getrlimit(RLIMIT_NOFILE, &usual);
    bool complete = false;
    for (rlim_t most = 3; !complete; ++most) // the first descriptor fails, then the second ...
    {
        BOOST_TEST_REQUIRE(most < 100u);
        net::io_context io;
        const rlimit scarce{most, usual.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &scarce);
        auto started = start(io.get_executor(), program("true"));
        ::setrlimit(RLIMIT_NOFILE, &usual);
        complete = started.has_value();
        if (!complete)
        {
            BOOST_TEST(started.error().code == error_code(EMFILE, boost::system::system_category()));
            continue;
        }
        auto end = net::co_spawn(io, (*started)->ended(soon()), net::use_future);
        io.run();
        BOOST_TEST(end.get().value().words() == "exit code 0");
    }
    BOOST_TEST(childless());
    BOOST_TEST(open_descriptors() == before);
}
#endif

BOOST_AUTO_TEST_CASE(a_strand_of_many_threads_is_as_good)
{
    net::thread_pool pool(2);
    std::vector<std::future<child_end>> ends;
    std::array<said, 8> all;
    for (auto& one : all)
    {
        auto options = shell("echo out; echo err >&2; sleep 0.01; echo more");
        one.listen(options);
        auto task = [options] { return run_to_its_end(options); };
        ends.push_back(net::co_spawn(net::make_strand(pool), std::move(task), net::use_future));
    }
    for (auto& end : ends)
        BOOST_TEST(end.get().code.value_or(-1) == 0);
    pool.join();
    for (const auto& one : all)
        BOOST_TEST(one.out == (strings{"out", "more"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
