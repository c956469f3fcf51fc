#include "postern/gateway/webhooks.hpp"

#include "postern/base/crypto.hpp"
#include "postern/gateway/private_files.hpp"
#include "postern/gateway/webhook_keys.hpp"
#include "postern/gateway/webhook_way.hpp"
#include "postern/source/webhook/registrar.hpp"

#include <chrono>
#include <memory>

namespace postern {
namespace {

constexpr std::chrono::seconds patience{60}; // somebody is waiting at a terminal

struct desk
{
    std::string instance;
    std::unique_ptr<source::registrar> hand;
};

result<desk> open_desk(net::any_io_executor executor, gateway_options options, const log& out)
{
    auto wanted = wanted_webhooks(options, *bot().known()); // a library's bot may want more: run makes those
    options.way = mode::websocket;                          // this looks at the token and the API alone
    options.device.u2c_url = options.api.base_url;
    const auto complaints = check(options);
    if (!complaints.empty())
        return error(errc::bad_configuration).because(complaints.front());
    auto client = transport::make_http_client(std::move(executor), options.client, out);
    if (client.has_error())
        return client.error();
    auto api = webex::make_api(options.api, options.token, std::move(*client), out);
    if (api.has_error())
        return api.error();
    auto instance = read_or_make(options.data_dir, "instance", [] { return random_hex(4); });
    if (instance.has_error())
        return instance.error().during("opening the data directory");
    desk made;
    made.instance = *instance;
    made.hand = std::make_unique<source::registrar>(std::move(*api), *instance, std::move(wanted), out);
    return made;
}

} // namespace

awaitable<result<std::vector<known_webhook>>> list_webhooks(net::any_io_executor executor,
                                                            gateway_options options, log out)
{
    const auto at = open_desk(std::move(executor), std::move(options), out);
    if (at.has_error())
        co_return at.error();
    auto listed = co_await at->hand->list_all(deadline::after(patience));
    if (listed.has_error())
        co_return listed.error();
    std::vector<known_webhook> all;
    for (const auto& w : *listed)
        all.push_back(
            {w.id, w.name, w.resource, w.event, w.target_url, w.status, source::is_ours(at->instance, w)});
    co_return all;
}

awaitable<result<std::size_t>> sync_webhooks(net::any_io_executor executor, gateway_options options, log out)
{
    if (options.public_url.empty())
        co_return error(errc::bad_configuration, "making the webhooks right")
            .because("--public-url is missing: where are they to deliver to?");
    auto target = options.public_url;
    while (target.ends_with('/'))
        target.pop_back();
    target += options.webhook_path;
    auto key = options.webhook_secret;
    if (key.empty())
    {
        auto kept = kept_webhook_keys(options.data_dir);
        if (kept.has_error())
            co_return kept.error();
        key = std::move(kept->current);
    }
    const auto at = open_desk(std::move(executor), std::move(options), out);
    if (at.has_error())
        co_return at.error();
    const auto done =
        co_await at->hand->make_right(std::move(target), std::move(key), deadline::after(patience));
    if (done.has_error())
        co_return done.error();
    co_return done->created + done->updated + done->removed;
}

awaitable<result<std::size_t>> remove_webhooks(net::any_io_executor executor, gateway_options options,
                                               log out)
{
    const auto limit = deadline::after(patience);
    const auto at = open_desk(std::move(executor), std::move(options), out);
    if (at.has_error())
        co_return at.error();
    const auto ours = co_await at->hand->list_ours(limit);
    if (ours.has_error())
        co_return ours.error();
    const auto removed = co_await at->hand->remove_all(limit);
    if (removed.has_error())
        co_return removed.error();
    co_return ours->size();
}

} // namespace postern
