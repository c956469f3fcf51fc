#include "soak/emulated_cloud.hpp"

#include "postern/base/json.hpp"
#include "postern/emulator/emulator.hpp"
#include "postern/emulator/seed.hpp"
#include "postern/transport/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

namespace postern::test {
namespace {

using namespace std::chrono_literals;

constexpr int people = 6;
constexpr int groups = 3;

std::string person_name(int n) { return "person" + std::to_string(n); }

std::vector<emulated_cloud::room> planned_rooms()
{
    std::vector<emulated_cloud::room> all;
    for (int p = 0; p < people; ++p)
        all.push_back({"direct with " + person_name(p), true, {person_name(p)}, {}});
    for (int g = 0; g < groups; ++g)
        all.push_back({"Group " + std::to_string(g),
                       false,
                       {person_name(g), person_name(g + 1), person_name(g + 3)},
                       {}});
    return all;
}

std::string seed_of(const std::vector<emulated_cloud::room>& rooms)
{
    json::array persons{{{"name", "bot"},
                         {"type", "bot"},
                         {"displayName", "Postern"},
                         {"email", "postern@webex.bot"},
                         {"organisation", "Example"}}};
    for (int p = 0; p < people; ++p)
        persons.push_back({{"name", person_name(p)},
                           {"displayName", "Person " + std::to_string(p)},
                           {"email", person_name(p) + "@example.com"},
                           {"organisation", "Example"}});
    json::array places;
    for (const auto& room : rooms)
    {
        json::object place;
        if (room.direct)
            place["type"] = "direct";
        else
            place["title"] = room.name;
        json::array members(room.people.begin(), room.people.end());
        members.emplace_back("bot");
        place["members"] = std::move(members);
        places.push_back(std::move(place));
    }
    return json::serialize(json::object{{"organisations", {{{"name", "Example"}, {"cluster", "us"}}}},
                                        {"people", std::move(persons)},
                                        {"rooms", std::move(places)}});
}

template <class T>
T must(result<T> r)
{
    if (r.has_error())
        throw std::runtime_error(describe(r.error()));
    return std::move(*r);
}

// What came over the sockets of a dead process is in the kernel's hands. Between two turns of the loop it
// looks at all sockets once, and a request takes some turns to be read and to have its effect.
awaitable<void> take_in_what_was_sent()
{
    for (int turn = 0; turn < 500; ++turn)
        co_await net::post(net::use_awaitable);
}

} // namespace

struct emulated_cloud::state
{
    state()
    {
        emulator::emulator_options options;
        options.seed = must(emulator::parse_seed(seed_of(rooms), "the soak's seed"));
        client = must(transport::make_http_client(io.get_executor(), {}, quiet_log()));
        cloud = must(emulator::emulator::start(io.get_executor(), std::move(options), quiet_log()));
        bot = cloud->person_id("bot");
        cloud->observe([this](emulator::observed what) { see(what); });
        loop = std::thread([this] { io.run(); });
        for (auto& room : rooms)
            room.id = id_of(room);
    }

    ~state()
    {
        cloud->observe({});
        auto end = [this] { return cloud->stop(); };
        net::co_spawn(io, std::move(end), net::use_future).wait();
        client->close_idle();
        staying.reset();
        io.stop();
        loop.join();
    }

    void see(const emulator::observed& what)
    {
        const std::lock_guard lock(mutex);
        if (what.what == "posted" && what.actor_id == bot)
            life_of[what.data_id] = life;
        else if (what.what == "webhook answered")
            ++(what.note.empty() ? delivered.acknowledged : delivered.failed);
        changed.notify_all();
    }

    awaitable<json::value> ask(std::string method, std::string path, std::string who, std::string body)
    {
        transport::request what;
        what.method = std::move(method);
        what.headers.add("Authorization", "Bearer " + cloud->token(who));
        if (!body.empty())
            what.headers.add("Content-Type", "application/json");
        what.body = std::move(body);
        auto where = must(transport::parse_url(cloud->api_url() + path));
        auto answer = co_await client->send(std::move(where), std::move(what), deadline::after(30s));
        const auto said = must(std::move(answer));
        if (said.status != 200)
            throw std::runtime_error(path + ": " + std::to_string(said.status) + ' ' + said.body);
        co_return must(parse_json(said.body, path));
    }

    json::value ask_now(const std::string& path, const std::string& who)
    {
        auto work = [this, path, who] { return ask("GET", path, who, {}); };
        return net::co_spawn(io, std::move(work), net::use_future).get();
    }

    std::string id_of(const room& wanted)
    {
        const auto path = wanted.direct ? "/rooms?type=direct" : "/rooms?type=group&max=100";
        const auto listed = ask_now(path, wanted.people.at(0));
        for (const auto& item : listed.as_object().at("items").as_array())
            if (wanted.direct || text_or(item.as_object(), "title") == wanted.name)
                return text_or(item.as_object(), "id");
        throw std::runtime_error("no room: " + wanted.name);
    }

    awaitable<void> speak(std::vector<post> all)
    {
        for (auto& one : all)
        {
            const auto& where = rooms.at(one.room);
            const std::string mention = where.direct ? "" : "<@personEmail:postern@webex.bot|Postern> ";
            json::object said;
            said["roomId"] = where.id;
            said["markdown"] = mention + "/echo " + one.words;
            co_await ask("POST", "/messages", one.person, json::serialize(said));
        }
    }

    // At most so many of the messages before that one (empty: the newest), newest first.
    json::array page(const room& where, std::size_t most, const std::string& before)
    {
        auto path = "/messages?max=" + std::to_string(most) + "&roomId=" + where.id;
        if (!before.empty())
            path += "&beforeMessage=" + before;
        auto listed = ask_now(path, where.people.at(0));
        return std::move(listed.as_object().at("items").as_array());
    }

    bool by_bot(const json::object& message) const { return text_or(message, "personId") == bot; }

    bool is_answered(const room& where)
    {
        std::set<std::string> answers;
        for (const auto& item : page(where, 200, {}))
        {
            const auto& message = item.as_object();
            const auto text = text_or(message, "text");
            if (by_bot(message))
                answers.insert(text);
            else
                return answers.contains(words_asked_for(text));
        }
        return answers.empty(); // so many answers, and no question among them: there are older ones
    }

    room_story read(const room& where)
    {
        room_story told{where.name, where.direct, {}};
        std::string oldest;
        for (bool more = true; more;)
        {
            constexpr std::size_t most = 1000;
            const auto items = page(where, most, oldest);
            const std::lock_guard lock(mutex);
            for (const auto& item : items)
            {
                const auto& message = item.as_object();
                oldest = text_or(message, "id");
                const auto life_then = by_bot(message) ? life_of.at(oldest) : 0;
                told.lines.push_back({by_bot(message), text_or(message, "text"), life_then});
            }
            more = items.size() == most;
        }
        std::reverse(told.lines.begin(), told.lines.end());
        return told;
    }

    std::vector<room> rooms = planned_rooms();
    net::io_context io{1}; // one thread: what is observed comes in the order in which it happened
    std::optional<net::executor_work_guard<net::io_context::executor_type>> staying{io.get_executor()};
    std::shared_ptr<transport::http_client> client;
    std::unique_ptr<emulator::emulator> cloud;
    std::string bot;
    std::thread loop;

    std::mutex mutex;
    std::condition_variable changed;
    unsigned life = 0;
    std::map<std::string, unsigned> life_of; // messages of the bot
    deliveries delivered;
};

emulated_cloud::emulated_cloud() : state_(std::make_unique<state>()) {}
emulated_cloud::~emulated_cloud() = default;

std::string emulated_cloud::api_url() const { return state_->cloud->api_url(); }
std::string emulated_cloud::u2c_url() const { return state_->cloud->u2c_url(); }
std::string emulated_cloud::bot_token() const { return state_->cloud->token("bot"); }
const std::vector<emulated_cloud::room>& emulated_cloud::rooms() const { return state_->rooms; }

std::future<void> emulated_cloud::say(std::vector<post> all)
{
    std::map<std::string, std::vector<post>> by_person;
    for (auto& one : all)
        by_person[one.person].push_back(std::move(one));
    std::vector<std::future<void>> spoken;
    for (auto& [person, theirs] : by_person)
    {
        auto work = [s = state_.get(), theirs = std::move(theirs)] { return s->speak(theirs); };
        spoken.push_back(net::co_spawn(state_->io, std::move(work), net::use_future));
    }
    return std::async(std::launch::deferred, [spoken = std::move(spoken)]() mutable {
        for (auto& one : spoken)
            one.get();
    });
}

void emulated_cloud::begin_life(unsigned number)
{
    net::co_spawn(state_->io, take_in_what_was_sent, net::use_future).get();
    const std::lock_guard lock(state_->mutex);
    state_->life = number;
}

std::size_t emulated_cloud::answers() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->life_of.size();
}

bool emulated_cloud::await_answers(std::size_t count, deadline limit) const
{
    std::unique_lock lock(state_->mutex);
    return state_->changed.wait_until(lock, limit.at(), [&] { return state_->life_of.size() >= count; });
}

emulated_cloud::deliveries emulated_cloud::delivered() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->delivered;
}

bool emulated_cloud::all_is_answered()
{
    return std::all_of(state_->rooms.begin(), state_->rooms.end(),
                       [this](const auto& one) { return state_->is_answered(one); });
}

std::vector<room_story> emulated_cloud::read_all()
{
    std::vector<room_story> all;
    for (const auto& one : state_->rooms)
        all.push_back(state_->read(one));
    return all;
}

} // namespace postern::test
