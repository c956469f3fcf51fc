#include "postern/gateway/devices.hpp"

#include "postern/base/ids.hpp"
#include "postern/gateway/device_files.hpp"
#include "postern/source/device/discovery.hpp"
#include "postern/transport/url.hpp"
#include "postern/webex/api.hpp"

#include <chrono>
#include <memory>

namespace postern {
namespace {

constexpr std::chrono::seconds patience{60}; // somebody is waiting at a terminal

// WDM as `postern run` would see it.
struct desk
{
    desk(const source::device_options& options, std::shared_ptr<transport::http_client> client, secret token,
         const transport::url& u2c, const std::string& organisation, source::device_memory memory,
         const log& out)
        : calls(std::move(client), std::move(token), source::trusted_hosts(u2c, options.trusted_suffixes),
                [] {}),
          finding(options, calls, organisation, out), registry(options, calls, std::move(memory), out)
    {
    }

    source::signed_calls calls;
    source::discovery finding;
    source::device_registry registry;
};

struct opened
{
    std::unique_ptr<desk> at;
    std::string wdm;
};

awaitable<result<opened>> open_desk(net::any_io_executor executor, gateway_options options, log out,
                                    deadline limit)
{
    options.way = mode::websocket;
    const auto complaints = check(options);
    if (!complaints.empty())
        co_return error(errc::bad_configuration).because(complaints.front());
    auto client = transport::make_http_client(executor, options.client, out);
    if (client.has_error())
        co_return client.error();
    auto api = webex::make_api(options.api, options.token, *client, out);
    if (api.has_error())
        co_return api.error();
    const auto me = co_await (*api)->me(limit);
    if (me.has_error())
        co_return error(me.error()).during("asking whose token this is");

    if (options.device.name.empty())
        options.device.name = default_device_name(me->id);
    const auto u2c = transport::parse_url(options.device.u2c_url);
    opened made;
    made.at = std::make_unique<desk>(options.device, std::move(*client), options.token, *u2c,
                                     uuid_of(me->org_id), remembered_device(options.data_dir, out), out);
    auto home = co_await made.at->finding.find(true, limit);
    if (home.has_error())
        co_return home.error();
    made.wdm = std::move(home->wdm);
    co_return made;
}

} // namespace

awaitable<result<std::vector<known_device>>> list_devices(net::any_io_executor executor,
                                                          gateway_options options, log out)
{
    const auto limit = deadline::after(patience);
    auto at = co_await open_desk(std::move(executor), std::move(options), out, limit);
    if (at.has_error())
        co_return at.error();
    auto listed = co_await at->at->registry.list(at->wdm, limit);
    if (listed.has_error())
        co_return listed.error();
    std::vector<known_device> all;
    for (const auto& d : *listed)
        all.push_back({d.id(), d.name, d.type, d.modified, at->at->registry.mark().fits(d)});
    co_return all;
}

awaitable<result<std::size_t>> prune_devices(net::any_io_executor executor, gateway_options options, log out)
{
    const auto limit = deadline::after(patience);
    auto at = co_await open_desk(std::move(executor), std::move(options), out, limit);
    if (at.has_error())
        co_return at.error();
    auto deleted = co_await at->at->registry.prune(at->wdm, limit);
    co_return deleted;
}

} // namespace postern
