#pragma once

#include "postern/base/result.hpp"
#include "postern/source/webhook/webhook_secrets.hpp"

#include <string>

namespace postern {

// The secrets of our webhooks as the data directory keeps them: the current one, made at first start, and the
// previous one while a rotation is not over. Errors: file_unreadable.
result<source::secret_pair> kept_webhook_keys(const std::string& data_dir);
result<> keep_webhook_keys(const std::string& data_dir, const secret& current, const secret& previous);
secret fresh_webhook_key();

} // namespace postern
