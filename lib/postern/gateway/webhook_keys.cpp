#include "postern/gateway/webhook_keys.hpp"

#include "postern/base/crypto.hpp"
#include "postern/gateway/private_files.hpp"

namespace postern {
namespace {

constexpr auto current_file = "webhook-secret";
constexpr auto previous_file = "webhook-secret.previous";

} // namespace

secret fresh_webhook_key() { return secret(random_hex(32)); }

result<source::secret_pair> kept_webhook_keys(const std::string& data_dir)
{
    auto current = read_or_make(data_dir, current_file, [] { return random_hex(32); });
    if (current.has_error())
        return current.error();
    auto previous = read_kept(data_dir, previous_file);
    if (previous.has_error())
        return previous.error();
    return source::secret_pair{secret(std::move(*current)), secret(std::move(*previous))};
}

// The previous one first: whatever a crash leaves behind, what a webhook may have is among the two.
result<> keep_webhook_keys(const std::string& data_dir, const secret& current, const secret& previous)
{
    if (!previous.empty())
    {
        auto kept = keep(data_dir, previous_file, std::string(previous.reveal()));
        if (kept.has_error())
            return kept;
    }
    auto kept = keep(data_dir, current_file, std::string(current.reveal()));
    if (kept.has_error() || !previous.empty())
        return kept;
    return forget(data_dir, previous_file);
}

} // namespace postern
