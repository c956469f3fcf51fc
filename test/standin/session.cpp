#include "standin/session.hpp"

#include "postern/base/crypto.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstdlib>

namespace postern::standin {
namespace {

using namespace std::chrono_literals;

std::optional<deadline> limit_of(const fault& f)
{
    if (!f.has("for"))
        return std::nullopt;
    return deadline::after(std::chrono::milliseconds(f.number("for", 0)));
}

} // namespace

std::optional<remote_refusal> session::objection()
{
    const auto& token = world_.token;
    const auto facts = world_.facts();
    if (token.empty())
        return make_refusal(4018, facts);
    if (token.starts_with("bad") || token.starts_with("cr_") || token.find('~') != token.npos)
        return make_refusal(105, facts);
    if (token.starts_with("revoked"))
        return make_refusal(107, facts);
    const char* proxy = std::getenv("http_proxy");
    if (world_.env.free_plan && proxy != nullptr && *proxy != '\0')
        return make_refusal(9009, facts);
    if (!world_.service.enter())
        return make_refusal(108, facts);
    return std::nullopt;
}

// The two lines that say so came in the other order up to 3.2, and lost their ids later.
void session::record_online()
{
    const int sequence = world_.version().start_sequence();
    const auto id = random_hex(16);
    const auto established = [&] {
        record_fields fields;
        if (sequence != 2 && sequence != 1)
            fields.emplace_back("obj", "tunnels.session");
        if (sequence != 4)
        {
            fields.emplace_back("obj", "csess");
            fields.emplace_back("id", id.substr(0, 12));
        }
        world_.out.info("client session established", std::move(fields));
    };
    const auto started = [&] {
        if (!world_.out.has("sparse"))
            world_.out.info("tunnel session started", {{"obj", "tunnels.session"}});
    };
    if (sequence <= 2)
    {
        started();
        established();
        return;
    }
    established();
    started();
}

awaitable<bool> session::try_until(std::optional<deadline> limit, std::string err)
{
    auto wait = std::chrono::duration<double>(500ms);
    restored_ = false;
    while (!restored_ && !(limit && limit->passed()))
    {
        world_.out.error("failed to reconnect session", {{"obj", "tunnels.session"}, {"err", err}});
        auto scaled = std::chrono::duration_cast<deadline::clock::duration>(wait * world_.env.scale);
        world_.out.write(level::debug, "sleep before reconnect",
                         {{"obj", "tunnels.session"}, {"secs", static_cast<std::int64_t>(wait.count())}});
        if (limit)
            scaled = std::min(scaled, limit->left());
        pause_.expires_after(scaled);
        co_await pause_.async_wait(as_result); // cut short by restore() as well
        const auto state = co_await net::this_coro::cancellation_state;
        if (state.cancelled() != net::cancellation_type::none)
            co_return false;
        wait = std::min<std::chrono::duration<double>>(wait * 2, 30s);
    }
    co_return true;
}

awaitable<std::optional<remote_refusal>> session::login()
{
    if (world_.unreachable)
    {
        // Whoever ends the fault wakes us.
        const bool reached = co_await try_until(std::nullopt, unreachable_words(*world_.unreachable));
        if (!reached)
            co_return std::nullopt;
        world_.unreachable.reset();
    }
    auto refused = objection();
    if (refused)
        co_return refused;
    world_.connected = true;
    record_online();
    if (world_.out.has("eror"))
        world_.out.error("unable to check host info",
                         {{"err", "exec: \"ioreg\": executable file not found"}});
    co_return std::nullopt;
}

bool session::lose(const fault& how)
{
    if (!world_.connected)
        return false;
    world_.connected = false;
    if (how.has("heartbeat"))
        world_.out.error("heartbeat timeout, terminating session",
                         {{"obj", "tunnels.session"}, {"clientid", random_hex(16)}});
    world_.out.error("session closed, starting reconnect loop",
                     {{"obj", "tunnels.session"}, {"err", how.text("err", "session closed")}});
    return true;
}

awaitable<void> session::reconnect(fault how)
{
    auto err = unreachable_words(how.text("err", "eof"));
    auto limit = limit_of(how);
    if (how.has("code"))
    {
        auto facts = world_.facts();
        facts.url = world_.tunnels.empty() ? "" : world_.tunnels.all().back().url;
        err = make_refusal(static_cast<int>(how.number("code", 334)), facts).err();
    }
    const bool back = co_await try_until(limit, err);
    if (!back)
        co_return;

    if (const auto url = how.text("url"); !url.empty() && !world_.tunnels.empty())
        world_.tunnels.all().back().url = url;
    world_.connected = true;
    record_online(); // and no "started tunnel": the tunnels are bound again in silence
    write_state(world_);
}

void session::restore()
{
    restored_ = true;
    pause_.cancel();
}

} // namespace postern::standin
