#pragma once

#include "postern/base/ids.hpp"
#include "postern/base/within.hpp"
#include "postern/guard/room_guard.hpp"

#include "support/captured_log.hpp"
#include "support/fake_webex_api.hpp"
#include "support/run.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::test {

using namespace std::chrono_literals;

// Always the same for the same name.
inline std::string uuid_for(std::string_view name)
{
    std::uint64_t h = 1469598103934665603ull;
    for (const char c : name)
        h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    char text[40];
    std::snprintf(text, sizeof text, "%08x-aaaa-4000-8000-%012llx", static_cast<unsigned>(h >> 32),
                  static_cast<unsigned long long>(h & 0xffffffffffffull));
    return text;
}
inline std::string person_id(std::string_view name) { return format_id({"us", "PEOPLE", uuid_for(name)}); }
inline std::string room_id(std::string_view name) { return format_id({"us", "ROOM", uuid_for(name)}); }
inline std::string org_id(std::string_view name)
{
    return format_id({"us", "ORGANIZATION", name == "consumer" ? "consumer" : uuid_for(name)});
}
inline std::string membership_id(std::string_view person, std::string_view room)
{
    return format_id({"us", "MEMBERSHIP", uuid_for(person) + ':' + uuid_for(room)});
}

// "ann@a" is Ann of the organisation a, with the address ann@a.example.
inline std::string address_of(std::string_view who) { return std::string(who) + ".example"; }
inline std::string org_of(std::string_view who)
{
    return org_id(who.substr(std::min(who.find('@') + 1, who.size())));
}

inline webex::membership member(std::string_view who, std::string_view room = "hall")
{
    webex::membership m;
    m.id = membership_id(who, room);
    m.room_id = room_id(room);
    m.person_id = person_id(who);
    m.person_email = address_of(who);
    m.person_org_id = org_of(who);
    return m;
}

inline webex::person person(std::string_view who, std::string type = "person")
{
    webex::person p;
    p.id = person_id(who);
    p.emails = {address_of(who)};
    p.org_id = org_of(who);
    p.type = std::move(type);
    return p;
}

inline event happened(std::string_view kind, std::string_view room, std::string_view who)
{
    static int count = 0;
    event e;
    e.resource = kind.substr(0, kind.find(':'));
    e.name = kind.substr(kind.find(':') + 1);
    e.key = "event-" + std::to_string(++count);
    e.room = room.empty() ? "" : room_id(room);
    e.actor = who.empty() ? "" : person_id(who);
    e.data_id = e.resource == "memberships" ? membership_id(who, room) : e.key;
    return e;
}
inline event said(std::string_view who, std::string_view room = "hall")
{
    return happened("messages:created", room, who);
}

// Answers lists of members from `halls` where nothing is scripted. While it is shut, such a list waits after
// it was read, as on a slow line.
class slow_webex_api : public fake_webex_api
{
public:
    std::map<std::string, std::vector<webex::membership>> halls; // by room name
    bool shut = false;

    void put(std::string_view room, const std::vector<std::string_view>& members)
    {
        std::vector<webex::membership> all;
        for (const auto who : members)
            all.push_back(member(who, room));
        halls[room_id(room)] = std::move(all);
    }

    std::size_t count(std::string_view call) const
    {
        std::size_t n = 0;
        for (const auto& c : calls)
            n += c.starts_with(call) ? 1 : 0;
        return n;
    }
    std::size_t walks() const { return count("list_memberships"); }

    awaitable<result<std::vector<webex::membership>>> list_memberships(std::string room, deadline d) override
    {
        if (membership_lists.empty() && halls.contains(room))
            membership_lists.push_back(halls[room]);
        auto read = co_await fake_webex_api::list_memberships(room, d);
        while (shut)
        {
            const bool passed = co_await pause_for(2ms);
            // A cancellation that comes just when the time is over cuts nothing short any more.
            const auto state = co_await net::this_coro::cancellation_state;
            if (!passed || state.cancelled() != net::cancellation_type::none)
                co_return error(errc::stopped, "reading the members");
        }
        co_return read;
    }
};

// A bot of the organisation a, guarded.
struct guard_scene
{
    guard_scene()
    {
        options.organisations = {"own", org_id("b")};
        options.again = 15s;
    }

    awaitable<void> open()
    {
        gate =
            guard::room_guard::make(options, api, person("bot@a", "bot"), log.writer, [this] { return now; });
        co_return;
    }

    awaitable<result<judgement>> judge(event e, std::chrono::milliseconds limit = 3s)
    {
        return gate->judge(std::move(e), deadline::after(limit));
    }
    // The way of a live event: heard of when it comes, judged in its turn.
    awaitable<result<judgement>> come(event e)
    {
        gate->heard(e);
        return gate->judge(std::move(e), deadline::after(3s));
    }

    guard::guard_options options;
    std::shared_ptr<slow_webex_api> api = std::make_shared<slow_webex_api>();
    captured_log log;
    deadline::clock::time_point now = deadline::clock::now();
    std::unique_ptr<guard::room_guard> gate;
};

// Waits for what happens beside the test; false if it does not.
template <class Condition>
awaitable<bool> until(Condition holds)
{
    for (int i = 0; i < 3'000 && !holds(); ++i)
        co_await pause_for(1ms);
    co_return holds();
}

// Lets all that can run now run.
inline awaitable<void> turns()
{
    for (int i = 0; i < 20; ++i)
        co_await pause_for(0ms);
}

// Runs `play` with the guard open, and closes it.
template <class Play>
void run_guarded(guard_scene& s, Play play)
{
    run([&](net::io_context&) -> awaitable<void> {
        co_await s.open();
        co_await play();
        co_await s.gate->close();
    });
}

inline bool is_admitted(const result<judgement>& j) { return j && j->what == verdict::admitted; }
inline bool is_refused(const result<judgement>& j) { return j && j->what == verdict::refused; }
inline std::size_t times_said(const captured_log& log, std::string_view words)
{
    std::size_t n = 0;
    for (const auto& line : log.lines())
        n += line.find(words) != line.npos ? 1 : 0;
    return n;
}
inline bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

} // namespace postern::test
