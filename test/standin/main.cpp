// A stand-in for the ngrok agent, for tests: test/standin/README.md.

#include "standin/agent.hpp"
#include "standin/command_line.hpp"
#include "standin/plan.hpp"

#include <boost/asio/co_spawn.hpp>

#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using namespace postern;
using namespace postern::standin;

constexpr int misused = 64; // a FAKE_NGROK_ variable that means nothing: no exit code of the agent's

int complain(const std::string& text)
{
    write_fully(STDERR_FILENO, error_block(text + '\n'));
    return 1;
}

int say(const std::string& text, int code = 0)
{
    write_fully(STDOUT_FILENO, text);
    return code;
}

int diagnose(const command_line& line, const settings& env)
{
    const bool good = env.diagnose_code == 0;
    if (!line.report_file.empty())
    {
        const int file = ::open(line.report_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (file < 0)
            return complain("open " + line.report_file + ": no such file or directory");
        write_fully(file, std::string("{\"Successful\":") + (good ? "true" : "false") + "}\n");
        ::close(file);
    }
    const std::string result = good ? "OK" : "FAILED: possible man-in-the-middle: NGROK_ERR_8003";
    return say("Testing ngrok connectivity...\n\nInternet Connectivity\n  Name Resolution   [ OK ]\n  TCP    "
               "           "
               "[ OK ]\n  TLS               [ " +
                   result + " ]\n",
               env.diagnose_code);
}

int check(const command_line& line, const settings& env)
{
    const auto checked = check_configuration(line, env);
    if (const auto* wrong = std::get_if<std::string>(&checked))
        return complain(*wrong);
    std::string list;
    for (const auto& file : std::get<std::vector<std::string>>(checked))
        list += "Valid configuration file at " + file + '\n';
    return say(list);
}

int serve(const command_line& line, const settings& env)
{
    auto made = make_plan(line, env);
    if (const auto* wrong = std::get_if<std::string>(&made))
        return complain(*wrong);
    auto& p = std::get<plan>(made);
    if (!p.log_file.empty())
    {
        p.log.descriptor = ::open(p.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (p.log.descriptor < 0)
            return complain("open " + p.log_file + ": no such file or directory");
    }

    net::io_context io(1);
    world w(io, env, recorder(p.log), p.token);
    w.web_allow_hosts = p.web_allow_hosts;
    agent life(w, std::move(p));
    int code = 1;
    net::co_spawn(
        io, [&] { return life.run(); },
        [&](std::exception_ptr failure, int result) {
            if (failure)
                std::rethrow_exception(failure);
            code = result;
        });
    io.run();
    return code;
}

} // namespace

int main(int argc, char** argv)
{
    const auto env = read_settings(environ);
    if (env.has_error())
    {
        std::fprintf(stderr, "stand-in for ngrok: %s\n", describe(env.error()).c_str());
        return misused;
    }
    // Whatever happens to whoever started us: even blocked in a write, or frozen, we end.
    ::alarm(static_cast<unsigned>(env->max_life.count()));

    const auto parsed = parse_command_line({argv + 1, argv + argc}, env->version);
    if (const auto* wrong = std::get_if<std::string>(&parsed))
        return complain(*wrong);
    const auto& line = std::get<command_line>(parsed);
    switch (line.what)
    {
    case command::version: return say("ngrok version " + env->version.text() + '\n');
    case command::config_check: return check(line, *env);
    case command::diagnose: return diagnose(line, *env);
    case command::stand_in: return say("postern's stand-in for ngrok\n");
    case command::help:
        return say("ngrok - a stand-in for tests: http, start, config check, diagnose, version\n");
    case command::http:
    case command::start: break;
    }
    return serve(line, *env);
}
