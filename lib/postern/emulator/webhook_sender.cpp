#include "postern/emulator/webhook_sender.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

namespace postern::emulator {

namespace {

using clock = std::chrono::steady_clock;

constexpr const char* stopped = "the emulator stopped before it was sent";

transport::request make_request(const outgoing& what, const transport::url& where)
{
    transport::request out;
    out.method = "POST";
    out.target = where.target;
    out.body = what.body;
    out.headers.add("Content-Type", "application/json;charset=UTF-8");
    out.headers.add("trackingid", "ROUTERGW_" + random_uuid());
    if (what.key.empty())
        return out;
    out.headers.add("X-Spark-Signature", hmac_sha1_hex(what.key, what.body));
    if (what.modern_signature) // the form that one source gives; unproven (protocol/webex-rest.md 5.5)
        out.headers.add("X-Webex-Signature", "SHA-256=" + hmac_sha256_hex(what.key, what.body) +
                                                 ", SHA-512=" + hmac_sha512_hex(what.key, what.body));
    return out;
}

std::string problem_of(const error& e)
{
    return e.ours.empty() ? e.code.message() : e.code.message() + ": " + e.ours;
}

delivery_report not_sent(outgoing what, std::string problem)
{
    delivery_report out;
    out.webhook_id = std::move(what.webhook_id);
    out.data_id = std::move(what.data_id);
    out.problem = std::move(problem);
    return out;
}

} // namespace

struct webhook_sender::state
{
    state(net::any_io_executor e, std::shared_ptr<transport::http_client> c, report_fn r, log l,
          std::chrono::milliseconds t)
        : executor(std::move(e)), client(std::move(c)), on_report(std::move(r)), writer(l.in("emulator")),
          timeout(t), tasks([w = writer](std::exception_ptr) {
              w.error("the webhook sender met an unexpected exception");
          })
    {
    }

    // A report that throws must not stop the webhook's work.
    void tell(delivery_report report) const
    {
        if (report.problem.empty())
            writer.debug("webhook delivered",
                         {{"webhook", report.webhook_id}, {"status", report.status}, {"took", report.took}});
        else
            writer.warning("webhook not delivered", {{"webhook", report.webhook_id},
                                                     {"status", report.status},
                                                     {"problem", report.problem},
                                                     {"took", report.took}});
        try
        {
            on_report(std::move(report));
        }
        catch (const std::exception& e)
        {
            writer.error("the report of a delivery failed", {{"problem", e.what()}});
        }
    }

    std::optional<std::chrono::milliseconds> pause_before(const std::string& webhook_id)
    {
        const std::lock_guard lock(mutex);
        const auto pause = queue.pause_before(webhook_id);
        if (queue.idle())
            for (const auto& waiter : std::exchange(waiters, {})) // cancel where the waiter runs
                net::post(waiter->get_executor(), [waiter] { waiter->cancel(); });
        return pause;
    }

    std::optional<delivery_queue::step> take(const std::string& webhook_id)
    {
        const std::lock_guard lock(mutex);
        return queue.take(webhook_id);
    }

    void give_up(std::string why)
    {
        std::vector<outgoing> left;
        {
            const std::lock_guard lock(mutex);
            left = queue.take_all();
        }
        for (auto& what : left)
            tell(not_sent(std::move(what), why));
    }

    // Whoever works for a webhook; ends when its queue is empty.
    static awaitable<void> work(std::shared_ptr<state> self, std::string webhook_id)
    {
        while (const auto pause = self->pause_before(webhook_id))
        {
            if (pause->count() > 0)
                co_await pause_for(*pause);
            auto next = self->take(webhook_id);
            if (!next)
                continue;
            if (next->copies == 0)
                self->tell(not_sent(std::move(next->what), "lost on its way, as the delivery mode asks"));
            else
                co_await self->deliver(std::move(*next));
        }
    }

    awaitable<void> deliver(delivery_queue::step next)
    {
        for (unsigned sent = 0; sent < next.copies; ++sent)
        {
            if (tasks.stopping()) // between the two halves of stop(): taken, but not begun
            {
                if (sent == 0)
                    tell(not_sent(std::move(next.what), stopped));
                co_return;
            }
            auto report = co_await attempt(next.what);
            tell(std::move(report));
        }
    }

    awaitable<delivery_report> attempt(const outgoing& what) // deliver() awaits it
    {
        auto where = transport::parse_url(what.target_url);
        if (!where)
            co_return not_sent(what, "the target URL cannot be used: " + problem_of(where.error()));

        auto report = not_sent(what, {});
        report.body_sent = what.body;
        auto message = make_request(what, *where);
        const auto started = clock::now();
        auto answer = co_await client->send(std::move(*where), std::move(message), deadline::after(timeout));
        report.took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - started);
        if (!answer)
        {
            report.problem = problem_of(answer.error());
            co_return report;
        }
        report.status = answer->status;
        if (report.status < 200 || report.status > 299)
            report.problem = "the target answered " + std::to_string(report.status);
        co_return report;
    }

    awaitable<bool> idle(deadline limit)
    {
        auto timer = std::make_shared<net::steady_timer>(co_await net::this_coro::executor, limit.at());
        for (;;)
        {
            {
                const std::lock_guard lock(mutex);
                if (queue.idle())
                    co_return true;
                if (limit.passed())
                    co_return false;
                waiters.push_back(timer);
            }
            co_await timer->async_wait(as_result); // ended by the last delivery or by the limit
            const auto cancellation = co_await net::this_coro::cancellation_state;
            const std::lock_guard lock(mutex);
            std::erase(waiters, timer);
            if (cancellation.cancelled() != net::cancellation_type::none)
                co_return queue.idle();
        }
    }

    net::any_io_executor executor;
    std::shared_ptr<transport::http_client> client;
    report_fn on_report;
    log writer;
    std::chrono::milliseconds timeout;

    std::mutex mutex;
    bool closed = false;
    delivery_queue queue;
    std::vector<std::shared_ptr<net::steady_timer>> waiters;
    task_scope tasks;
};

webhook_sender::webhook_sender(net::any_io_executor executor, std::shared_ptr<transport::http_client> client,
                               report_fn on_report, log writer, std::chrono::milliseconds timeout)
    : state_(std::make_shared<state>(std::move(executor), std::move(client), std::move(on_report),
                                     std::move(writer), timeout))
{
}

webhook_sender::~webhook_sender() = default;

void webhook_sender::send(outgoing what)
{
    const auto webhook_id = what.webhook_id;
    delivery_queue::admission admission;
    {
        std::unique_lock lock(state_->mutex);
        if (state_->closed)
        {
            lock.unlock();
            return state_->tell(not_sent(std::move(what), stopped));
        }
        admission = state_->queue.push(std::move(what));
    }
    if (admission.displaced)
        state_->tell(not_sent(std::move(*admission.displaced), "dropped: the webhook's queue is full"));
    if (!admission.start)
        return;
    const bool started = state_->tasks.spawn(net::make_strand(state_->executor),
                                             [s = state_, webhook_id] { return state::work(s, webhook_id); });
    if (!started) // stop() came in between
    {
        state_->give_up(stopped);
        state_->pause_before(webhook_id);
    }
}

void webhook_sender::set_mode(delivery_mode mode)
{
    const std::lock_guard lock(state_->mutex);
    state_->queue.set_mode(mode);
}

awaitable<bool> webhook_sender::idle(deadline limit) { return state_->idle(limit); }

awaitable<void> webhook_sender::stop(deadline limit)
{
    {
        const std::lock_guard lock(state_->mutex);
        state_->closed = true;
    }
    const bool quiet = co_await state_->idle(limit);
    if (!quiet)
        state_->give_up(stopped);
    state_->tasks.stop(net::cancellation_type::terminal);
    const bool empty = co_await state_->tasks.drained(deadline::after(std::chrono::seconds(5)));
    if (!empty)
        state_->writer.error("a webhook delivery does not end although it was cancelled");
}

} // namespace postern::emulator
