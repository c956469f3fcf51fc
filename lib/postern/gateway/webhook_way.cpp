#include "postern/gateway/webhook_way.hpp"

#include "postern/base/backoff.hpp"
#include "postern/base/within.hpp"
#include "postern/source/webhook/receiver.hpp"
#include "postern/source/webhook/registrar.hpp"

namespace postern {
namespace {

// What the bot handles. `all` would be fewer webhooks, but it leaves out attachmentActions and brings what
// nobody asked for (protocol/webex-rest.md 5.3).
const std::vector<source::wanted_webhook> wanted{
    {"messages", "created", ""}, {"memberships", "created", ""}, {"attachmentActions", "created", ""}};

class webhook_way final : public way_in
{
public:
    webhook_way(const gateway_options& options, std::shared_ptr<webex::api> api, std::string instance,
                secret key, std::shared_ptr<admin::health> health, std::function<std::string()> target,
                const log& out)
        : path_(options.webhook_path), again_(options.start_again), call_timeout_(options.call_timeout),
          key_(std::move(key)), health_(std::move(health)), target_(std::move(target)),
          log_(out.in("webhooks")), receiver_(std::make_shared<source::receiver>(options.receiver, out)),
          registrar_(std::move(api), std::move(instance), wanted, out)
    {
        health_->set("webhooks", false, "not registered yet");
    }

    void add_routes(admin::router::table& routes) override { routes.emplace(path_, receiver_); }

    awaitable<void> run(webex::person me, std::shared_ptr<intake_port> intake,
                        std::function<void()> ready) override
    {
        receiver_->open(std::move(intake), me.id);
        for (unsigned attempt = 0;; ++attempt)
        {
            const auto done = co_await registrar_.make_right(target_(), key_, deadline::after(call_timeout_));
            if (done.has_value())
                break;
            const auto pause = again_.pause(attempt, random_fraction());
            health_->set("webhooks", false, done.error().code.message());
            const bool stopped = done.error().is(errc::stopped);
            if (!stopped)
                log_.warning(describe(done.error()) + "; trying again", {{"in", pause}});
            const bool waited = co_await pause_for(pause);
            if (stopped || !waited)
                co_return;
        }
        health_->set("webhooks", true);
        ready();
    }

    awaitable<void> tidy(deadline limit) override
    {
        const auto removed = co_await within(limit, registrar_.remove_all(limit));
        if (removed.has_error())
            log_.warning("our webhooks could not be removed; the next start takes them over",
                         {{"reason", describe(removed.error())}});
    }

    void close() override
    {
        receiver_->close();
        const auto counted = receiver_->counted();
        log_.info(
            "no deliveries any more",
            {{"accepted", counted.accepted}, {"repeated", counted.repeated}, {"refused", counted.refused}});
    }

private:
    const std::string path_;
    const backoff again_;
    const std::chrono::milliseconds call_timeout_;
    const secret key_;
    const std::shared_ptr<admin::health> health_;
    const std::function<std::string()> target_;
    const log log_;
    const std::shared_ptr<source::receiver> receiver_;
    source::registrar registrar_;
};

} // namespace

std::unique_ptr<way_in> make_webhook_way(const gateway_options& options, std::shared_ptr<webex::api> api,
                                         std::string instance, secret key,
                                         std::shared_ptr<admin::health> health,
                                         std::function<std::string()> target, const log& out)
{
    return std::make_unique<webhook_way>(options, std::move(api), std::move(instance), std::move(key),
                                         std::move(health), std::move(target), out);
}

} // namespace postern
