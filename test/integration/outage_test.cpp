#include "integration/agent.hpp"
#include "integration/cloud.hpp"
#include "integration/processes.hpp"
#include "integration/talk.hpp"

#include "postern/journal/archive.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <memory>
#include <thread>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

constexpr auto six_seconds = 6s;
#if defined(POSTERN_SANITIZED)
constexpr auto soon = 20s;
#else
constexpr auto soon = 5s;
#endif

bool webhook_mode() { return mode_under_test() == "webhook"; }
wall_time now() { return std::chrono::system_clock::now(); }

std::vector<journal::story> stories_in(const server& gateway, const journal::selection& which)
{
    auto file = journal::archive::open(gateway.data_dir + "/journal.db");
    BOOST_TEST_REQUIRE(file.has_value());
    auto found = (*file)->list(which);
    BOOST_TEST_REQUIRE(found.has_value());
    return std::move(*found);
}

// One cloud, one postern, ten rooms, and a time in which nothing comes in. Several go through their time
// side by side.
class trouble
{
public:
    explicit trouble(const char* called, std::size_t direct = 4, std::size_t groups = 6)
        : name(called), people(webex, direct, groups)
    {
    }
    virtual ~trouble() = default;

    virtual void begin() { start(); }
    virtual void strike() = 0;                   // from here on nothing comes in
    virtual void meanwhile() { people.ask(5); }  // 50 messages
    virtual void mend() = 0;                     // and from here on it does
    virtual void afterwards() { people.ask(1); } // those wait for what is older
    virtual std::size_t missed() const { return 50; }
    virtual void look_back() {}
    virtual void end() { gateway->stop(); }

    const char* const name;
    cloud webex;
    talk people;
    std::optional<server> gateway;
    wall_time returned{};

protected:
    void start(std::vector<std::string> more = {}, child::environment variables = {})
    {
        gateway.emplace(webex, mode_under_test(), std::move(more), std::move(variables), files_.path);
        gateway->ready();
    }
    bool says(const std::string& words, std::chrono::seconds patience = 10s)
    {
        return eventually([&] { return gateway->process->log().find(words) != std::string::npos; }, patience);
    }

private:
    const folder files_;
};

// What recovery asks first takes its time, so that what is said now would be first, were it not held.
void slow_down_recovery(cloud& webex)
{
    webex.fault({{"method", "GET"}, {"path", "/v1/rooms"}, {"delayMs", 500}});
}

// --- the cloud is away

class cloud_is_away final : public trouble
{
public:
    cloud_is_away() : trouble("the cloud is away") {}

    void begin() override { start({}, {{"POSTERN_WEBHOOK_CHECK_EVERY", "1"}}); }
    void strike() override
    {
        webex.set("deliveries", {{"dropNext", 1'000'000}});
        webex.set("outage", {{"on", true}});
    }
    void mend() override
    {
        slow_down_recovery(webex);
        returned = now();
        webex.set("deliveries", {{"dropNext", 0}});
        webex.set("outage", {{"on", false}});
    }
    void afterwards() override
    {
        // Before it has looked at its webhooks nothing tells a postern that deliveries were lost.
        if (webhook_mode())
            BOOST_TEST(says("why=\"the cloud could not be reached"), gateway->process->log());
        else
            BOOST_TEST(webex.connected(), gateway->process->log());
        people.ask(1);
    }
};

// --- the process is away

class process_is_away : public trouble
{
public:
    using trouble::trouble;

    void mend() override
    {
        slow_down_recovery(webex);
        start();
        returned = now();
    }
};

class stopped final : public process_is_away
{
public:
    stopped() : process_is_away("postern is stopped") {}

    void strike() override { gateway->stop(); }
    void meanwhile() override
    {
        people.ask(5);
        joined_ = people.open_room("Joined meanwhile");
        left_ = webex.group_room("bob", "Night shift");
        const auto members =
            webex.http.json_call("GET", webex.api("/memberships?roomId=" + left_), webex.token("bob"));
        const auto bot = webex.id_of("bot");
        for (const auto& item : members.as_object().at("items").as_array())
            if (text_or(item.as_object(), "personId") == bot)
                webex.http.call("DELETE", webex.api("/memberships/" + text_or(item.as_object(), "id")),
                                webex.token("bob"));
    }
    void look_back() override
    {
        const auto said = people.said_in(joined_);
        BOOST_TEST_REQUIRE(!said.empty());
        BOOST_TEST(said[0].starts_with("Hello"), said[0]);
        journal::selection removals;
        removals.kind = "memberships:deleted";
        std::vector<journal::story> found;
        eventually([&] { return !(found = stories_in(*gateway, removals)).empty(); }, 10s);
        BOOST_TEST_REQUIRE(found.size() == 1u, gateway->process->log());
        BOOST_TEST(found[0].what.room == left_);
        BOOST_TEST((found[0].what.from == origin::recovery));
    }

private:
    std::size_t joined_ = 0;
    std::string left_;
};

class killed final : public process_is_away
{
public:
    killed() : process_is_away("postern is killed") {}

    void strike() override
    {
        gateway->process->signal(SIGKILL);
        BOOST_TEST(gateway->process->exit_code().value_or(0) == 128 + SIGKILL);
    }
};

// So far back and no further.
class short_memory final : public trouble
{
public:
    short_memory() : trouble("recovery reaches back five seconds", 1, 1) {}

    void begin() override { start(reach_); }
    void strike() override
    {
        gateway->stop();
        for (std::size_t room = 0; room < people.size(); ++room)
            people.ask_in(room, false);
    }
    void meanwhile() override {}
    void mend() override
    {
        people.ask(1);
        start(reach_);
        returned = now();
    }
    std::size_t missed() const override { return people.size(); }
    void look_back() override { BOOST_TEST(says("may look back"), gateway->process->log()); }

private:
    const std::vector<std::string> reach_{"--recovery", "5s"};
};

// --- the tunnel is away

class tunnel_is_away : public trouble
{
public:
    explicit tunnel_is_away(const char* called) : trouble(called) {}

    void begin() override
    {
        start({"--tunnel", "ngrok"}, ngrok_.environment());
        up_ = ngrok_.wait_for();
    }

protected:
    agent ngrok_{"FAKE_NGROK_SCALE=0.1"};
    agent::seen up_;
};

class session_is_lost final : public tunnel_is_away
{
public:
    session_is_lost() : tunnel_is_away("the tunnel has lost its session") {}

    void strike() override { order("lose"); }
    void mend() override
    {
        slow_down_recovery(webex);
        returned = now();
        order("restore");
    }
    void afterwards() override
    {
        BOOST_TEST(eventually([&] { return delivers(); })); // the edge lets deliveries in again
        people.ask(1);
    }

private:
    void order(const std::string& what)
    {
        const auto done = webex.http.call("POST", up_.url + "/_fake/" + what);
        BOOST_TEST(done.status < 300u, done.body);
    }
    bool delivers() { return webex.http.call("GET", up_.url + "/healthz").status == 200u; }
};

class agent_is_killed final : public tunnel_is_away
{
public:
    agent_is_killed() : tunnel_is_away("the tunnel's agent is killed") {}

    void strike() override {}
    void meanwhile() override {}
    void mend() override
    {
        ::kill(up_.pid, SIGKILL);
        people.ask(5); // to an address that nobody listens at
        const auto after = ngrok_.wait_for(up_.pid);
        BOOST_TEST(eventually([&] { return all_lead_to(after.url); }));
        returned = now();
    }
    std::size_t missed() const override { return 1; } // the first may just have slipped through

private:
    bool all_lead_to(const std::string& url)
    {
        const auto hooks = webex.webhooks();
        return !hooks.empty() && std::all_of(hooks.begin(), hooks.end(), [&](const auto& hook) {
            return text_or(hook.as_object(), "targetUrl").starts_with(url + '/');
        });
    }
};

using troubles = std::vector<std::unique_ptr<trouble>>;

troubles all_troubles()
{
    troubles all;
    all.push_back(std::make_unique<cloud_is_away>());
    all.push_back(std::make_unique<stopped>());
    all.push_back(std::make_unique<killed>());
    all.push_back(std::make_unique<short_memory>());
    if (webhook_mode())
    {
        all.push_back(std::make_unique<session_is_lost>());
        all.push_back(std::make_unique<agent_is_killed>());
    }
    return all;
}

template <class Step>
void each(const troubles& all, Step step)
{
    for (const auto& one : all)
        BOOST_TEST_CONTEXT(one->name) { step(*one); }
}

void all_is_answered(trouble& t)
{
    t.people.check_answers();
    journal::selection messages;
    messages.kind = "messages:created";
    messages.most = 1000;
    const auto all = stories_in(*t.gateway, messages);
    const auto recovered = static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [](const auto& one) { return one.what.from == origin::recovery; }));
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(t.people.last_answer() - t.returned);
    BOOST_TEST_MESSAGE(t.name << ": " << recovered << " messages recovered, the last answer came "
                              << took.count() << " ms after the return");
    BOOST_TEST(recovered >= t.missed());
    BOOST_TEST(took.count() <= std::chrono::milliseconds(soon).count(), t.gateway->process->log());
}

} // namespace

// What was said while nobody listened is answered all the same, in every mode.
BOOST_AUTO_TEST_SUITE(outage)

BOOST_AUTO_TEST_CASE(what_was_said_in_six_seconds_is_answered_once_in_order_and_soon)
{
    const auto all = all_troubles();
    each(all, [](trouble& t) { t.begin(); });
    each(all, [](trouble& t) { t.people.ask(1); });
    each(all, [](trouble& t) { t.people.check_answers(); });
    each(all, [](trouble& t) { t.strike(); });
    const auto end = deadline::after(six_seconds);
    each(all, [](trouble& t) { t.meanwhile(); });
    std::this_thread::sleep_until(end.at()); // the outage's own length
    each(all, [](trouble& t) {
        t.mend();
        t.afterwards();
    });
    each(all, all_is_answered);
    each(all, [](trouble& t) { t.look_back(); });
    each(all, [](trouble& t) { t.end(); });
}

BOOST_AUTO_TEST_CASE(a_first_start_answers_nothing_of_before)
{
    cloud webex;
    talk people(webex, 2, 2);
    for (std::size_t room = 0; room < people.size(); ++room)
        people.ask_in(room, false);
    server gateway(webex, mode_under_test());
    gateway.ready();
    people.ask(1);
    people.check_answers();
    gateway.stop();
    for (std::size_t room = 0; room < people.size(); ++room) // nor does it greet where it has long been
        BOOST_TEST(people.said_in(room).size() == 1u);
}

BOOST_AUTO_TEST_CASE(without_recovery_it_says_what_it_leaves_alone)
{
    const folder files;
    cloud webex;
    talk people(webex, 1, 1);
    server first(webex, mode_under_test(), {"--recovery", "off"}, {}, files.path);
    first.ready();
    first.stop();
    for (std::size_t room = 0; room < people.size(); ++room)
        people.ask_in(room, false);
    server second(webex, mode_under_test(), {"--recovery", "off"}, {}, files.path);
    second.ready();
    people.ask(1);
    people.check_answers();
    BOOST_TEST(second.process->log().find("recovery is off") != std::string::npos, second.process->log());
    second.stop();
}

BOOST_AUTO_TEST_SUITE_END()
