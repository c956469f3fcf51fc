#pragma once

#include "support/fake_webex_api.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace postern::test {

// A cloud that keeps webhooks, fails where it is told to, and writes down what was asked of it:
//
//     list · create messages:created https://h/webhook A · update id-1 https://h/webhook A · delete id-1
//
// the last word of a create or an update is the secret, which tests choose so that it may be shown.
class webhook_cloud final : public fake_webex_api
{
public:
    std::vector<webex::webhook> hooks;
    std::map<std::string, std::string> keys; // id to secret
    std::set<std::string> failing;           // "list", "create", "update", "delete"
    error failure = error(errc::api_unavailable, "asking a failing cloud");
    std::set<std::string> hanging;                       // these answer when they are cancelled
    std::function<void(const std::string&)> while_asked; // sees each line before it is answered
    std::function<std::string(std::string)> spelling;    // how the cloud writes a target, if otherwise
    std::vector<std::string> transcript;

    // Somebody else's doing.
    webex::webhook& add(std::string name, std::string resource = "messages")
    {
        webex::webhook hook;
        hook.id = "id-" + std::to_string(++made_);
        hook.name = std::move(name);
        hook.target_url = "https://elsewhere.example/hook";
        hook.resource = std::move(resource);
        hook.event = "created";
        hook.status = "active";
        hooks.push_back(std::move(hook));
        return hooks.back();
    }
    std::size_t asked(std::string_view beginning) const
    {
        return static_cast<std::size_t>(
            std::count_if(transcript.begin(), transcript.end(),
                          [&](const std::string& line) { return line.starts_with(beginning); }));
    }

    awaitable<result<std::vector<webex::webhook>>> list_webhooks(deadline) override
    {
        auto refused = co_await refusal("list", "list");
        if (refused.code)
            co_return refused;
        co_return hooks;
    }

    awaitable<result<webex::webhook>> create_webhook(webex::new_webhook fresh, secret key, deadline) override
    {
        auto refused = co_await refusal("create", "create " + fresh.resource + ':' + fresh.event + ' ' +
                                                      fresh.target_url + ' ' + std::string(key.reveal()));
        if (refused.code)
            co_return refused;
        auto& hook = add(fresh.name, fresh.resource);
        hook.event = fresh.event;
        hook.filter = fresh.filter;
        hook.target_url = spelt(fresh.target_url);
        keys[hook.id] = key.reveal();
        co_return hook;
    }

    awaitable<result<webex::webhook>> update_webhook(std::string id, std::string name, std::string target,
                                                     secret key, deadline) override
    {
        auto refused =
            co_await refusal("update", "update " + id + ' ' + target + ' ' + std::string(key.reveal()));
        if (refused.code)
            co_return refused;
        const auto found = find(id);
        if (found == hooks.end())
            co_return error(errc::not_found);
        found->name = name;
        found->target_url = spelt(target);
        found->status = "active";
        keys[id] = key.reveal();
        co_return *found;
    }

    awaitable<result<>> delete_webhook(std::string id, deadline) override
    {
        auto refused = co_await refusal("delete", "delete " + id);
        if (refused.code)
            co_return refused;
        const auto found = find(id);
        if (found == hooks.end())
            co_return error(errc::not_found);
        hooks.erase(found);
        co_return result<>();
    }

private:
    std::vector<webex::webhook>::iterator find(const std::string& id)
    {
        return std::find_if(hooks.begin(), hooks.end(),
                            [&](const webex::webhook& hook) { return hook.id == id; });
    }
    std::string spelt(std::string target) const { return spelling ? spelling(std::move(target)) : target; }

    awaitable<error> refusal(std::string call, std::string line)
    {
        transcript.push_back(line);
        if (while_asked)
            while_asked(line);
        if (hanging.contains(call))
        {
            net::steady_timer never(co_await net::this_coro::executor,
                                    std::chrono::steady_clock::time_point::max());
            co_await never.async_wait(as_result);
            co_return error(errc::stopped, "asking a cloud that hangs");
        }
        co_return failing.contains(call) ? failure : error();
    }

    unsigned made_ = 0;
};

} // namespace postern::test
