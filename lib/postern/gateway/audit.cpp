#include "postern/gateway/audit.hpp"

#include "postern/base/within.hpp"
#include "postern/gateway/private_files.hpp"

#include <chrono>
#include <memory>

namespace postern {
namespace {

constexpr auto file_name = "audit-progress.json";
constexpr std::chrono::seconds patience{60}; // to ask who we are; somebody is waiting at a terminal

result<std::shared_ptr<webex::api>> open_api(net::any_io_executor executor, gateway_options options,
                                             const log& out)
{
    options.way = mode::websocket; // this looks at the token and the API alone
    options.device.u2c_url = options.api.base_url;
    const auto complaints = check(options);
    if (!complaints.empty())
        return error(errc::bad_configuration).because(complaints.front());
    auto client = transport::make_http_client(std::move(executor), options.client, out);
    if (client.has_error())
        return client.error();
    return webex::make_api(options.api, options.token, std::move(*client), out);
}

} // namespace

awaitable<result<guard::audit_report>> audit_rooms(net::any_io_executor executor, gateway_options options,
                                                   audit_wish wish, log out)
{
    if (!options.guard.configured())
        co_return error(errc::bad_configuration, "auditing the rooms")
            .because("nobody said who may be in a room with the bot")
            .advise("set guard.organisations (--allow-org own), guard.domains, guard.people or guard.rooms");
    if (wish.restart)
    {
        const auto forgotten = forget(options.data_dir, file_name);
        if (forgotten.has_error())
            co_return forgotten.error();
    }
    const auto api = open_api(std::move(executor), options, out);
    if (api.has_error())
        co_return api.error();
    const auto limit = deadline::after(patience);
    const auto me = co_await within(limit, (*api)->me(limit));
    if (me.has_error())
        co_return error(me.error()).during("asking whose token this is");

    guard::audit_options how;
    how.fix = wish.fix;
    how.resume_file = options.data_dir + '/' + file_name;
    how.log_rooms = false;
    how.progress = std::move(wish.progress);
    auto report = co_await guard::audit(std::move(options.guard), std::move(how), *api, *me, out);
    co_return report;
}

} // namespace postern
