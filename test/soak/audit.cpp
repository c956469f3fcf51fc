#include "soak/audit.hpp"

#include "integration/child.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/json.hpp"
#include "postern/emulator/emulator.hpp"
#include "postern/transport/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace postern::test {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

template <class T>
T must(result<T> r)
{
    if (r.has_error())
        throw std::runtime_error(describe(r.error()));
    return std::move(*r);
}

// A cloud in this process that only this is asked of: many rooms, some with an outsider.
class rooms_of_the_cloud
{
public:
    explicit rooms_of_the_cloud(const audit_options& o)
    {
        client_ = must(transport::make_http_client(io_.get_executor(), {}, quiet_log()));
        cloud_ = must(emulator::emulator::start(io_.get_executor(), {}, quiet_log()));
        loop_ = std::thread([this] { io_.run(); });
        json::array at;
        for (int i = 0; i < o.bad; ++i)
        {
            const auto number = static_cast<std::int64_t>(o.rooms) * i / o.bad;
            at.push_back(number);
            bad_.insert("Soak " + std::to_string(number));
        }
        json::object wanted{{"count", o.rooms}, {"title", "Soak"}, {"members", json::array{"alice", "bot"}}};
        if (o.bad > 0)
        {
            wanted["outsider"] = "carol";
            wanted["at"] = std::move(at);
        }
        control("POST", "/rooms", wanted);
        before_ = of_bot();
        control("POST", "/rate", {{"requestsPerSecond", o.rate}, {"burst", o.rate}});
    }

    ~rooms_of_the_cloud()
    {
        auto end = [this] { return cloud_->stop(); };
        net::co_spawn(io_, std::move(end), net::use_future).wait();
        client_->close_idle();
        staying_.reset();
        io_.stop();
        loop_.join();
    }

    std::string api_url() const { return cloud_->api_url(); }
    std::string bot_token() const { return cloud_->token("bot"); }
    std::size_t all() const { return before_.size(); }
    std::int64_t too_many()
    {
        return control("GET", "/counters", {}).at("tooMany").to_number<std::int64_t>();
    }

    // The bot is in all rooms as before, but in those that were bad; "Vendors" is one of the seed.
    bool only_bad_ones_are_left()
    {
        auto expected = before_;
        std::erase_if(expected,
                      [this](const auto& title) { return bad_.contains(title) || title == "Vendors"; });
        return of_bot() == expected;
    }

private:
    // The group rooms that the bot is in, and direct ones under an empty title.
    std::multiset<std::string> of_bot()
    {
        std::multiset<std::string> titles;
        const auto state = control("GET", "/state", {});
        for (const auto& item : state.at("rooms").as_array())
        {
            const auto& room = item.as_object();
            const auto& members = room.at("members").as_array();
            if (std::find(members.begin(), members.end(), json::value("bot")) != members.end())
                titles.insert(text_or(room, "title"));
        }
        return titles;
    }

    json::object control(const std::string& method, const std::string& path, const json::object& body)
    {
        auto work = [this, method, path, text = body.empty() ? std::string() : json::serialize(body)] {
            return ask(method, path, text);
        };
        return net::co_spawn(io_, std::move(work), net::use_future).get();
    }

    awaitable<json::object> ask(std::string method, std::string path, std::string body)
    {
        transport::request what;
        what.method = std::move(method);
        if (!body.empty())
            what.headers.add("Content-Type", "application/json");
        what.body = std::move(body);
        what.response_limit = 64 * 1024 * 1024;
        auto where = must(transport::parse_url(cloud_->control_url() + path));
        auto answer = co_await client_->send(std::move(where), std::move(what), deadline::after(60s));
        const auto said = must(std::move(answer));
        if (said.status != 200)
            throw std::runtime_error(path + ": " + std::to_string(said.status) + ' ' + said.body);
        auto parsed = must(parse_json(said.body, path));
        co_return parsed.as_object();
    }

    net::io_context io_{1};
    std::optional<net::executor_work_guard<net::io_context::executor_type>> staying_{io_.get_executor()};
    std::shared_ptr<transport::http_client> client_;
    std::unique_ptr<emulator::emulator> cloud_;
    std::thread loop_;
    std::set<std::string> bad_;
    std::multiset<std::string> before_;
};

std::size_t lines_with(const std::string& text, const std::string& words)
{
    std::size_t n = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        n += line.find(words) != line.npos;
    return n;
}

} // namespace

bool audit(const audit_options& options)
{
    if (options.bad > options.rooms)
        throw std::runtime_error("more bad rooms than rooms");
    rooms_of_the_cloud cloud(options);
    const auto data_dir = std::filesystem::temp_directory_path() / ("postern-audit-" + random_hex(6));
    const auto begun = clock::now();
    child process(options.program,
                  {"audit", "--fix", "--json", "--allow-org", "own", "--api-url", cloud.api_url(),
                   "--data-dir", data_dir.string()},
                  {{"WEBEX_ACCESS_TOKEN", cloud.bot_token()}});
    const std::chrono::seconds patience(60 + 3 * options.rooms / options.rate);
    const auto code = process.exit_code(patience);
    const std::chrono::duration<double> took = clock::now() - begun;
    process.log_line("no such line: waits for the end of the output");
    const auto line = process.out_line("{");
    std::filesystem::remove_all(data_dir);
    if (!code || !line)
        throw std::runtime_error("the audit did not end:\n" + process.log());

    const auto report = must(parse_json(*line, "the report")).as_object();
    const auto all = static_cast<std::int64_t>(cloud.all());
    const auto bad = static_cast<std::size_t>(options.bad) + 1; // and the one of the seed
    const auto told = lines_with(process.log(), " rooms, ");
    std::cout << report.at("lookedAt") << " of " << all << " rooms in " << took.count() << " s, "
              << report.at("bad").as_array().size() << " bad, " << report.at("failures") << " failed; "
              << cloud.too_many() << " requests were refused by the rate limit, progress was told " << told
              << " times\n";
    const bool looked = report.at("complete").as_bool() && report.at("lookedAt").as_int64() == all &&
                        report.at("failures").as_int64() == 0 && report.at("bad").as_array().size() == bad;
    const bool limited = cloud.too_many() > 0;
    const bool good = *code == 0 && looked && limited && told > 0 && cloud.only_bad_ones_are_left();
    std::cout << (good ? "good" : "BAD")
              << ": all rooms looked at, exactly the bad ones left, nothing dropped, progress told\n";
    if (!good)
        std::cout << "exit code " << *code << '\n' << process.log() << *line << '\n';
    return good;
}

} // namespace postern::test
