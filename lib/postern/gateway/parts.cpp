#include "postern/gateway/parts.hpp"

#include "postern/base/crypto.hpp"
#include "postern/gateway/open_journal.hpp"
#include "postern/gateway/private_files.hpp"
#include "postern/gateway/webhook_keys.hpp"

namespace postern {
namespace {

result<source::secret_pair> keys_of(const gateway_options& options)
{
    if (!options.webhook_secret.empty() || options.way != mode::webhook)
        return source::secret_pair{options.webhook_secret, {}};
    return kept_webhook_keys(options.data_dir);
}

} // namespace

result<gateway_parts> prepare(net::any_io_executor executor, const gateway_options& options,
                              std::function<void()> on_token_rejected, const log& out)
{
    gateway_parts made;
    auto instance = read_or_make(options.data_dir, "instance", [] { return random_hex(4); });
    if (instance.has_error())
        return instance.error().during("opening the data directory");
    made.instance = std::move(*instance);

    auto keys = keys_of(options);
    if (keys.has_error())
        return keys.error().during("opening the data directory");
    made.webhook_keys = std::move(*keys);

    auto client = transport::make_http_client(executor, options.client, out.in("http"));
    if (client.has_error())
        return client.error();
    made.client = std::move(*client);

    auto web = file_fetcher::make(executor, options.client, options.files, out.in("files"));
    if (web.has_error())
        return web.error();
    made.web = std::move(*web);

    auto journal = open_journal(executor, options, out);
    if (journal.has_error())
        return journal.error();
    made.journal = std::move(*journal);

    auto api_options = options.api;
    api_options.on_token_rejected = std::move(on_token_rejected);
    auto api = webex::make_api(std::move(api_options), options.token, made.client, out.in("webex"));
    if (api.has_error())
        return api.error();
    made.api = std::move(*api);
    return made;
}

} // namespace postern
