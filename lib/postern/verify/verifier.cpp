#include "postern/verify/verifier.hpp"

#include "postern/verify/event_json.hpp"
#include "postern/verify/signature.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace postern::verify {
namespace {

bool is_signed_by_sender(origin from) noexcept
{
    switch (from)
    {
    case origin::webhook: return true;
    case origin::websocket:
    case origin::recovery:
    case origin::replay: return false;
    }
    return true;
}

result<> authentic(const raw_event& raw, const std::vector<hmac_sha1>& keys)
{
    constexpr auto doing = "checking the signature of a delivery";
    if (keys.empty() || !is_signed_by_sender(raw.from))
        return {};
    if (raw.signature.empty())
        return error(errc::not_signed, doing)
            .advise("if Webex sent it, the webhook in the cloud has no secret: let postern set it again");
    const bool matches = std::any_of(keys.begin(), keys.end(), [&](const hmac_sha1& key) {
        return signature_matches(raw.body, raw.signature, key);
    });
    if (!matches)
        return error(errc::bad_signature, doing)
            .advise(
                "if Webex sent it, the webhook in the cloud has another secret: let postern set it again");
    return {};
}

} // namespace

verifier::verifier() : trusted_(std::make_shared<const keys>()) {}

verifier::verifier(secret current) : verifier() { trust(std::move(current)); }

void verifier::trust(secret current, secret previous)
{
    keys fresh;
    for (const auto* key : {&current, &previous})
        if (!key->empty())
            fresh.emplace_back(*key);
    auto replacement = std::make_shared<const keys>(std::move(fresh));
    const std::lock_guard lock(mutex_);
    trusted_.swap(replacement);
}

bool verifier::requires_signature() const { return !trusted()->empty(); }

std::shared_ptr<const verifier::keys> verifier::trusted() const
{
    const std::lock_guard lock(mutex_);
    return trusted_;
}

result<event> verifier::check(raw_event raw) const
{
    const auto trusted_now = trusted();
    if (const auto genuine = authentic(raw, *trusted_now); !genuine)
        return genuine.error(); // before anything is parsed

    auto parsed = parse_event(std::move(raw.body));
    if (!parsed)
        return parsed;
    parsed->from = raw.from;
    parsed->signature_checked = is_signed_by_sender(raw.from) && !trusted_now->empty();
    parsed->bot = std::move(raw.bot);
    parsed->received = std::chrono::system_clock::now();
    return parsed;
}

} // namespace postern::verify
