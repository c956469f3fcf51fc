#include "integration/agent.hpp"

#include "integration/processes.hpp"

#include "postern/base/json.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>

namespace postern::test {

agent::agent(const std::string& more)
    : called_(files_.path + "/called"), state_(files_.path + "/state"),
      program(files_.file("agent",
                          "#!/bin/sh\nprintf '%s\\n' \"$@\" >>'" + called_ + "'\nexport FAKE_NGROK_STATE='" +
                              state_ + "' FAKE_NGROK_MAX_LIFE=110 " + more +
                              "\nexec '" POSTERN_STANDIN_NGROK "' \"$@\"\n",
                          0700))
{
}

agent::~agent()
{
    const auto last = now();
    if (last.pid > 1 && !gone(last.pid) &&
        content("/proc/" + std::to_string(last.pid) + "/environ").find(files_.path) != std::string::npos)
        ::kill(last.pid, SIGKILL);
}

child::environment agent::environment(const std::string& token) const
{
    return {{"POSTERN_TUNNEL_PROGRAM", program}, {"NGROK_AUTHTOKEN", token}};
}

agent::seen agent::now() const
{
    const auto state = parse_json(content(state_), "the stand-in's state");
    if (state.has_error() || !state->is_object())
        return {};
    const auto& said = state->as_object();
    const auto* pid = said.if_contains("pid");
    return {pid ? static_cast<pid_t>(pid->to_number<int>()) : 0, text_or(said, "url")};
}

agent::seen agent::wait_for(pid_t before) const
{
    seen found;
    const bool came = eventually([&] {
        found = now();
        return found.pid != 0 && found.pid != before && !found.url.empty();
    });
    BOOST_TEST_REQUIRE(came, "no tunnel came up");
    return found;
}

std::string agent::called_with() const { return content(called_); }

} // namespace postern::test
