#include "standin/test/running.hpp"

#include "postern/base/log.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/transport/url.hpp"
#include "support/run.hpp"

#include <boost/json/object.hpp>

#include <fstream>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace postern::test {

scratch::scratch()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "standin-XXXXXX").string();
    where_ = ::mkdtemp(pattern.data());
}

scratch::~scratch()
{
    std::error_code ignored;
    std::filesystem::remove_all(where_, ignored);
}

std::string scratch::write(const std::string& name, const std::string& text) const
{
    std::ofstream(path(name)) << text;
    return path(name);
}

std::string read_file(const std::string& path)
{
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

running::running() : running(options()) {}

running::running(options o)
{
    auto arguments = o.command.value_or(std::vector<std::string>{"http", o.upstream});
    arguments.insert(arguments.end(), {"--config", files_.write("ngrok.yml", o.configuration)});
    arguments.insert(arguments.end(), o.flags.begin(), o.flags.end());
    o.environment.emplace("FAKE_NGROK_STATE", files_.path("state.json"));
    o.environment.emplace("FAKE_NGROK_MAX_LIFE", "60");
    o.environment.emplace("FAKE_NGROK_URL", "account");
    o.environment.emplace("NGROK_AUTHTOKEN", "good");
    process_ = std::make_unique<child>(STANDIN_NGROK, std::move(arguments), std::move(o.environment));
}

std::string running::line(const std::string& words)
{
    const auto found = process_->out_line(words, std::chrono::seconds(10));
    BOOST_TEST_REQUIRE(found.has_value(), "no line with \"" << words << "\" came; standard output:\n"
                                                            << process_->out() << "standard error:\n"
                                                            << process_->log());
    return *found;
}

json::object running::state()
{
    for (int i = 0; i < 1000; ++i)
    {
        const auto parsed = parse_json(read_file(files_.path("state.json")), "state");
        if (parsed)
            return parsed->as_object();
        std::this_thread::sleep_for(std::chrono::milliseconds(10)); // until the other process has written it
    }
    BOOST_FAIL("no state file");
    return {};
}

std::string running::api_url(const std::string& path) { return "http://" + text_or(state(), "api") + path; }

std::string running::public_url(const std::string& path)
{
    return "http://" + text_or(state(), "public_listen") + path;
}

void running::strike(const std::string& fault)
{
    const auto answer = call("POST", public_url("/_fake/" + fault));
    BOOST_TEST_REQUIRE(answer.status == 200U, answer.body);
}

transport::response call(const std::string& method, const std::string& url, headers fields, std::string body,
                         std::chrono::milliseconds patience)
{
    transport::response answer;
    run(
        [&](net::io_context& io) -> awaitable<void> {
            transport::http_client_options options;
            options.insecure = true;
            auto client = transport::make_http_client(io.get_executor(), options, quiet_log());
            transport::request asked;
            asked.method = method;
            for (auto& [name, value] : fields)
                asked.headers.add(name, value);
            asked.body = body;
            auto where = transport::parse_url(url).value();
            auto got =
                co_await (*client)->send(std::move(where), std::move(asked), deadline::after(patience));
            if (got)
                answer = std::move(*got);
            else
            {
                answer.status = 0;
                answer.body = describe(got.error());
            }
        },
        std::chrono::seconds(20));
    return answer;
}

json::value body_of(const transport::response& answer)
{
    auto parsed = parse_json(answer.body, "the answer");
    BOOST_TEST_REQUIRE(parsed.has_value(), answer.body);
    return std::move(*parsed);
}

} // namespace postern::test
