// People who write to a bot through the emulator, and wait for what it answers.
//   reply_load CLOUD [--rooms R] [--seconds S] [--messages N] [--bot PID] [--cloud PID]
//     CLOUD     a file with the line that `postern emulator` prints when it is ready
//     --bot     the bot's process; without it people answer themselves: so much they and the emulator can do
//     --cloud   the emulator's process
// In each of R rooms a message is asked once the one before it is answered: first in one room alone, then in
// all of them at once, for S seconds or N messages at most each. A poster's webhook tells of the answers. At
// the end every room is read: each question has its own answer behind it, once. Prints one line of JSON.

#include "postern/base/json.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/transport/http_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <unordered_map>
#include <vector>

namespace {

using namespace postern;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;
using microseconds = std::chrono::duration<double, std::micro>;

struct plan
{
    std::string cloud; // the file
    std::size_t rooms = 32, seconds = 5, messages = 100'000;
    std::size_t bot_process = 0, cloud_process = 0; // 0: none
};

[[noreturn]] void fail(const std::string& why) { throw std::runtime_error(why); }

template <class T>
T must(result<T> r)
{
    if (r.has_error())
        fail(describe(r.error()));
    return std::move(*r);
}

plan read_plan(int count, char** words)
{
    plan p;
    if (count < 2 || count % 2 != 0)
        fail("usage: reply_load CLOUD [--rooms R] [--seconds S] [--messages N] [--bot PID] [--cloud PID]");
    p.cloud = words[1];
    for (int i = 2; i < count; i += 2)
    {
        const std::string_view name = words[i], value = words[i + 1];
        std::size_t* into = name == "--rooms"      ? &p.rooms
                            : name == "--seconds"  ? &p.seconds
                            : name == "--messages" ? &p.messages
                            : name == "--bot"      ? &p.bot_process
                            : name == "--cloud"    ? &p.cloud_process
                                                   : nullptr;
        const auto end = value.data() + value.size();
        if (!into || std::from_chars(value.data(), end, *into).ptr != end || *into == 0)
            fail(std::string(name) + " " + std::string(value) + " is not understood");
    }
    return p;
}

json::object read_cloud(const std::string& file)
{
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line))
        fail(file + " has no line");
    return must(parse_json(line, file)).as_object();
}

// Processor time that the process has used, in microseconds.
double processor_time(std::size_t process)
{
    std::ifstream in("/proc/" + (process ? std::to_string(process) : "self") + "/stat");
    std::string all;
    std::getline(in, all);
    const auto name_ends = all.rfind(')'); // a name may hold anything
    if (name_ends == std::string::npos)
        fail("a process that is measured has gone");
    std::istringstream fields(all.substr(name_ends + 1));
    std::string skipped;
    for (int i = 3; i < 14; ++i)
        fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

struct conversation
{
    std::string room;
    std::size_t asked = 0;
    bool waiting = false;
    clock_type::time_point answered{};
    std::unique_ptr<net::steady_timer> patience;
};

// What is answered while a phase lasts.
struct tally
{
    std::vector<double> took; // microseconds
    clock_type::time_point begun, over;

    json::object shown()
    {
        if (took.empty())
            fail("nothing was answered");
        std::sort(took.begin(), took.end());
        const auto at = [&](double part) {
            return took[static_cast<std::size_t>(part * double(took.size() - 1))];
        };
        return {{"replies", took.size()},
                {"us", microseconds(over - begun).count()},
                {"p50", at(0.50)},
                {"p99", at(0.99)}};
    }
};

// Everything runs on the one thread of `io`.
class load final : public transport::http_handler, public std::enable_shared_from_this<load>
{
public:
    load(net::io_context& io, plan p)
        : io_(io), plan_(std::move(p)), cloud_(read_cloud(plan_.cloud)), api_(text_or(cloud_, "api")),
          control_(text_or(cloud_, "control")), alice_(text_or(cloud_.at("tokens").as_object(), "alice")),
          bot_(text_or(cloud_.at("tokens").as_object(), "bot")),
          people_([this](std::exception_ptr failure) { note(failure); })
    {
        transport::http_client_options options;
        options.connections_per_host = options.idle_per_host = plan_.rooms + 8;
        client_ = must(transport::make_http_client(io.get_executor(), options, quiet_log()));
    }

    awaitable<void> run()
    {
        server_ = must(transport::http_server::bind(io_.get_executor(), {}, shared_from_this(), quiet_log()));
        server_->start();
        std::exception_ptr failed;
        try
        {
            co_await measure();
        }
        catch (...)
        {
            failed = std::current_exception();
        }
        co_await wind_down(people_, 0s);
        co_await server_->stop(1s);
        client_->close_idle();
        if (failed)
            std::rethrow_exception(failed);
    }

    awaitable<transport::response> answer(transport::request told) override
    {
        const auto now = clock_type::now();
        const auto what = parse_json(told.body, "what the webhook tells");
        const auto* data = what && what->is_object() ? get_object(what->get_object(), "data") : nullptr;
        const auto talk = data ? talks_.find(text_or(*data, "roomId")) : talks_.end();
        if (talk == talks_.end() || !talk->second.waiting)
            note(std::make_exception_ptr(std::runtime_error("an answer that nobody waits for")));
        else
        {
            talk->second.waiting = false;
            talk->second.answered = now;
            talk->second.patience->cancel();
        }
        transport::response thanks;
        thanks.status = 204;
        co_return thanks;
    }

private:
    void note(std::exception_ptr failure)
    {
        if (!failed_) // what comes later follows from it
            failed_ = failure;
    }

    static double used(std::size_t process) { return process ? processor_time(process) : 0; }

    awaitable<json::value> ask(std::string method, std::string url, std::string token, std::string body)
    {
        transport::request what;
        what.method = std::move(method);
        if (!token.empty())
            what.headers.add("Authorization", "Bearer " + token);
        if (!body.empty())
            what.headers.add("Content-Type", "application/json");
        what.body = std::move(body);
        auto where = must(transport::parse_url(url));
        auto answer = co_await client_->send(std::move(where), std::move(what), deadline::after(30s));
        const auto said = must(std::move(answer));
        if (said.status / 100 != 2)
            fail(url + " answered " + std::to_string(said.status));
        co_return must(parse_json(said.body, url));
    }

    awaitable<void> measure()
    {
        co_await prepare();
        co_await phase(talks_.size(), 1); // every room is known, and every connection open
        auto alone = co_await phase(1, plan_.messages);
        co_await ask("DELETE", control_ + "/counters", {}, {});
        const double before[] = {used(plan_.bot_process), used(plan_.cloud_process), processor_time(0)};
        auto together = co_await phase(talks_.size(), plan_.messages);
        const double after[] = {used(plan_.bot_process), used(plan_.cloud_process), processor_time(0)};
        const auto counted = co_await ask("GET", control_ + "/counters", {}, {});
        for (auto& [room, talk] : talks_)
            co_await check(talk);
        json::object all{{"alone", alone.shown()}, {"together", together.shown()}};
        all["calls"] = calls_of_bot(counted.as_object());
        all["bot_us"] = after[0] - before[0];
        all["cloud_us"] = after[1] - before[1];
        all["load_us"] = after[2] - before[2];
        all["rooms"] = plan_.rooms;
        std::cout << json::serialize(all) << std::endl;
    }

    awaitable<void> prepare()
    {
        const auto me = co_await ask("GET", api_ + "/people/me", bot_, {});
        bot_id_ = text_or(me.as_object(), "id");
        json::object rooms{{"count", plan_.rooms}, {"title", "bench"}, {"members", {"alice", "bot"}}};
        const auto made = co_await ask("POST", control_ + "/rooms", {}, json::serialize(rooms));
        for (const auto& id : made.as_object().at("items").as_array())
        {
            auto& talk = talks_[std::string(id.as_string())];
            talk.room = id.as_string();
            talk.patience = std::make_unique<net::steady_timer>(io_);
        }
        json::object hook{{"name", "answers"},
                          {"targetUrl", "http://" + server_->address() + "/told"},
                          {"resource", "messages"},
                          {"event", "created"},
                          {"filter", "personId=" + bot_id_}};
        co_await ask("POST", api_ + "/webhooks", alice_, json::serialize(hook));
    }

    static std::string words(std::size_t n) { return std::to_string(n) + " and what is on the menu today?"; }

    // The question, and what came behind it.
    awaitable<double> ask_once(conversation& talk)
    {
        const auto n = talk.asked++;
        json::object said{{"roomId", talk.room}};
        said["markdown"] = "<@personId:" + bot_id_ + "|Postern> /echo " + words(n);
        talk.waiting = true;
        const auto begun = clock_type::now();
        talk.patience->expires_at(begun + 30s);
        co_await ask("POST", api_ + "/messages", alice_, json::serialize(said));
        if (plan_.bot_process == 0)
        {
            const json::object answer{{"roomId", talk.room}, {"text", words(n)}};
            co_await ask("POST", api_ + "/messages", bot_, json::serialize(answer));
        }
        if (talk.waiting)
            co_await talk.patience->async_wait(as_result); // ended by the answer, the limit or the end of all
        if (talk.waiting)
            fail("a message was not answered within 30 s");
        co_return microseconds(talk.answered - begun).count();
    }

    awaitable<void> converse(conversation& talk, tally& all, std::size_t& left, deadline until)
    {
        while (left > 0 && !until.passed() && !failed_)
        {
            --left;
            const auto took = co_await ask_once(talk);
            all.took.push_back(took);
        }
    }

    // So many rooms at once; each a message, or all of them together up to `most`.
    awaitable<tally> phase(std::size_t rooms, std::size_t most)
    {
        tally all;
        std::vector<std::size_t> left(most == 1 ? rooms : 1, most);
        const auto until = deadline::after(std::chrono::seconds(plan_.seconds));
        all.begun = clock_type::now();
        auto talk = talks_.begin();
        for (std::size_t i = 0; i < rooms; ++i, ++talk)
        {
            auto work = [this, &all, &one = talk->second, &counter = left[i % left.size()], until] {
                return converse(one, all, counter, until);
            };
            people_.spawn(io_.get_executor(), std::move(work));
        }
        const bool over =
            co_await people_.drained(deadline::after(std::chrono::seconds(plan_.seconds) + 60s));
        all.over = clock_type::now();
        if (failed_)
            std::rethrow_exception(failed_);
        if (!over)
            fail("the conversations do not end");
        co_return all;
    }

    // Newest first: an answer, its question, the answer before ...
    awaitable<void> check(const conversation& talk)
    {
        std::size_t seen = 0;
        std::string before;
        for (bool more = true; more;)
        {
            const auto page =
                co_await ask("GET", api_ + "/messages?max=1000&roomId=" + talk.room + before, alice_, {});
            const auto& items = page.as_object().at("items").as_array();
            for (const auto& item : items)
            {
                const auto& message = item.as_object();
                const auto n = talk.asked - 1 - seen / 2; // wraps where there are too many: no text has that
                const bool by_bot = text_or(message, "personId") == bot_id_;
                const bool right = by_bot ? text_or(message, "text") == words(n)
                                          : text_or(message, "text").ends_with("/echo " + words(n));
                if (by_bot != (seen % 2 == 0) || !right)
                    fail("an answer is missing, doubled, wrong or not in its place");
                before = "&beforeMessage=" + text_or(message, "id");
                ++seen;
            }
            more = items.size() == 1000;
        }
        if (seen != 2 * talk.asked)
            fail("there are " + std::to_string(talk.asked) + " questions in a room of " +
                 std::to_string(seen) + " messages");
    }

    // "GET /v1/messages/{id}": 1000
    static json::object calls_of_bot(const json::object& counters)
    {
        json::object all;
        for (const auto& item : counters.at("items").as_array())
            if (const auto& o = item.as_object(); text_or(o, "who") == "bot")
                all[text_or(o, "method") + ' ' + text_or(o, "path")] = o.at("requests");
        return all;
    }

    net::io_context& io_;
    plan plan_;
    json::object cloud_;
    std::string api_, control_, alice_, bot_, bot_id_;
    std::shared_ptr<transport::http_client> client_;
    std::unique_ptr<transport::http_server> server_;
    std::unordered_map<std::string, conversation> talks_; // by room
    std::exception_ptr failed_;
    task_scope people_;
};

} // namespace

int main(int count, char** words)
try
{
    net::io_context io(1);
    const auto people = std::make_shared<load>(io, read_plan(count, words));
    std::exception_ptr failed;
    auto work = [people] { return people->run(); };
    net::co_spawn(io, std::move(work), [&](std::exception_ptr e) {
        failed = e;
        io.stop();
    });
    io.run();
    if (failed)
        std::rethrow_exception(failed);
}
catch (const std::exception& e)
{
    std::cerr << "reply_load: " << e.what() << '\n';
    return 1;
}
