#include "postern/webex/rest.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/within.hpp"
#include "postern/webex/pager.hpp"

#include <chrono>

namespace postern::webex {
namespace {

using std::chrono::milliseconds;

milliseconds left_of(deadline limit) { return std::chrono::floor<milliseconds>(limit.left()); }

std::string seconds_text(milliseconds span)
{
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(span).count()) + " s";
}

std::string path_of(const transport::url& where) // the query may hold an email address
{
    return printable(std::string_view(where.target).substr(0, where.target.find('?')), 200);
}

} // namespace

rest::rest(const api_options& options, transport::url base, secret token,
           std::shared_ptr<transport::http_client> client, log out)
    : limits_{options.attempts,
              {options.first_pause, options.longest_pause},
              options.default_retry_after,
              options.shortest_retry_after,
              options.longest_retry_after},
      request_timeout_(options.request_timeout), base_(std::move(base)), token_(std::move(token)),
      client_(std::move(client)), on_token_rejected_(options.on_token_rejected), log_(out.in("webex")),
      scope_(base_), session_("postern_" + random_uuid())
{
}

transport::url rest::at(std::string_view path, const transport::query_params& query) const
{
    auto where = base_;
    where.target += path;
    if (!query.empty())
        where.target += '?' + transport::format_query(query);
    return where;
}

awaitable<result<transport::response>> rest::send(call what, deadline limit)
{
    if (!scope_.covers(what.where))
        co_return error(errc::bad_input, what.doing).because("the token is not for " + what.where.origin());
    what.hidden.push_back(token_);

    retry_policy policy(what.method, limits_);
    for (unsigned attempt = 1;; ++attempt)
    {
        auto open = co_await pass_gate(what.family, what.doing, limit);
        if (!open)
        {
            auto why = open.error();
            why.maybe_sent = policy.maybe_done();
            co_return why;
        }

        std::string tracking;
        auto request = prepare(what, tracking);
        if (!request)
            co_return request.error();
        const auto patience = what.transfer ? limit : limit.at_most(request_timeout_);
        auto answer = co_await client_->send(what.where, std::move(*request), patience);

        const auto left = left_of(limit);
        const auto random = random_fraction();
        step decided;
        error why;
        if (answer)
        {
            decided = policy.answered(answer->status, answer->headers.get("Retry-After"), left,
                                      std::chrono::system_clock::now(), random);
            if (decided.what == next::done)
            {
                log_.debug("answered", {{"doing", what.doing},
                                        {"status", answer->status},
                                        {"attempt", attempt},
                                        {"path", path_of(what.where)},
                                        {"tracking_id", printable(answer->headers.get("TrackingID"), 80)}});
                co_return answer;
            }
            why = refusal(*answer, what.doing, what.hidden);
            why.retry_after = decided.asked;
            if (answer->status == 401 && on_token_rejected_)
                on_token_rejected_();
            if (answer->status == 429 && decided.asked)
                gate_.close(what.family, deadline::clock::now() + *decided.asked);
        }
        else
        {
            decided = policy.failed(answer.error(), left, random);
            why = answer.error();
            why.doing = what.doing;
            why.theirs = without(std::move(why.theirs), what.hidden);
            why.ours = without(std::move(why.ours), what.hidden);
        }
        why.maybe_sent = why.maybe_sent || policy.maybe_done();
        if (why.tracking_id.empty())
            why.tracking_id = tracking; // the service logs ours

        if (decided.what == next::give_up)
        {
            if (why.is(errc::api_unavailable) && decided.asked)
                why.ours = "asked to wait " + seconds_text(*decided.asked);
            if (attempt > 1)
                why.ours += (why.ours.empty() ? "" : ", ") + ("tried " + std::to_string(attempt) + " times");
            co_return why;
        }

        log_.info("will be repeated", {{"doing", what.doing},
                                       {"at", what.where.origin() + path_of(what.where)},
                                       {"status", why.status},
                                       {"error", why.code},
                                       {"reason", why.ours},
                                       {"attempt", attempt},
                                       {"pause", decided.pause},
                                       {"tracking_id", printable(why.tracking_id, 80)}});
        if (decided.smaller_page)
            shrink_page(what.where);

        // A cancellation may have come while the answer was under way, and left no mark on it.
        const auto cancelled = (co_await net::this_coro::cancellation_state).cancelled();
        bool waited = cancelled == net::cancellation_type::none;
        if (waited)
            waited = co_await pause_for(decided.pause);
        if (!waited)
        {
            error stopped(errc::stopped, what.doing);
            stopped.maybe_sent = why.maybe_sent;
            co_return stopped;
        }
    }
}

awaitable<result<>> rest::pass_gate(std::string family, std::string doing, deadline limit)
{
    for (;;)
    {
        if (limit.passed())
            co_return error(errc::timed_out, doing);
        const auto shut = gate_.wait(family, deadline::clock::now(), random_fraction());
        if (shut == milliseconds(0))
            co_return result<>();
        if (shut >= left_of(limit))
        {
            error why(errc::api_unavailable, doing);
            why.ours = "rate limited for another " + seconds_text(shut);
            why.retry_after = shut;
            co_return why;
        }
        const bool waited = co_await pause_for(shut);
        if (!waited)
            co_return error(errc::stopped, doing);
    }
}

result<transport::request> rest::prepare(const call& what, std::string& tracking)
{
    tracking = session_ + '_' + std::to_string(++sequence_);
    transport::request request;
    request.method = what.method;
    request.target = what.where.target;
    request.response_limit = what.response_limit;
    request.headers.add("Authorization", "Bearer " + std::string(token_.reveal()));
    request.headers.add("Accept", what.accept);
    request.headers.add("trackingid", tracking);
    if (what.form)
    {
        auto form = what.form();
        if (!form)
        {
            auto why = form.error();
            return std::move(why).during(what.doing);
        }
        request.headers.add("Content-Type", form->content_type);
        request.streamed_body = std::move(form->body);
    }
    else if (!what.body.empty())
    {
        request.headers.add("Content-Type", "application/json;charset=UTF-8");
        request.body = what.body;
    }
    return request;
}

} // namespace postern::webex
