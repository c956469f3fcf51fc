#pragma once

#include "postern/base/crypto.hpp"
#include "postern/base/secret.hpp"
#include "postern/base/stages.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace postern::verify {

// Authentic, and an event at all? Thread-safe; secrets may be replaced while deliveries are being checked.
//
// Only webhooks are signed: what came over our own websocket or REST calls, or out of our journal, was
// authenticated on its way. Without a secret nothing is required of a webhook either, and a signature that
// comes all the same is not looked at, for want of anything to compare it with.
//
// X-Webex-Signature is left alone: its format is unproven, the sources contradict each other, and the proven
// X-Spark-Signature comes with every delivery of a webhook that has a secret (protocol/webex-rest.md 5.5, 12
// #1).
class verifier final : public check_port
{
public:
    verifier(); // no secret: deliveries need no signature
    explicit verifier(secret current);

    // From now on a delivery must match one of these. Two only while a secret is being replaced: the cloud
    // may still sign with the previous one until its webhook is updated, and deliveries under way are signed
    // with it. An empty secret is none: trust({}) ends the requirement.
    void trust(secret current, secret previous = {});

    bool requires_signature() const;

    // Errors: not_signed, bad_signature, not_an_event; none of them quotes the delivery.
    result<event> check(raw_event) const override;

private:
    using keys = std::vector<hmac_sha1>;

    std::shared_ptr<const keys> trusted() const;

    mutable std::mutex mutex_;
    std::shared_ptr<const keys> trusted_; // never null; replaced as a whole
};

} // namespace postern::verify
