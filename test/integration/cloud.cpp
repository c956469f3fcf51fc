#include "integration/cloud.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/within.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>

namespace postern::test {

using namespace std::chrono_literals;

std::string postern_program() { return POSTERN_PROGRAM; }

// --- caller -----------------------------------------------------------------------------------------------

caller::caller(const std::string& ca_file)
{
    transport::http_client_options options;
    options.ca_file = ca_file;
    client_ = *transport::make_http_client(io_.get_executor(), options, quiet_log());
}

transport::response caller::call(std::string method, std::string url, std::string token, std::string body,
                                 transport::header_fields more)
{
    const auto where = transport::parse_url(url);
    BOOST_TEST_REQUIRE(where.has_value(), url);
    transport::request what;
    what.method = std::move(method);
    what.headers = std::move(more);
    if (!token.empty())
        what.headers.add("Authorization", "Bearer " + token);
    if (!body.empty() && !what.headers.has("Content-Type"))
        what.headers.add("Content-Type", "application/json");
    what.body = std::move(body);

    result<transport::response> answer = error(errc::timed_out);
    auto work = [&]() -> awaitable<void> {
        answer = co_await client_->send(*where, std::move(what), deadline::after(10s));
    };
    bool done = false;
    net::co_spawn(io_, std::move(work), [&](std::exception_ptr) { done = true; });
    for (io_.restart(); !done;) // not run(): kept connections still have their timers
        io_.run_one();
    BOOST_TEST_REQUIRE(answer.has_value(), (answer.has_error() ? describe(answer.error()) : ""));
    return std::move(*answer);
}

json::value caller::json_call(std::string method, std::string url, std::string token, json::value body,
                              unsigned expected)
{
    auto text = body.is_null() ? std::string() : json::serialize(body);
    auto answer = call(method, url, std::move(token), std::move(text));
    BOOST_TEST_REQUIRE(answer.status == expected,
                       method << ' ' << url << ": " << answer.status << ' ' << answer.body);
    if (answer.body.empty())
        return nullptr;
    auto value = parse_json(answer.body, url);
    BOOST_TEST_REQUIRE(value.has_value(), answer.body);
    return std::move(*value);
}

// --- cloud ------------------------------------------------------------------------------------------------

namespace {

std::vector<std::string> emulator_arguments(std::vector<std::string> more)
{
    std::vector<std::string> all{"emulator", "--port", "0"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

} // namespace

cloud::cloud(std::vector<std::string> arguments, const std::string& ca_file)
    : http(ca_file), process(postern_program(), emulator_arguments(std::move(arguments)))
{
    const auto line = process.out_line("{");
    BOOST_TEST_REQUIRE(line.has_value(), "the emulator did not get ready: " << process.log());
    const auto ready = json::parse(*line).as_object();
    api_ = ready.at("api").as_string();
    u2c_ = ready.at("u2c").as_string();
    control_ = ready.at("control").as_string();
    tokens_ = ready.at("tokens").as_object();
}

std::string cloud::token(const std::string& who) const
{
    const auto* found = tokens_.if_contains(who);
    BOOST_TEST_REQUIRE(found, "the seed knows no " << who);
    return std::string(found->as_string());
}

std::string cloud::id_of(const std::string& who)
{
    return text_or(http.json_call("GET", api("/people/me"), token(who)).as_object(), "id");
}

std::string cloud::direct_room(const std::string& who)
{
    const auto rooms = http.json_call("GET", api("/rooms?type=direct"), token(who)).as_object();
    for (const auto& room : rooms.at("items").as_array())
        return text_or(room.as_object(), "id");
    // No direct room yet: it comes with the first message.
    const auto bot = http.json_call("GET", api("/people/me"), token("bot")).as_object();
    const auto posted = http.json_call("POST", api("/messages"), token(who),
                                       {{"toPersonId", bot.at("id")}, {"text", "hello"}});
    return text_or(posted.as_object(), "roomId");
}

std::string cloud::group_room(const std::string& who, const std::string& title)
{
    const auto rooms = http.json_call("GET", api("/rooms?type=group"), token(who)).as_object();
    for (const auto& room : rooms.at("items").as_array())
        if (text_or(room.as_object(), "title") == title)
            return text_or(room.as_object(), "id");
    BOOST_FAIL("no room named " << title);
    return {};
}

std::string cloud::post(const std::string& who, const std::string& room, const std::string& markdown)
{
    const auto posted =
        http.json_call("POST", api("/messages"), token(who), {{"roomId", room}, {"markdown", markdown}});
    return text_or(posted.as_object(), "id");
}

json::array cloud::messages(const std::string& who, const std::string& room, unsigned max)
{
    const auto listed =
        http.json_call("GET", api("/messages?roomId=" + room + "&max=" + std::to_string(max)), token(who));
    return listed.as_object().at("items").as_array(); // newest first
}

std::size_t cloud::messages_of_bot(const std::string& who, const std::string& room)
{
    const auto bot = id_of("bot");
    std::size_t count = 0;
    for (const auto& m : messages(who, room))
        count += text_or(m.as_object(), "personId") == bot;
    return count;
}

std::vector<std::string> cloud::texts_of_bot(const std::string& who, const std::string& room)
{
    const auto bot = id_of("bot");
    std::vector<std::string> texts;
    for (const auto& m : messages(who, room, 1000))
        if (text_or(m.as_object(), "personId") == bot)
            texts.push_back(text_or(m.as_object(), "text"));
    std::reverse(texts.begin(), texts.end());
    return texts;
}

std::string cloud::reply_after(const std::string& who, const std::string& room, const std::string& after,
                               std::chrono::seconds patience)
{
    const auto bot = id_of("bot");
    for (const auto limit = deadline::after(patience); !limit.passed();)
    {
        std::string oldest;
        for (const auto& m : messages(who, room))
        {
            const auto& message = m.as_object();
            if (text_or(message, "id") == after)
                break;
            if (text_or(message, "personId") == bot)
                oldest = text_or(message, "text");
        }
        if (!oldest.empty())
            return oldest;
        // The public API has no way to wait for a message, so a client asks again.
        std::this_thread::sleep_for(20ms);
    }
    return {};
}

json::array cloud::webhooks()
{
    return http.json_call("GET", api("/webhooks"), token("bot")).as_object().at("items").as_array();
}

void cloud::fault(json::object description) { http.json_call("POST", control("/faults"), {}, description); }

void cloud::set(const std::string& switches, json::object to)
{
    http.json_call("POST", control('/' + switches), {}, std::move(to));
}

json::array cloud::devices()
{
    const auto listed =
        http.call("GET", api_.substr(0, api_.size() - std::string_view("v1").size()) + "wdm/api/v1/devices",
                  token("bot"));
    if (listed.status == 404)
        return {};
    BOOST_TEST_REQUIRE(listed.status == 200u, listed.body);
    return json::parse(listed.body).as_object().at("devices").as_array();
}

std::size_t cloud::sockets_of_bot(bool authorised)
{
    const auto all = http.json_call("GET", control("/sockets")).as_object();
    std::size_t count = 0;
    for (const auto& socket : all.at("items").as_array())
        count += text_or(socket.as_object(), "person") == "bot" &&
                 get_bool(socket.as_object(), "authorised").value_or(false) == authorised;
    return count;
}

bool cloud::connected(std::chrono::seconds patience)
{
    for (const auto limit = deadline::after(patience); !limit.passed();)
    {
        if (sockets_of_bot() == 1)
            return true;
        std::this_thread::sleep_for(10ms); // the control API has no way to wait
    }
    return false;
}

void cloud::heal() { http.call("DELETE", control("/faults")); }

// --- server -----------------------------------------------------------------------------------------------

server::server(cloud& against, const std::string& mode, std::vector<std::string> more,
               child::environment variables, std::string dir)
    : data_dir(dir.empty()
                   ? (std::filesystem::temp_directory_path() / ("postern-test-" + random_hex(6))).string()
                   : dir),
      owns_data_dir_(dir.empty())
{
    std::vector<std::string> all{"run",       "--mode",          mode,       "--api-url",   against.api_url(),
                                 "--u2c-url", against.u2c_url(), "--listen", "127.0.0.1:0", "--data-dir",
                                 data_dir};
    all.insert(all.end(), more.begin(), more.end());
    variables.emplace("WEBEX_ACCESS_TOKEN", against.token("bot"));
    process = std::make_unique<child>(postern_program(), std::move(all), std::move(variables));
}

server::~server()
{
    process.reset();
    std::error_code ignored;
    if (owns_data_dir_)
        std::filesystem::remove_all(data_dir, ignored);
}

void server::ready()
{
    const auto line = process->out_line("{");
    BOOST_TEST_REQUIRE(line.has_value(), "postern run did not get ready:\n" << process->log());
    const auto said = json::parse(*line).as_object();
    address_ = text_or(said, "listen");
    webhook_ = text_or(said, "webhook");
}

void server::stop()
{
    const auto code = process->stop();
    BOOST_TEST_REQUIRE(code.has_value(), "still running after SIGTERM:\n" << process->log());
    BOOST_TEST(*code == 0, process->log());
}

ending run_to_end(std::vector<std::string> arguments, child::environment variables)
{
    const struct home // nothing of an earlier run, and nothing left for a later one
    {
        std::filesystem::path path =
            std::filesystem::temp_directory_path() / ("postern-test-home-" + random_hex(6));
        ~home() { std::filesystem::remove_all(path); }
    } home;
    variables.emplace("HOME", home.path.string());
    child one(postern_program(), std::move(arguments), std::move(variables));
    const auto code = one.exit_code();
    BOOST_TEST_REQUIRE(code.has_value(), "still running:\n" << one.log());
    one.log_line("no such line: waits for the end of the output");
    one.out_line("no such line: waits for the end of the output");
    return {*code, one.out(), one.log()};
}

} // namespace postern::test
