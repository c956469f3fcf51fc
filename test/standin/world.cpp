#include "standin/world.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>
#include <fstream>
#include <unistd.h>

namespace postern::standin {

void write_state(const world& w)
{
    if (w.env.state_file.empty())
        return;
    json::array tunnels;
    for (const auto& t : w.tunnels.all())
        tunnels.push_back(json::object{{"name", t.name}, {"url", t.url}, {"upstream", t.upstream}});
    const json::object state{{"pid", ::getpid()},
                             {"api", w.api_address},
                             {"public_listen", authority_of(w.public_origin)},
                             {"url", w.tunnels.empty() ? "" : w.tunnels.all().back().url},
                             {"tunnels", std::move(tunnels)}};
    const auto beside = w.env.state_file + '.' + std::to_string(::getpid());
    {
        std::ofstream file(beside, std::ios::trunc);
        file << json::serialize(state) << '\n';
    }
    std::rename(beside.c_str(), w.env.state_file.c_str());
}

namespace {

// protocol/ngrok.md 5.2, from "received stop request" on.
void record_end(world& w, const std::string& err)
{
    w.out.info("received stop request", {{"obj", "app"}, {"stopReq", json::object()}});
    w.out.error("terminating with error", {{"obj", "app"}, {"err", err}});
    w.out.write(level::critical, "command failed", {{"err", err}});
}

} // namespace

void record_refusal(world& w, const remote_refusal& refused)
{
    const auto err = refused.err();
    if (w.version().major < 3)
    {
        if (refused.at_login)
            w.out.error("failed to auth", {{"obj", "csess"}, {"err", err}});
        w.out.write(level::critical, "command failed", {{"err", "Tunnel session failed: " + err}});
        write_fully(STDERR_FILENO, "Tunnel session failed: " + refused.words + "\n\nERR_NGROK_" +
                                       std::to_string(refused.code) + "\n\n");
        return;
    }
    if (refused.at_login)
        w.out.error("failed to reconnect session", {{"obj", "tunnels.session"}, {"err", err}});
    w.out.error("session closing", {{"obj", "tunnels.session"}, {"err", err}});
    w.out.info("accept failed", {{"obj", "tunnels.session"}, {"err", "reconnecting session closed"}});
    w.out.info("no more state changes", {{"obj", "tunnels.session"}});
    record_end(w, err);
    write_fully(STDERR_FILENO, error_block(refused, w.version().docs_link()));
}

void record_failure(world& w, const std::string& words)
{
    record_end(w, words);
    write_fully(STDERR_FILENO, error_block(words + '\n'));
}

} // namespace postern::standin
