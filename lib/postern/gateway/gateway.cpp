#include "postern/gateway/gateway.hpp"

#include "postern/admin/health_handler.hpp"
#include "postern/admin/routes.hpp"
#include "postern/base/crypto.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "postern/gateway/hearing.hpp"
#include "postern/gateway/parts.hpp"
#include "postern/gateway/service.hpp"
#include "postern/gateway/timed_audits.hpp"
#include "postern/gateway/webhook_way.hpp"
#include "postern/gateway/websocket_way.hpp"
#include "postern/transport/url.hpp"
#include "postern/verify/verifier.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <atomic>

namespace postern {
namespace {

task_scope::report_fn reporting_to(log out)
{
    return [out](std::exception_ptr failure) {
        try
        {
            std::rethrow_exception(failure);
        }
        catch (const std::exception& e)
        {
            out.error("a task ended with an exception; this is a defect of postern", {{"reason", e.what()}});
        }
    };
}

class composed final : public gateway, public std::enable_shared_from_this<composed>
{
public:
    // Each member may use those above it; destruction runs bottom-up.
    composed(net::any_io_executor executor, gateway_options options, std::shared_ptr<const bot> who, log out,
             trail watch, gateway_parts from)
        : executor_(executor), strand_(net::make_strand(executor)), options_(std::move(options)),
          who_(std::move(who)), log_(out.in("gateway")), watch_(std::move(watch)),
          client_(std::move(from.client)), web_(std::move(from.web)), api_(std::move(from.api)),
          health_(std::make_shared<admin::health>()), journal_(std::move(from.journal)), lifetime_(strand_),
          work_(reporting_to(log_)), looking_back_(reporting_to(log_)), coming_in_(reporting_to(log_))
    {
        lifetime_.expires_at(deadline::clock::time_point::max());
        if (options_.way == mode::webhook)
            way_ = make_webhook_way(options_,
                                    {strand_, api_, client_, std::move(from.instance),
                                     wanted_webhooks(options_, *who_->known()), std::move(from.webhook_keys),
                                     verifier_, health_, [this] { return listener_url(); }},
                                    out);
        else
            way_ = make_websocket_way(
                options_, client_, health_, [this] { doubt_token(); }, out);
    }

    result<> listen(const log& out, std::shared_ptr<no_code_commands> no_code)
    {
        no_code_ = std::move(no_code);
        auto health = std::make_shared<admin::health_handler>(health_);
        admin::router::table routes;
        for (const auto path : admin::health_handler::paths)
            routes.emplace(path, health);
        way_->add_routes(routes);
        if (no_code_)
            routes.emplace(reply_path, no_code_->replies());
        auto handler = std::make_shared<admin::router>(std::move(routes));
        auto bound = transport::http_server::bind(executor_, options_.listener, std::move(handler),
                                                  out.in("listener"));
        if (bound.has_error())
            return bound.error();
        server_ = std::move(*bound);
        if (no_code_)
            open_no_code();
        return {};
    }

    awaitable<result<>> run() override
    {
        auto whole = [this] { return serve(); };
        auto ended = co_await net::co_spawn(strand_, std::move(whole), net::use_awaitable);
        co_return ended;
    }

    void stop() override
    {
        net::post(strand_, [self = shared_from_this()] { self->end(); });
    }

    // Some call was answered 401. A cloud in trouble does that now and then, so the token itself is asked
    // about once more before it counts as rejected.
    void doubt_token()
    {
        net::post(strand_, [self = shared_from_this()] {
            if (self->service_ && !std::exchange(self->doubting_, true))
                self->coming_in_.spawn(self->strand_, [self] { return self->check_token(); });
        });
    }

    void on_ready(std::function<void()> call) override { on_ready_ = std::move(call); }
    std::string address() const override { return server_->address(); }

    std::string webhook_url() const override { return way_->reached_at(); }

private:
    awaitable<result<>> serve()
    {
        co_await net::this_coro::throw_if_cancelled(false);
        health_->set("webex", false, "not asked yet who this token belongs to");
        journal_->on_change([me = weak_from_this(), strand = strand_](const journal::journal_state& now) {
            net::post(strand, [me, now] {
                if (const auto self = me.lock())
                    self->journal_is(now);
            });
        });
        server_->start();
        log_.info("listening",
                  {{"address", server_->address()},
                   {"mode", to_string(options_.way)},
                   {"for", options_.way == mode::webhook ? options_.webhook_path : "health only"}});

        coming_in_.spawn(strand_, [this] { return bring_up(); });
        if (!stopping_)
            co_await lifetime_.async_wait(as_result); // ended by stop() or by a rejected token
        co_await shut_down();
        if (fatal_)
            co_return *fatal_;
        co_return result<>();
    }

    std::string listener_url() const { return scheme() + server_->address(); }

    // Programs and servers of this machine answer later over the loopback, however widely we listen.
    void open_no_code()
    {
        auto at = server_->address();
        if (const std::string_view any = "0.0.0.0:"; at.starts_with(any))
            at.replace(0, any.size() - 1, "127.0.0.1");
        if (const std::string_view any = "[::]:"; at.starts_with(any))
            at.replace(0, any.size() - 1, "[::1]");
        no_code_->open(client_, at.starts_with("unix:") ? std::string() : scheme() + at);
        for (const auto& doubt : no_code_->doubts())
            log_.warning(doubt);
    }

    std::string scheme() const { return options_.listener.certificate_file.empty() ? "http://" : "https://"; }

    awaitable<void> bring_up()
    {
        const bool known = co_await introduce();
        if (!known)
            co_return;
        const std::shared_ptr<intake_port> intake(service_, &service_->flow);
        look_back(intake);
        co_await hearing_->begin();
        start_working();
        audit_rooms();
        co_await way_->run(service_->person, intake, ears());
    }

    // What was missed is fetched in either mode, and before what is said from now on.
    void look_back(std::shared_ptr<intake_port> intake)
    {
        if (options_.recovery.reach.count() > 0)
        {
            source::recovery::setup s;
            s.options = options_.recovery;
            s.api = api_;
            s.intake = std::move(intake);
            s.history = journal_.get();
            s.me = service_->person;
            recovery_ = source::recovery::make(strand_, std::move(s), log_);
            looking_back_.spawn(strand_, [this] { return recovery_->run(); });
        }
        hearing_ = std::make_unique<hearing>(
            *journal_, recovery_.get(), service_->person.id, [this] { return way_->heard_until(); }, log_);
        looking_back_.spawn(strand_, [this] { return hearing_->run(); });
    }

    void audit_rooms()
    {
        if (options_.guard.configured() && options_.audit.every.count() > 0)
            looking_back_.spawn(strand_, [this] {
                return audit_now_and_then(options_, api_, service_->person, log_.in("audit"));
            });
    }

    way_in_ears ears()
    {
        way_in_ears e;
        e.lost = [this] {
            service_->guard->missed(); // members may come and go unheard
            hearing_->lost();
        };
        e.back = [this](std::optional<source::missed_time> missed) {
            service_->guard->missed();
            hearing_->back(std::move(missed));
            events_come_in();
        };
        e.doubtful = [this](source::missed_time missed) {
            service_->guard->missed();
            hearing_->doubtful(std::move(missed));
        };
        return e;
    }

    void journal_is(const journal::journal_state& now)
    {
        health_->set("journal", now.taking, now.reason);
        if (!now.taking)
            journal_failing_since_ = journal_failing_since_.value_or(std::chrono::system_clock::now());
        else if (const auto since = std::exchange(journal_failing_since_, std::nullopt); since && service_)
            way_->journal_failed({*since, std::chrono::system_clock::now(), "the journal took no events"});
    }

    void events_come_in()
    {
        if (std::exchange(ready_, true))
            return;
        log_.info("ready", {{"bot", service_->person.display_name}, {"type", service_->person.type}});
        if (on_ready_)
            on_ready_();
    }

    // Who does this token belong to? Asked until there is an answer.
    awaitable<bool> introduce()
    {
        const auto undertaking = "finding out at " + options_.api.base_url + " whose token this is";
        for (unsigned attempt = 0; !stopping_; ++attempt)
        {
            auto me = co_await api_->me(deadline::after(options_.call_timeout));
            if (me.has_value() && !me->id.empty())
            {
                log_.info("the token is accepted",
                          {{"from", options_.token_source}, {"person", me->display_name}});
                service_ = std::make_shared<service>(who_, api_, std::move(*me), verifier_, *journal_,
                                                     executor_, options_, log_, watch_);
                service_->consumer.equip(&journal_->values(), web_);
                health_->set("webex", true);
                co_return true;
            }
            auto failed =
                me.has_error() ? me.error() : error(errc::bad_response).because("the answer names no person");
            if (failed.is(errc::token_rejected))
            {
                reject_token(std::move(failed).during(undertaking));
                co_return false;
            }
            co_await try_again("webex", std::move(failed).during(undertaking), attempt);
        }
        co_return false;
    }

    awaitable<void> check_token()
    {
        log_.warning("a call was answered 401: asking whether the token still holds");
        const auto me = co_await api_->me(deadline::after(options_.call_timeout));
        if (me.has_error() && me.error().is(errc::token_rejected))
            reject_token(me.error().during("checking the token"));
        doubting_ = false;
    }

    void reject_token(error failed)
    {
        fatal_ = std::move(failed);
        fatal_->advice = "check the token that was read from " + options_.token_source;
        end();
    }

    awaitable<void> try_again(std::string part, error failed, unsigned attempt)
    {
        if (stopping_)
            co_return;
        const auto pause = options_.start_again.pause(attempt, random_fraction());
        health_->set(part, false, failed.code.message());
        log_.warning(describe(failed) + "; trying again", {{"in", pause}});
        co_await pause_for(pause);
    }

    void start_working()
    {
        // The journal keeps what comes in from here on; the dispatcher works it off.
        work_.spawn(net::make_strand(executor_), [s = service_] { return s->dispatcher.run(); });
    }

    void end()
    {
        stopping_ = true;
        if (hearing_)
            hearing_->note();
        lifetime_.cancel();
        coming_in_.stop(net::cancellation_type::terminal);
    }

    // In the order of the flow: no new events, let the work run dry, then the rest.
    awaitable<void> shut_down()
    {
        log_.info("stopping");
        health_->set("gateway", false, "stopping");
        co_await wind_down(coming_in_, std::chrono::seconds(10)); // a tunnel takes its time
        if (service_)
            co_await way_->tidy(deadline::after(std::chrono::seconds(10)));
        way_->close();
        co_await server_->stop(std::chrono::seconds(5));
        if (no_code_)
            no_code_->close(); // what waits for a later reply holds the API
        co_await wind_down(looking_back_, std::chrono::seconds(2));
        const bool quiet = co_await wind_down(work_, options_.stop_patience);
        bool said = true; // by handlers that have asked, and go on beside the work
        if (service_)
            said = co_await service_->consumer.close(deadline::after(std::chrono::seconds(2)));
        if (!quiet || !said)
            log_.error("work was still under way at the end");
        if (service_)
            co_await service_->guard->close();
        tell_what_is_left();
        co_await journal_->close();
        client_->close_idle();
        log_.info("stopped");
    }

    void tell_what_is_left() const
    {
        const auto left = journal_->unfinished();
        if (left == 0)
            return;
        if (options_.journal.engine == journal_engine::sqlite)
            log_.info("events wait for the next start", {{"count", left}});
        else
            log_.warning("events were left unhandled: the journal was in memory", {{"count", left}});
    }

    net::any_io_executor executor_;
    net::any_io_executor strand_; // of run() and all that decides about starting and stopping
    const gateway_options options_;
    const std::shared_ptr<const bot> who_;
    const log log_;
    const trail watch_;
    const std::shared_ptr<transport::http_client> client_;
    const std::shared_ptr<file_fetcher> web_;
    const std::shared_ptr<webex::api> api_;
    const std::shared_ptr<admin::health> health_;
    verify::verifier verifier_;
    const std::unique_ptr<journal::journal> journal_;
    std::unique_ptr<way_in> way_;
    std::unique_ptr<transport::http_server> server_;
    std::shared_ptr<no_code_commands> no_code_; // none without [[commands]]
    std::shared_ptr<service> service_;
    std::unique_ptr<source::recovery> recovery_; // none if it is off
    std::unique_ptr<hearing> hearing_;
    std::optional<wall_time> journal_failing_since_;
    std::optional<error> fatal_;
    std::atomic<bool> stopping_ = false;
    bool doubting_ = false;
    bool ready_ = false;
    net::steady_timer lifetime_; // never expires; cancelled at the end
    std::function<void()> on_ready_;
    task_scope work_;
    task_scope looking_back_; // recovery, audits, and what keeps account of what was heard
    task_scope coming_in_;
};

} // namespace

result<std::shared_ptr<gateway>> gateway::make(net::any_io_executor executor, gateway_options options,
                                               std::shared_ptr<const bot> who, log out, trail watch,
                                               std::shared_ptr<no_code_commands> no_code)
{
    auto complaints = check(options);
    if (!no_code && !options.no_code.commands.empty())
        complaints.push_back(options.no_code.commands.front().written_at +
                             ": this program takes no [[commands]]; postern run does");
    if (!complaints.empty())
    {
        std::string all;
        for (const auto& complaint : complaints)
            all += (all.empty() ? "" : "; ") + complaint;
        return error(errc::bad_configuration).because(all);
    }
    // The API exists before the gateway that listens to it.
    const auto listener = std::make_shared<std::weak_ptr<composed>>();
    auto parts = prepare(
        executor, options,
        [listener] {
            if (const auto gateway = listener->lock())
                gateway->doubt_token();
        },
        out);
    if (parts.has_error())
        return parts.error();
    auto made = std::make_shared<composed>(executor, std::move(options), std::move(who), out,
                                           std::move(watch), std::move(*parts));
    auto listening = made->listen(out, std::move(no_code));
    if (listening.has_error())
        return listening.error();
    *listener = made; // before the first call is made
    return std::shared_ptr<gateway>(std::move(made));
}

} // namespace postern
