#include "standin/mischief.hpp"

#include "postern/base/within.hpp"
#include "standin/opening.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <map>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace postern::standin {
namespace {

using namespace std::string_view_literals;

// A megabyte at most of "join connections", as a busy agent prints them.
std::string joins(const recorder& out, std::size_t bytes)
{
    std::string block;
    for (unsigned i = 0; block.size() < bytes; ++i)
    {
        record r{level::info,
                 "join connections",
                 {{"obj", "join"}, {"id", "0123456789ab"}, {"l", "127.0.0.1:5000"}}};
        r.fields.emplace_back("r", "203.0.113.9:" + std::to_string(40000 + i % 20000));
        block += out.line(r);
    }
    return block;
}

awaitable<void> pour(world& w, std::size_t bytes, std::size_t per_second)
{
    constexpr std::size_t block_size = 64 * 1024;
    const auto block = joins(w.out, block_size);
    for (std::size_t written = 0; written < bytes; written += block.size())
    {
        w.out.print(block);
        // Others get their turn, and a rate is kept.
        const auto pause = per_second == 0 ? 0 : block.size() * 1000 / per_second;
        const bool whole = co_await pause_for(std::chrono::milliseconds(pause));
        if (!whole)
            co_return;
    }
}

} // namespace

void mischief::strike(fault f)
{
    using m = mischief;
    static const std::map<std::string_view, void (m::*)(const fault&)> all{
        {"exit", &m::exit_now},
        {"stop", &m::stop},
        {"fatal", &m::fatal},
        {"panic", &m::panic},
        {"abort", &m::abort},
        {"orphan", &m::orphan},
        {"hang", &m::hang_start},
        {"freeze", &m::freeze},
        {"unreachable", &m::unreachable},
        {"lose", &m::lose},
        {"restore", &m::restore},
        {"remove", &m::remove},
        {"url", &m::url},
        {"api", &m::api},
        {"edge", &m::edge},
        {"verify", &m::verify},
        {"foreign", &m::foreign},
        {"second", &m::second},
        {"http-first", &m::http_first},
        {"wrong-address", &m::wrong_address},
        {"flood", &m::flood},
        {"noise", &m::noise},
        {"shape", &m::shape},
        {"print", &m::print},
        {"clock", &m::clock},
    };
    (this->*all.at(f.name))(f);
}

awaitable<bool> mischief::at(stage reached)
{
    for (const auto& f : world_.env.faults)
    {
        if (f.at != reached)
            continue;
        if (f.after.count() == 0)
        {
            strike(f);
            continue;
        }
        spawn([this, f] { return strike_later(f); });
    }
    if (hanging_)
    {
        net::steady_timer never(world_.io, net::steady_timer::time_point::max());
        co_await never.async_wait(as_result);
    }
    co_return !hanging_;
}

awaitable<void> mischief::strike_later(fault f)
{
    const bool whole = co_await pause_for(f.after);
    if (whole)
        strike(std::move(f));
}

awaitable<void> mischief::restore_after(std::chrono::milliseconds time)
{
    const bool whole = co_await pause_for(time);
    if (whole)
        session_.restore();
}

void mischief::spawn(task_scope::task work) { tasks_.spawn(world_.io.get_executor(), std::move(work)); }

// --- how it ends ------------------------------------------------------------------------------------------

void mischief::exit_now(const fault& f) { ::_exit(static_cast<int>(f.number("code", 1))); }

void mischief::stop(const fault&) { hooks_.stop(); }

void mischief::fatal(const fault& f)
{
    hanging_ = true;
    world_.connected = false;
    auto facts = world_.facts();
    facts.url = world_.tunnels.empty() ? world_.public_origin : world_.tunnels.all().back().url;
    record_refusal(world_, make_refusal(static_cast<int>(f.number("code", 105)), facts, f.text("text")));
    hooks_.end(1);
}

void mischief::panic(const fault&)
{
    write_fully(STDERR_FILENO,
                "panic: runtime error: invalid memory address or nil pointer dereference\n"
                "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x8a3c1e]\n\n"
                "goroutine 1 [running]:\nmain.main()\n\t/build/main.go:12 +0x1d\nexit status 2\n");
    ::_exit(2);
}

void mischief::abort(const fault&)
{
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::signal(SIGABRT, SIG_DFL);
    ::raise(SIGABRT);
}

// Twice removed: its parent is init, not us. It keeps the pipes and nothing else.
void mischief::orphan(const fault& f)
{
    const auto lives = std::max(1L, f.number("for", 5000));
    const auto child = ::fork();
    if (child == 0)
    {
        if (::fork() == 0)
        {
            ::closefrom(STDERR_FILENO + 1);
            ::usleep(static_cast<useconds_t>(lives * 1000));
        }
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    ::_exit(static_cast<int>(f.number("code", 1)));
}

// --- standing still ---------------------------------------------------------------------------------------

void mischief::hang_start(const fault&) { hanging_ = true; }

void mischief::freeze(const fault&)
{
    for (;;)
        ::pause(); // SIGALRM at the end of FAKE_NGROK_MAX_LIFE still kills
}

// --- the session ------------------------------------------------------------------------------------------

void mischief::unreachable(const fault& f)
{
    world_.unreachable = f.text("err", "eof");
    if (!f.has("for"))
        return;
    const auto lasts = std::chrono::milliseconds(f.number("for", 0));
    spawn([this, lasts] { return restore_after(lasts); });
}

void mischief::lose(const fault& f)
{
    if (session_.lose(f))
        spawn([this, f] { return session_.reconnect(f); });
}

void mischief::restore(const fault&) { session_.restore(); }

void mischief::remove(const fault& f)
{
    std::vector<std::string> names{f.text("name")};
    if (!f.has("name"))
    {
        names.clear();
        for (const auto& t : world_.tunnels.all())
            names.push_back(t.name);
    }
    for (const auto& name : names)
        close_tunnel(world_, name);
}

void mischief::url(const fault& f)
{
    if (world_.tunnels.empty())
        return;
    auto& t = world_.tunnels.all().back();
    t.url = f.text("to", "https://another-name.ngrok-free.test");
    t.proto = t.url.substr(0, t.url.find(':'));
    write_state(world_);
}

// --- the API and the edge ---------------------------------------------------------------------------------

void mischief::api(const fault& f)
{
    const auto mode = f.text("mode", "silent");
    hooks_.switch_api(mode == "closed" ? api_mode::closed
                      : mode == "open" ? api_mode::open
                                       : api_mode::silent);
}

void mischief::edge(const fault& f)
{
    const auto mode = f.text("mode", "offline");
    world_.edge = mode == "rate"      ? edge_mode::rate_limited
                  : mode == "offline" ? edge_mode::offline
                                      : edge_mode::normal;
}

void mischief::verify(const fault& f) { world_.webhook_secret = f.text("secret"); }
void mischief::foreign(const fault& f) { world_.foreign_upstream = f.text("addr", "http://localhost:8080"); }
void mischief::second(const fault&) { world_.second_first = true; }
void mischief::http_first(const fault&) { world_.http_first = true; }
void mischief::wrong_address(const fault& f) { world_.wrong_address = f.text("addr", "127.0.0.1:1"); }

// --- the outputs ------------------------------------------------------------------------------------------

void mischief::flood(const fault& f)
{
    const auto bytes = static_cast<std::size_t>(std::clamp(f.number("mb", 1), 0L, 10'000L)) << 20;
    const auto rate = static_cast<std::size_t>(std::clamp(f.number("mbps", 0), 0L, 10'000L)) << 20;
    spawn([this, bytes, rate] { return pour(world_, bytes, rate); });
}

void mischief::noise(const fault& f)
{
    const auto kind = f.text("kind", "longline");
    const auto size = static_cast<std::size_t>(std::clamp(f.number("size", 1 << 20), 1L, 1L << 28));
    if (kind == "longline")
        world_.out.print(std::string(size, 'x') + '\n');
    else if (kind == "unfinished")
        world_.out.print("t=2026-02-03T04:05:06+0000 lvl=info msg=\"started tun");
    else if (kind == "nul")
        world_.out.print("msg=\"with a \0 in it\" key=\0\0\n"sv);
    else if (kind == "utf8")
        world_.out.print("lvl=info msg=\"\xff\xfe\xc3\x28 \xe2\x82 no UTF-8\"\n");
    else if (kind == "stderr")
        for (int i = 0; i < 20; ++i)
        {
            write_fully(STDERR_FILENO, "something on standard error\n");
            world_.out.info("something on standard output");
        }
}

void mischief::shape(const fault& f)
{
    world_.out.set_crlf(f.number("crlf", 0) != 0);
    world_.out.set_split(f.number("split", 0) != 0);
}

void mischief::print(const fault& f) { write_fully(STDOUT_FILENO, f.text("text")); }

void mischief::clock(const fault& f) { world_.out.jump_clock(std::chrono::seconds(f.number("jump", 3600))); }

} // namespace postern::standin
