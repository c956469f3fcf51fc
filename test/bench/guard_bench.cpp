// What the guard costs per message when it knows the room, beside the guard that admits everybody.
//   guard_bench EVENTS      prints one line of JSON for each case
// Rooms of 20 members each; a message is heard() when it comes in and judged in its turn, on one thread.

#include "postern/base/ids.hpp"
#include "postern/guard/open_guard.hpp"
#include "postern/guard/room_guard.hpp"

#include "support/fake_webex_api.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace {
std::atomic<std::uint64_t> allocations{0};
}

void* operator new(std::size_t size)
{
    allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* memory = std::malloc(size ? size : 1))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace postern;

constexpr std::size_t members = 20;

std::string id(const char* type, std::size_t n)
{
    char uuid[40];
    std::snprintf(uuid, sizeof uuid, "%08zx-aaaa-4000-8000-%012zx", n * 2'654'435'761u % 0xffffffffu, n);
    return format_id({"us", type, uuid});
}

// Every room has the bot, number 0, and the members that follow from its own number.
class crowded final : public test::fake_webex_api
{
public:
    awaitable<result<std::vector<webex::membership>>> list_memberships(std::string room, deadline) override
    {
        ++walks;
        std::vector<webex::membership> all(members);
        for (std::size_t i = 0; i < members; ++i)
        {
            all[i].id = id("MEMBERSHIP", i);
            all[i].room_id = room;
            all[i].person_id = id("PEOPLE", i);
            all[i].person_email = "person" + std::to_string(i) + "@example.com";
            all[i].person_org_id = id("ORGANIZATION", 1);
        }
        co_return all;
    }
    std::size_t walks = 0;
};

std::vector<event> messages(std::size_t rooms)
{
    std::vector<event> all(rooms);
    for (std::size_t i = 0; i < rooms; ++i)
    {
        all[i].from = origin::websocket;
        all[i].resource = "messages";
        all[i].name = "created";
        all[i].room = id("ROOM", i);
        all[i].actor = id("PEOPLE", 1 + i % (members - 1));
        all[i].data_id = id("MESSAGE", i);
        all[i].key = "messages:created:" + all[i].data_id;
        all[i].body = std::string(1024, 'x');
    }
    return all;
}

awaitable<void> ask(guard_port& gate, std::vector<event>& from, std::size_t count, bool& all_admitted)
{
    for (std::size_t i = 0; i < count; ++i)
    {
        auto& what = from[i % from.size()];
        gate.heard(what);
        const auto judged = co_await gate.judge(what, deadline::after(std::chrono::seconds(10)));
        all_admitted = all_admitted && judged && judged->what == verdict::admitted;
    }
}

void run(net::io_context& io, guard_port& gate, std::vector<event>& from, std::size_t count)
{
    bool admitted = true;
    net::co_spawn(io, ask(gate, from, count, admitted), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
    io.run();
    io.restart();
    if (!admitted)
        throw std::runtime_error("a message was not admitted");
}

void measure(const char* name, std::size_t rooms, net::io_context& io, guard_port& gate, std::size_t count)
{
    auto all = messages(rooms);
    run(io, gate, all, rooms); // now every room is known
    const auto allocated = allocations.load();
    const auto start = std::chrono::steady_clock::now();
    run(io, gate, all, count);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    std::cout << "{\"case\":\"" << name << "\",\"rooms\":" << rooms
              << ",\"us\":" << took.count() / static_cast<double>(count) << ",\"allocations\":"
              << static_cast<double>(allocations.load() - allocated) / static_cast<double>(count) << "}\n";
}

} // namespace

int main(int argc, char** argv)
try
{
    const auto count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 0;
    if (count == 0)
    {
        std::cerr << "usage: guard_bench EVENTS\n";
        return 2;
    }
    net::io_context io{1};
    guard::open_guard open(quiet_log());
    measure("open", 50, io, open, count);
    for (const std::size_t rooms : {50, 10'000})
    {
        const auto cloud = std::make_shared<crowded>();
        webex::person me;
        me.id = id("PEOPLE", 0);
        me.org_id = id("ORGANIZATION", 1);
        guard::guard_options options;
        options.organisations = {"own"};
        const auto gate = guard::room_guard::make(options, cloud, me, quiet_log());
        measure("guard", rooms, io, *gate, count);
        if (cloud->walks != rooms)
            throw std::runtime_error("a room was looked at more than once");
        net::co_spawn(io, gate->close(), [](std::exception_ptr) {});
        io.run();
        io.restart();
    }
}
catch (const std::exception& failed)
{
    std::cerr << "guard_bench: " << failed.what() << '\n';
    return 1;
}
