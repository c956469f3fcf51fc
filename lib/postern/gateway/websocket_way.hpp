#pragma once

#include "postern/admin/health.hpp"
#include "postern/base/log.hpp"
#include "postern/gateway/options.hpp"
#include "postern/gateway/way_in.hpp"
#include "postern/source/device/channel_state.hpp"
#include "postern/transport/http_client.hpp"

#include <functional>
#include <memory>

namespace postern {

// Events come in over the websocket of a registered device: nothing but outbound HTTPS is needed.
// `on_token_rejected` is told when the cloud refuses the token.
std::unique_ptr<way_in> make_websocket_way(const gateway_options&, std::shared_ptr<transport::http_client>,
                                           std::shared_ptr<admin::health>,
                                           std::function<void()> on_token_rejected, const log&);

// What /ready says of a channel that is not ready: words without ids.
std::string words_for(const source::channel_state&);

} // namespace postern
