#pragma once

#include "postern/admin/health.hpp"
#include "postern/base/log.hpp"
#include "postern/gateway/options.hpp"
#include "postern/gateway/way_in.hpp"
#include "postern/source/webhook/webhook_secrets.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/verify/verifier.hpp"
#include "postern/webex/api.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace postern {

// What the bot handles and the guard must know of, as webhooks. `all` would be fewer, but it leaves out
// attachmentActions and brings what nobody asked for (protocol/webex-rest.md 5.3). What is registered with
// the bot later, while it runs, is not among it.
std::vector<source::wanted_webhook> wanted_webhooks(const gateway_options&,
                                                    const matching::registry& handlers);

// Events come in as webhook deliveries to our listener, through a tunnel of ours, somebody else's edge, or
// (with a cloud on this machine) directly.
struct webhook_way_parts
{
    net::any_io_executor strand;
    std::shared_ptr<webex::api> api;
    std::shared_ptr<transport::http_client> client; // of the self-check
    std::string instance;
    std::vector<source::wanted_webhook> wanted;
    source::secret_pair keys;
    verify::verifier& check; // outlives the way
    std::shared_ptr<admin::health> health;
    std::function<std::string()> listener; // "http://127.0.0.1:8080", once it is bound
};
std::unique_ptr<way_in> make_webhook_way(const gateway_options&, webhook_way_parts, const log&);

} // namespace postern
