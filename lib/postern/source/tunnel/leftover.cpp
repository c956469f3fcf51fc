#include "postern/source/tunnel/leftover.hpp"

#include "postern/base/within.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace postern::source {
namespace {

std::string read_proc(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

template <class Number>
std::optional<Number> number_of(std::string_view text)
{
    Number value{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    return ec == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

// Field 22 of /proc/PID/stat (proc(5)). The name in field 2 may hold anything, so it is counted from behind
// it; field 3 is the state: a zombie has ended.
std::optional<std::uint64_t> start_time(std::string_view stat)
{
    const auto behind = stat.rfind(") ");
    if (behind == stat.npos)
        return std::nullopt;
    stat.remove_prefix(behind + 2);
    if (stat.starts_with('Z') || stat.starts_with('X'))
        return std::nullopt;
    for (int field = 3; field < 22; ++field)
        stat.remove_prefix(std::min(stat.find(' '), stat.size() - 1) + 1);
    return number_of<std::uint64_t>(stat.substr(0, stat.find(' ')));
}

std::string program_of(int pid)
{
    std::string path(4096, '\0');
    const auto size = ::readlink(("/proc/" + std::to_string(pid) + "/exe").c_str(), path.data(), path.size());
    path.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    constexpr std::string_view gone = " (deleted)"; // an update has replaced it meanwhile
    if (path.ends_with(gone))
        path.resize(path.size() - gone.size());
    return path;
}

void add(std::string& text, const std::string& who, const process_mark& m)
{
    text += who + "pid " + std::to_string(m.pid) + '\n';
    text += who + "start " + std::to_string(m.start) + '\n';
    text += who + "boot " + m.boot + '\n';
    text += who + "program " + m.program + '\n';
}

bool keep(process_mark& m, std::string_view key, std::string_view value)
{
    if (key == "boot")
        m.boot = value;
    else if (key == "program")
        m.program = value;
    else if (const auto pid = number_of<int>(value); key == "pid" && pid)
        m.pid = *pid;
    else if (const auto start = number_of<std::uint64_t>(value); key == "start" && start)
        m.start = *start;
    else
        return false;
    return true;
}

bool whole(const process_mark& m) { return m.pid > 1 && !m.boot.empty() && !m.program.empty(); }

bool still_there(const process_mark& m) { return mark_process(m.pid) == m; }

void send(const process_mark& m, int signal)
{
    if (!still_there(m))
        return;
    if (::getpgid(m.pid) == m.pid)
        ::kill(-m.pid, signal);
    else
        ::kill(m.pid, signal);
}

awaitable<result<>> wait_readable(net::posix::stream_descriptor& watch)
{
    const auto [ec] = co_await watch.async_wait(net::posix::stream_descriptor::wait_read, as_result);
    if (ec)
        co_return error(ec, "waiting for the end of a process");
    co_return result<>();
}

} // namespace

std::optional<process_mark> mark_process(int pid)
{
    process_mark m;
    m.pid = pid;
    const auto start = start_time(first_line(read_proc("/proc/" + std::to_string(pid) + "/stat")));
    m.boot = first_line(read_proc("/proc/sys/kernel/random/boot_id"));
    m.program = program_of(pid);
    if (!start || !whole(m))
        return std::nullopt;
    m.start = *start;
    return m;
}

std::string to_text(const child_note& note)
{
    std::string text;
    add(text, "", note.child);
    add(text, "owner-", note.owner);
    return text + "web-addr " + note.web_addr + '\n';
}

std::optional<child_note> read_child_note(std::string_view text)
{
    constexpr std::string_view owner = "owner-";
    child_note note;
    while (!text.empty())
    {
        const auto line = first_line(text);
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto space = std::min(line.find(' '), line.size());
        auto key = line.substr(0, space);
        const auto value = line.substr(std::min(space + 1, line.size()));
        if (key == "web-addr")
        {
            note.web_addr = value;
            continue;
        }
        const bool of_owner = key.starts_with(owner);
        if (of_owner)
            key.remove_prefix(owner.size());
        if (!keep(of_owner ? note.owner : note.child, key, value))
            return std::nullopt;
    }
    return whole(note.child) && whole(note.owner) ? std::optional(note) : std::nullopt;
}

leftover judge_leftover(const child_note& note)
{
    if (!still_there(note.child))
        return leftover::none;
    return note.owner.pid != ::getpid() && still_there(note.owner) ? leftover::theirs : leftover::ours;
}

awaitable<void> end_leftover(net::any_io_executor strand, child_note note, std::chrono::milliseconds patience,
                             log out)
{
    // From here on the descriptor stands for the process, whoever gets its number next.
    const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, note.child.pid, 0));
    if (handle < 0)
        co_return; // it has just ended
    net::posix::stream_descriptor watch(strand, handle);
    out.warning("an earlier postern left a child behind: ending it",
                {{"program", note.child.program}, {"pid", note.child.pid}, {"api", note.web_addr}});
    send(note.child, SIGTERM);
    const auto gone = co_await within(deadline::after(patience), wait_readable(watch));
    if (gone.has_value())
        co_return;
    send(note.child, SIGKILL);
    const auto killed = co_await within(deadline::after(patience), wait_readable(watch));
    if (killed.has_error())
        out.error("it can't be killed", {{"pid", note.child.pid}});
}

} // namespace postern::source
