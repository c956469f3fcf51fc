#include "postern/source/device/signed_calls.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/time.hpp"
#include "postern/transport/http_status.hpp"
#include "postern/webex/answer.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>

namespace postern::source {
namespace {

error no_trust(const transport::url& where, std::string doing)
{
    return error(errc::bad_input, std::move(doing))
        .because("the token is not for " + printable(where.origin(), 200));
}

// An error without the token, which a peer may have echoed, and with the tracking id that the peer logs.
error finish(error why, const secret& token, const std::string& tracking)
{
    why.theirs = webex::without(std::move(why.theirs), {token});
    why.ours = webex::without(std::move(why.ours), {token});
    if (why.tracking_id.empty())
        why.tracking_id = tracking;
    return why;
}

} // namespace

signed_calls::signed_calls(std::shared_ptr<transport::http_client> client, secret token, trusted_hosts hosts,
                           std::function<void()> on_token_rejected)
    : client_(std::move(client)), token_(std::move(token)), hosts_(std::move(hosts)),
      on_token_rejected_(std::move(on_token_rejected)), session_("postern_" + random_uuid())
{
}

std::string signed_calls::next_tracking_id() { return session_ + '_' + std::to_string(++sequence_); }

awaitable<result<transport::response>> signed_calls::send(call what, deadline limit)
{
    auto where = transport::parse_url(what.url);
    if (!where)
    {
        auto why = where.error();
        co_return std::move(why).during(what.doing);
    }
    if (what.with_token && !hosts_.covers(*where))
        co_return no_trust(*where, what.doing);
    // A cancellation between two calls leaves no other mark.
    const auto cancelled = (co_await net::this_coro::cancellation_state).cancelled();
    if (cancelled != net::cancellation_type::none)
        co_return error(errc::stopped, what.doing);

    const auto tracking = next_tracking_id();
    transport::request request;
    request.method = what.method;
    request.target = where->target;
    request.headers = std::move(what.headers);
    request.headers.set("Accept", "application/json");
    request.headers.set("trackingid", tracking);
    if (what.with_token)
        request.headers.set("Authorization", "Bearer " + std::string(token_.reveal()));
    if (!what.body.empty())
        request.headers.set("Content-Type", "application/json;charset=UTF-8");
    request.body = std::move(what.body);

    auto answer = co_await client_->send(std::move(*where), std::move(request), limit);
    if (!answer)
    {
        auto why = finish(answer.error(), token_, tracking);
        co_return std::move(why).during(what.doing);
    }
    const auto status = answer->status;
    if ((status >= 200 && status < 300) || status == 304)
        co_return answer;

    auto why = webex::refusal(*answer, what.doing, {token_});
    why.retry_after =
        transport::parse_retry_after(answer->headers.get("Retry-After"), std::chrono::system_clock::now());
    if (status >= 300 && status < 400 && why.theirs.empty())
        why.theirs = std::string(answer->headers.get("Location").substr(0, 1000));
    if (status == 401 && !what.with_token)
    {
        why.code = errc::api_rejected;
        why.advice.clear();
    }
    else if (status == 401 && on_token_rejected_)
        on_token_rejected_();
    co_return finish(std::move(why), token_, tracking);
}

awaitable<result<transport::websocket_ptr>> signed_calls::open_websocket(std::string url,
                                                                         transport::websocket_options options,
                                                                         deadline limit)
{
    const std::string doing = "opening the event channel";
    auto where = transport::parse_websocket_url(url);
    if (!where)
    {
        auto why = where.error();
        co_return std::move(why).during(doing);
    }
    if (!hosts_.covers(*where))
        co_return no_trust(*where, doing);
    const auto cancelled = (co_await net::this_coro::cancellation_state).cancelled();
    if (cancelled != net::cancellation_type::none)
        co_return error(errc::stopped, doing);

    const auto tracking = next_tracking_id();
    transport::header_fields headers;
    headers.add("Authorization", "Bearer " + std::string(token_.reveal()));
    headers.add("trackingid", tracking);
    auto opened = co_await client_->open_websocket(std::move(*where), std::move(headers), options, limit);
    if (!opened)
    {
        auto why = finish(opened.error(), token_, tracking);
        co_return std::move(why).during(doing);
    }
    co_return std::move(*opened);
}

bool ends_everything(const error& why)
{
    for (const auto code : {errc::token_rejected, errc::stopped, errc::cannot_connect, errc::timed_out,
                            errc::connection_lost, errc::tls_failed, errc::bad_input})
        if (why.is(code))
            return true;
    return why.status == 429;
}

} // namespace postern::source
