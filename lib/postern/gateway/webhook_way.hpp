#pragma once

#include "postern/admin/health.hpp"
#include "postern/base/log.hpp"
#include "postern/gateway/options.hpp"
#include "postern/gateway/way_in.hpp"
#include "postern/webex/api.hpp"

#include <functional>
#include <memory>
#include <string>

namespace postern {

// Events come in as webhook deliveries to our listener. `target` tells the URL that the cloud delivers to,
// and `key` is what the deliveries are signed with.
std::unique_ptr<way_in> make_webhook_way(const gateway_options&, std::shared_ptr<webex::api>,
                                         std::string instance, secret key, std::shared_ptr<admin::health>,
                                         std::function<std::string()> target, const log&);

} // namespace postern
