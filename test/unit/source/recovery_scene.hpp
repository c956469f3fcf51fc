#pragma once

#include "postern/source/recovery/recovery.hpp"

#include "postern/base/ids.hpp"
#include "postern/verify/event_json.hpp"
#include "support/captured_log.hpp"
#include "support/fake_webex_api.hpp"
#include "unit/source/stage.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace postern::test {

inline const std::string my_uuid = "1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10";
inline webex::person relay_bot()
{
    webex::person me;
    me.id = format_id({"us", "PEOPLE", my_uuid});
    me.type = "bot";
    return me;
}

// What happened, in order: of the journal, the intake and the cloud. One thread.
using transcript = std::vector<std::string>;

// A journal that remembers what it was told.
struct told_history final : history_port
{
    explicit told_history(transcript& t) : said(t) {}

    void hold() override { said.push_back("hold"); }
    void release(const std::string& lane) override
    {
        said.push_back("release " + lane.substr(lane.find('|') + 1));
    }
    void release_all() override { said.push_back("release all"); }

    awaitable<result<std::vector<room_position>>> rooms(std::string, deadline) override
    {
        if (!failures.empty())
        {
            const auto why = failures.front();
            failures.pop_front();
            co_return error(why, "asking the journal");
        }
        co_return positions;
    }
    awaitable<result<>> remember(std::string, std::vector<room_position> all, deadline) override
    {
        for (const auto& p : all)
        {
            said.push_back("remember " + p.room + (p.member ? " in" : " out"));
            const auto is_it = [&](const room_position& known) { return known.room == p.room; };
            const auto found = std::find_if(positions.begin(), positions.end(), is_it);
            if (found == positions.end())
                positions.push_back(p);
            else
                found->member = p.member;
        }
        co_return result<>();
    }
    void heard(std::string, wall_time until) override
    {
        said.push_back("heard");
        heard_time = until;
    }
    awaitable<result<std::optional<wall_time>>> heard_until(std::string, deadline) override
    {
        co_return heard_time;
    }

    transcript& said;
    std::vector<room_position> positions;
    std::optional<wall_time> heard_time;
    std::deque<errc> failures; // of rooms()
};

// An intake with the real keys.
struct keyed_intake final : intake_port
{
    explicit keyed_intake(transcript& t) : said(t) {}

    awaitable<result<stored>> accept(raw_event raw, deadline) override
    {
        if (!failures.empty())
        {
            const auto why = failures.front();
            failures.pop_front();
            said.push_back("refuse");
            co_return error(why, "storing");
        }
        BOOST_TEST((raw.from == origin::recovery));
        BOOST_TEST(raw.bot == relay_bot().id);
        const auto e = verify::parse_event(raw.body);
        BOOST_TEST(e.has_value());
        if (!e)
            co_return e.error();
        const bool fresh = keys.insert(e->key).second;
        said.push_back((fresh ? "new " : "known ") + e->kind() + ' ' + e->data_id);
        co_return stored{keys.size(), fresh};
    }

    transcript& said;
    std::set<std::string> keys;
    std::deque<errc> failures;
};

// The cloud: rooms, and what was said in them. A call whose beginning is in `failures` fails; one in `stuck`
// waits until it is taken out of it.
struct recovery_cloud final : fake_webex_api
{
    explicit recovery_cloud(transcript& t) : said(t) {}

    std::vector<webex::room> active;
    std::map<std::string, std::vector<webex::message>> messages_of; // newest first
    std::vector<webex::membership> own;
    std::map<std::string, std::deque<error>> failures;
    std::set<std::string> stuck;
    std::size_t pages = 1; // that the list of rooms is said to have
    bool whole = true;     // lists are
    std::size_t at_once = 0, most_at_once = 0;
    std::vector<webex::room> moved; // to the front while the list was read

    awaitable<result<std::vector<webex::membership>>> list_memberships(std::string, deadline) override
    {
        auto failed = co_await ask("memberships");
        if (failed)
            co_return *failed;
        co_return own;
    }
    awaitable<result<webex::membership>> get_membership(std::string id, deadline) override
    {
        auto failed = co_await ask("membership " + id);
        if (failed)
            co_return *failed;
        co_return webex::membership{};
    }
    awaitable<result<webex::listed<webex::room>>> list_active_rooms(wall_time since, std::size_t,
                                                                    deadline) override
    {
        auto failed = co_await ask("rooms");
        if (failed)
            co_return *failed;
        rooms_since.push_back(since);
        webex::listed<webex::room> part{active, whole, std::exchange(pages, 1)};
        if (rooms_since.size() > 1 && !moved.empty())
            part.items = moved;
        co_return part;
    }
    awaitable<result<webex::listed<webex::message>>> list_messages_since(std::string room, bool mentioning_me,
                                                                         wall_time since, std::size_t,
                                                                         deadline) override
    {
        ++at_once;
        most_at_once = std::max(most_at_once, at_once);
        const std::string whose = mentioning_me ? " of mine" : "";
        auto failed = co_await ask("messages " + room + whose);
        --at_once;
        if (failed)
            co_return *failed;
        since_of[room] = since;
        co_return webex::listed<webex::message>{messages_of[room], whole, 1};
    }

    std::vector<wall_time> rooms_since;
    std::map<std::string, wall_time> since_of;
    transcript& said;

private:
    awaitable<std::optional<error>> ask(std::string call)
    {
        said.push_back("ask " + call);
        net::steady_timer wait(co_await net::this_coro::executor);
        while (stuck.contains(call))
        {
            wait.expires_after(std::chrono::milliseconds(1));
            const auto [ec] = co_await wait.async_wait(as_result);
            if (ec)
                co_return error(errc::stopped);
        }
        auto& next = failures[call];
        if (next.empty())
            co_return std::nullopt;
        auto why = next.front();
        next.pop_front();
        co_return why;
    }
};

inline source::recovery_options quick()
{
    source::recovery_options o;
    o.again = {std::chrono::milliseconds(1), std::chrono::milliseconds(2)};
    o.side_by_side = 1;
    return o;
}

// Recovery with all that it talks to. "R1" and so on are rooms, with activity a minute ago and later.
struct recovery_scene
{
    explicit recovery_scene(source::recovery_options options = quick(), webex::person me = relay_bot())
    {
        source::recovery::setup s;
        s.options = options;
        s.api = cloud;
        s.intake = intake;
        s.history = &history;
        s.me = std::move(me);
        s.watch = [this](const source::recovery_state& shown) { seen.push_back(shown); };
        one = source::recovery::make(stage.io.get_executor(), std::move(s), log.writer);
    }
    ~recovery_scene() { stage.stop(); }

    void start()
    {
        stage.start([this] { return one->run(); });
        stage.settle();
    }
    void miss(std::chrono::minutes length = std::chrono::minutes(10),
              std::string why = "the channel was lost")
    {
        one->missed({now - length, now, std::move(why)});
    }
    void until_recovered(std::uint64_t recoveries = 1)
    {
        stage.run_until([&] { return one->state().recoveries >= recoveries && !one->state().running; });
        stage.settle();
    }
    void recover()
    {
        const auto before = one->state().recoveries;
        miss();
        until_recovered(before + 1);
    }

    void add_room(std::string id, const std::string& type = "group")
    {
        webex::room r;
        r.id = std::move(id);
        r.type = type;
        r.last_activity = format_time(now - std::chrono::seconds(cloud->active.size()));
        cloud->active.push_back(r);
        cloud->own.push_back(membership(r.id, std::chrono::hours(30), type));
    }
    // Of that age.
    webex::membership membership(const std::string& room, std::chrono::seconds age,
                                 const std::string& type = "group") const
    {
        webex::membership m;
        m.id = "M-" + room;
        m.room_id = room;
        m.room_type = type;
        m.person_id = relay_bot().id;
        m.created = format_time(now - age);
        return m;
    }
    void say(const std::string& room, std::string id, std::string author = "alice")
    {
        webex::message m;
        m.id = std::move(id);
        m.room_id = room;
        m.person_id = std::move(author);
        auto& all = cloud->messages_of[room];
        m.created = format_time(now - std::chrono::minutes(5) + std::chrono::seconds(all.size()));
        all.insert(all.begin(), std::move(m));
    }
    room_position position(const std::string& room, bool member) const
    {
        room_position p;
        p.room = room;
        p.member = member;
        p.membership = "M-" + room;
        return p;
    }

    bool happened(const std::string& line) const
    {
        return std::find(said.begin(), said.end(), line) != said.end();
    }
    std::size_t times(const std::string& line) const
    {
        return static_cast<std::size_t>(std::count(said.begin(), said.end(), line));
    }
    bool in_order(const std::vector<std::string>& lines) const
    {
        auto from = said.begin();
        for (const auto& line : lines)
        {
            from = std::find(from, said.end(), line);
            if (from == said.end())
                return false;
            ++from;
        }
        return true;
    }
    std::string all() const
    {
        std::string text;
        for (const auto& line : said)
            text += line + '\n';
        return text;
    }

    const wall_time now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    transcript said;
    std::shared_ptr<recovery_cloud> cloud = std::make_shared<recovery_cloud>(said);
    std::shared_ptr<keyed_intake> intake = std::make_shared<keyed_intake>(said);
    told_history history{said};
    captured_log log;
    std::vector<source::recovery_state> seen;
    test::stage stage;
    std::unique_ptr<source::recovery> one;
};

} // namespace postern::test
