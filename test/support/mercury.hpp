#pragma once

#include "postern/base/json.hpp"
#include "postern/base/stages.hpp"
#include "support/scripted_websocket.hpp"

#include <boost/json/parse.hpp>

#include <chrono>
#include <cstdio>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace postern::test {

// The cloud's end of a Mercury channel (protocol/mercury.md 4), one line of the script a call. For tests with
// one thread.
class mercury_peer
{
public:
    std::shared_ptr<scripted_websocket> wire = std::make_shared<scripted_websocket>();
    std::chrono::milliseconds patience{2'000};

    // The next frame of our side as an object; empty, if none came in time.
    awaitable<json::object> hear()
    {
        const auto heard = co_await wire->heard(deadline::after(patience));
        if (!heard)
            co_return json::object();
        auto frame = json::parse(heard->payload).as_object();
        if (text_or(frame, "type") == "ack")
            acked_.insert(text_or(frame, "messageId"));
        co_return frame;
    }

    // Skips to the next ping and tells its id; empty, if none came in time.
    awaitable<std::string> ping()
    {
        for (;;)
        {
            const auto frame = co_await hear();
            if (frame.empty() || text_or(frame, "type") == "ping")
                co_return text_or(frame, "id");
        }
    }

    // Waits until that envelope is acknowledged; false, if it was not in time.
    awaitable<bool> acked(std::string id)
    {
        while (acked_.count(id) == 0)
        {
            const auto frame = co_await hear();
            if (frame.empty())
                co_return false;
        }
        co_return true;
    }
    // Of what was heard so far.
    bool has_acked(const std::string& id) const { return acked_.count(id) != 0; }

    // The whole way in; empty, if our side did not follow it. Else the authorisation frame.
    awaitable<json::object> let_in(std::string buffer_state = "UNKNOWN")
    {
        const auto authorization = co_await hear();
        ready(std::move(buffer_state));
        const auto id = co_await ping();
        if (id.empty())
            co_return json::object();
        pong(id);
        co_return authorization;
    }

    void ready(std::string buffer_state = "UNKNOWN")
    {
        wire->says(
            R"({"id":"ready","data":{"eventType":"mercury.buffer_state","bufferState":{"conversation":")" +
            buffer_state + R"("}}})");
    }
    void pong(const std::string& id) { wire->says(R"({"id":")" + id + R"(","type":"pong"})"); }
    void event(const std::string& type)
    {
        wire->says(R"({"id":"x","data":{"eventType":")" + type + R"("}})");
    }

    // A message of Alice in a direct room, in the envelope "e<n>" with the sequence number n.
    void post(unsigned n, const std::string& host = "conv-a.wbx2.com") { wire->says(post_frame(n, host)); }
    static std::string message_uuid(unsigned n)
    {
        char digits[16];
        std::snprintf(digits, sizeof digits, "%08x", n);
        return std::string(digits) + "-7a4c-11ee-b962-0242ac120001";
    }
    static std::string post_frame(unsigned n, const std::string& host = "conv-a.wbx2.com",
                                  const std::string& actor = "6a5c7f10-3a51-4e0c-8a1e-2b7d3c9f4e11")
    {
        return R"({"id":"e)" + std::to_string(n) + R"(","sequenceNumber":)" + std::to_string(n) +
               R"(,"data":{"eventType":"conversation.activity","activity":{"id":")" + message_uuid(n) +
               R"(","objectType":"activity","verb":"post","published":"2026-01-02T03:04:05.006Z",)"
               R"("actor":{"id":")" +
               actor + R"(","entryUUID":")" + actor +
               R"(","objectType":"person","emailAddress":"alice@example.com","type":"PERSON"},)"
               R"("object":{"objectType":"comment","displayName":"hello"},)"
               R"("target":{"id":"2d8cd5c0-7a4b-11ee-9d54-3a1f0d6b8c01","objectType":"conversation",)"
               R"("url":"https://)" +
               host +
               R"(/conversation/api/v1/conversations/2d8cd5c0-7a4b-11ee-9d54-3a1f0d6b8c01",)"
               R"("tags":["ONE_ON_ONE"]}}}})";
    }

private:
    std::set<std::string> acked_;
};

// A journal that answers from a script and then takes everything.
class scripted_intake final : public intake_port
{
public:
    std::vector<raw_event> taken;
    std::deque<errc> refusals; // what is said to the next calls
    bool hangs = false;        // says nothing until the deadline or the caller's end
    unsigned asked = 0;

    awaitable<result<stored>> accept(raw_event raw, deadline limit) override
    {
        ++asked;
        if (hangs)
        {
            net::steady_timer timer(co_await net::this_coro::executor, limit.at());
            const auto [aborted] = co_await timer.async_wait(as_result);
            co_return error(aborted ? errc::stopped : errc::timed_out, "storing an event");
        }
        if (!refusals.empty())
        {
            const auto refusal = refusals.front();
            refusals.pop_front();
            co_return error(refusal, "storing an event");
        }
        taken.push_back(std::move(raw));
        stored done;
        done.record = taken.size();
        done.fresh = true;
        co_return done;
    }
};

} // namespace postern::test
