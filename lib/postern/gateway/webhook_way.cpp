#include "postern/gateway/webhook_way.hpp"

#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "postern/gateway/delivery_path.hpp"
#include "postern/gateway/webhook_keys.hpp"
#include "postern/source/tunnel/tunnel.hpp"
#include "postern/source/webhook/receiver.hpp"
#include "postern/source/webhook/reconciler.hpp"
#include "postern/source/webhook/self_check.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstdlib>
#include <map>

namespace postern {

std::vector<source::wanted_webhook> wanted_webhooks(const gateway_options& options,
                                                    const matching::registry& handlers)
{
    auto events = handlers.wanted_events();
    events.erase("messages:updated"); // there is no such webhook (protocol/webex-rest.md 5.3)
    if (options.guard.configured())   // by these a verdict is kept right
        events.insert({"memberships:created", "memberships:updated", "memberships:deleted", "rooms:updated"});
    std::vector<source::wanted_webhook> all;
    for (const auto& kind : events)
        all.push_back({kind.substr(0, kind.find(':')), kind.substr(kind.find(':') + 1), ""});
    return all;
}

namespace {

std::string variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : std::string();
}

// What a program of others understands of our proxy.
std::map<std::string, std::string> proxy_variables(const transport::proxy_rules& rules)
{
    const auto* proxy = rules.proxy_for(*transport::parse_url("https://webexapis.com"));
    if (!proxy)
        return {};
    std::string url = proxy->tls ? "https://" : "http://";
    if (!proxy->user.empty())
        url += transport::percent_encode(proxy->user) + ':' +
               transport::percent_encode(proxy->password.reveal()) + '@';
    url += proxy->name();
    return {{"http_proxy", url}, {"https_proxy", url}};
}

class webhook_way final : public way_in
{
public:
    webhook_way(const gateway_options& options, webhook_way_parts parts, const log& out)
        : options_(options), strand_(parts.strand), client_(std::move(parts.client)), check_(parts.check),
          health_(std::move(parts.health)), listener_(std::move(parts.listener)), log_(out.in("webhooks")),
          out_(out), pings_(std::make_shared<source::ping_book>(source::authentic_by(check_))),
          secrets_(std::make_shared<source::webhook_secrets>(secrets_with(std::move(parts.keys)))),
          reconciler_(strand_, reconciling(parts), out), self_check_(strand_, checking(), out),
          receiver_(std::make_shared<source::receiver>(options_.receiver, out, neighbours())),
          tasks_([l = log_](std::exception_ptr) {
              l.error("a part of webhook mode ended with an exception; this is a defect of postern");
          })
    {
        health_->set("webhooks", false, "not registered yet");
    }

    void add_routes(admin::router::table& routes) override
    {
        routes.emplace(options_.webhook_path, receiver_);
    }

    std::string reached_at() const override { return reconciler_.state().target; }

    awaitable<void> run(webex::person me, std::shared_ptr<intake_port> intake, way_in_ears ears) override
    {
        ears_ = std::move(ears);
        receiver_->open(std::move(intake), me.id);
        tasks_.spawn(strand_, [this] { return reconciler_.run(); });
        if (options_.webhook.self_check)
            tasks_.spawn(strand_, [this] { return self_check_.run(); });
        if (options_.webhook.rotate_every.count() > 0)
            tasks_.spawn(strand_, [this] { return rotate_now_and_then(); });
        if (options_.tunnel.kind == source::tunnel_kind::none)
            reach_at(options_.public_url.empty() ? listener_() : options_.public_url);
        else
            dig_tunnel();

        bool on = true;
        while (on)
            on = co_await pause_for(std::chrono::hours(1)); // the parts do the work
        co_await net::this_coro::reset_cancellation_state(
            net::disable_cancellation()); // the child is awaited
        tasks_.stop(net::cancellation_type::terminal);
        const auto patience = options_.tunnel.stop_patience + std::chrono::seconds(2);
        const bool quiet = co_await tasks_.drained(deadline::after(patience));
        if (!quiet)
            log_.error("a part of webhook mode did not stop in time");
    }

    awaitable<void> tidy(deadline limit) override
    {
        if (options_.webhook.keep)
            co_return;
        const auto removed = co_await within(limit, reconciler_.remove_all(limit));
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

    // Nobody tells us of a delivery that was lost, until our webhooks are looked at again.
    std::optional<wall_time> heard_until() const override { return path_.sure_until(); }

    // The cloud was told 503, and whether it delivers again is not documented (protocol/webex-rest.md 5.7).
    void journal_failed(source::missed_time missed) override
    {
        if (ears_.doubtful) // else nothing came in yet: the first recovery covers it
            ears_.doubtful(std::move(missed));
    }

private:
    source::webhook_secrets::setup secrets_with(source::secret_pair kept)
    {
        source::webhook_secrets::setup s;
        s.kept = std::move(kept);
        s.trust = [this](secret current, secret previous) {
            check_.trust(std::move(current), std::move(previous));
        };
        if (options_.webhook_secret.empty()) // else somebody else keeps it
            s.keep = [dir = options_.data_dir](secret current, secret previous) {
                return keep_webhook_keys(dir, current, previous);
            };
        s.grace = options_.webhook.grace;
        return s;
    }

    source::reconciler::setup reconciling(webhook_way_parts& from)
    {
        source::reconciler::setup s;
        s.options = options_.webhook.reconciling;
        s.api = std::move(from.api);
        s.instance = std::move(from.instance);
        s.wanted = std::move(from.wanted);
        s.secrets = secrets_;
        s.watch = [this](const source::reconciler_state& now) { webhooks_are(now); };
        s.on_revived = [this] { self_check_.look(); };
        return s;
    }

    source::self_check::setup checking()
    {
        source::self_check::setup s;
        s.options = options_.webhook.checking;
        s.client = client_;
        s.pings = pings_;
        s.key = [keys = secrets_] { return keys->current(); };
        s.watch = [this](const source::path_finding& found) {
            health_->set("path", found.whole(), found.whole() ? std::string() : describe(found));
            path_.self_check(found.whole(), std::chrono::system_clock::now());
            tell_ears();
        };
        return s;
    }

    source::receiver_neighbours neighbours()
    {
        source::receiver_neighbours n;
        n.pings = pings_;
        n.signature_refused = [this](std::string_view body) { reconciler_.signature_refused(body); };
        return n;
    }

    void webhooks_are(const source::reconciler_state& now)
    {
        const auto why = now.last_error.empty() ? std::string("not registered yet") : now.last_error;
        health_->set("webhooks", now.in_place, now.in_place ? std::string() : why);
        path_.webhooks(now, std::chrono::system_clock::now());
        tell_ears();
    }

    void tell_ears()
    {
        const bool heard = std::exchange(heard_, path_.open());
        auto missed = path_.take(std::chrono::system_clock::now());
        if (heard_ && !heard)
            ears_.back(std::move(missed));
        else if (missed)
            ears_.doubtful(std::move(*missed));
        else if (heard && !heard_)
            ears_.lost();
    }

    // Where the cloud reaches us from now on.
    void reach_at(std::string base)
    {
        while (base.ends_with('/'))
            base.pop_back();
        const auto target = base.empty() ? base : base + options_.webhook_path;
        reconciler_.aim(target);
        self_check_.aim(target);
    }

    void dig_tunnel()
    {
        health_->set("tunnel", false, "not started yet");
        source::tunnel::setup s;
        s.options = options_.tunnel;
        s.options.directory = options_.data_dir;
        s.target = listener_();
        s.environment = variable;
        s.proxy = proxy_variables(options_.client.proxy);
        s.watch = [this](const source::tunnel_state& now) { tunnel_is(now); };
        auto made = source::tunnel::make(strand_, std::move(s), out_);
        if (made.has_error())
        {
            health_->set("tunnel", false, made.error().code.message());
            log_.error(describe(made.error()));
            return;
        }
        tunnel_ = std::move(*made);
        tasks_.spawn(strand_, [this] { return tunnel_->run(); });
    }

    void tunnel_is(const source::tunnel_state& now)
    {
        const bool up = now.phase == source::tunnel_phase::online;
        const auto why = now.reason.empty() ? std::string(to_string(now.phase)) : now.reason;
        health_->set("tunnel", up, up ? std::string() : why);
        if (up)
            reach_at(now.url);
        else
            self_check_.aim({}); // the webhooks stay as they are: the same URL may come back
        path_.tunnel(up, std::chrono::system_clock::now());
        tell_ears();
    }

    awaitable<void> rotate_now_and_then()
    {
        for (;;)
        {
            const bool waited = co_await pause_for(options_.webhook.rotate_every);
            if (!waited)
                co_return;
            const auto rotated = reconciler_.rotate(fresh_webhook_key());
            if (rotated.has_error())
                log_.warning("the webhooks' secret was not changed this time",
                             {{"reason", describe(rotated.error())}});
        }
    }

    const gateway_options options_;
    const net::any_io_executor strand_;
    const std::shared_ptr<transport::http_client> client_;
    verify::verifier& check_;
    const std::shared_ptr<admin::health> health_;
    const std::function<std::string()> listener_;
    const log log_;
    const log out_;
    const std::shared_ptr<source::ping_book> pings_;
    const std::shared_ptr<source::webhook_secrets> secrets_;
    source::reconciler reconciler_;
    source::self_check self_check_;
    const std::shared_ptr<source::receiver> receiver_;
    std::unique_ptr<source::tunnel> tunnel_;
    way_in_ears ears_;
    delivery_path path_;
    bool heard_ = false;
    task_scope tasks_; // last: its tasks use all of the above
};

} // namespace

std::unique_ptr<way_in> make_webhook_way(const gateway_options& options, webhook_way_parts parts,
                                         const log& out)
{
    return std::make_unique<webhook_way>(options, std::move(parts), out);
}

} // namespace postern
