#pragma once

#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/bot/say/file_fetcher.hpp"
#include "postern/gateway/options.hpp"
#include "postern/journal/journal.hpp"
#include "postern/source/webhook/webhook_secrets.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/webex/api.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace postern {

// What a gateway is put together from, and what can fail before anything runs.
struct gateway_parts
{
    std::string instance; // the name of this data directory's postern
    source::secret_pair webhook_keys;
    std::shared_ptr<transport::http_client> client;
    std::shared_ptr<file_fetcher> web; // for the bot's handlers
    std::unique_ptr<journal::journal> journal;
    std::shared_ptr<webex::api> api;
};

// `on_token_rejected` is called at every 401, from any thread. Errors: bad_configuration with all complaints
// at once; those of the data directory, the certificates and the journal.
result<gateway_parts> prepare(net::any_io_executor, const gateway_options&,
                              std::function<void()> on_token_rejected, const log&);

} // namespace postern
