#include "postern/source/device/wdm_calls.hpp"

#include "postern/source/device/device_policy.hpp"
#include "postern/transport/url.hpp"
#include "postern/webex/answer.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace postern::source {
namespace {

constexpr std::size_t longest_etag = 200; // bytes; a longer one is not sent back

std::string shown_id(const device& d) { return printable(d.id(), 80); }

// The query that Cisco's SDK sends (mercury.md 3.1).
std::string with_services(std::string url)
{
    url += url.find('?') == url.npos ? '?' : '&';
    return url + "includeUpstreamServices=all";
}

std::string devices_of(const std::string& wdm)
{
    return wdm.substr(0, wdm.find_last_not_of('/') + 1) + "/devices";
}

result<device> read_answer(const transport::response& answer, const std::string& doing)
{
    const auto body = webex::json_body(answer);
    if (!body)
        return webex::about(body.error(), doing, answer);
    const auto* object = body->if_object();
    auto read = object ? read_device(*object)
                       : result<device>(error(errc::bad_response).because("it is no JSON object"));
    if (!read)
        return webex::about(read.error(), doing, answer);
    if (const auto etag = answer.headers.get("etag"); etag.size() <= longest_etag)
        read->etag = etag;
    return read;
}

// The device, as far as we know it: what the SDKs send back as well (mercury.md 3.4).
json::object refresh_body(const own_mark& mark, const device& d)
{
    auto body = registration_body(mark);
    body["url"] = d.url;
    if (!d.websocket_url.empty())
        body["webSocketUrl"] = d.websocket_url;
    if (!d.user.empty())
        body["userId"] = d.user;
    return body;
}

} // namespace

wdm_calls::wdm_calls(own_mark mark, std::chrono::milliseconds timeout, signed_calls& calls)
    : mark_(std::move(mark)), timeout_(timeout), calls_(calls)
{
}

awaitable<result<std::vector<device>>> wdm_calls::list(std::string wdm, deadline limit)
{
    signed_calls::call what;
    what.url = devices_of(wdm);
    what.doing = "listing the devices";
    const auto doing = what.doing;
    const auto answer = co_await calls_.send(std::move(what), limit.at_most(timeout_));
    if (!answer)
    {
        if (answer.error().is(errc::not_found))
            co_return std::vector<device>();
        co_return answer.error();
    }
    auto all = read_devices(answer->body);
    if (!all)
        co_return webex::about(all.error(), doing, *answer);
    co_return all;
}

awaitable<result<device>> wdm_calls::create(std::string wdm, deadline limit)
{
    signed_calls::call what;
    what.method = "POST";
    what.url = with_services(devices_of(wdm));
    what.doing = "registering the device";
    what.body = json::serialize(registration_body(mark_));
    const auto doing = what.doing;
    const auto answer = co_await calls_.send(std::move(what), limit.at_most(timeout_));
    if (!answer)
    {
        auto why = answer.error();
        if (why.status == 403 && !is_excessive(why.status, why.theirs))
            why.advice = "if this is an integration's token, give it the scopes spark:all and spark:kms";
        co_return why;
    }
    auto made = read_answer(*answer, doing);
    if (made)
        made = at_trusted_hosts(std::move(*made), doing);
    if (!made)
    {
        auto why = made.error();
        why.maybe_sent = true;
        co_return why;
    }
    if (made->name.empty())
        made->name = mark_.name;
    if (made->type.empty())
        made->type = mark_.type;
    co_return made;
}

awaitable<result<device>> wdm_calls::refresh(device d, deadline limit)
{
    signed_calls::call what;
    what.method = "PUT";
    what.url = with_services(d.url);
    what.doing = "refreshing the device " + shown_id(d);
    what.body = json::serialize(refresh_body(mark_, d));
    if (!d.etag.empty() && !d.websocket_url.empty())
        what.headers.add("If-None-Match", d.etag);
    const auto doing = what.doing;
    const auto answer = co_await calls_.send(std::move(what), limit.at_most(timeout_));
    if (!answer)
        co_return answer.error();
    if (answer->status == 304)
        co_return at_trusted_hosts(std::move(d), doing);

    auto now = read_answer(*answer, doing);
    if (!now)
    {
        if (d.websocket_url.empty())
            co_return now;
        d.etag.clear();
        co_return at_trusted_hosts(std::move(d), doing);
    }
    if (now->name.empty())
        now->name = d.name;
    if (now->type.empty())
        now->type = d.type;
    if (now->user.empty())
        now->user = d.user;
    if (!now->ttl)
        now->ttl = d.ttl;
    co_return at_trusted_hosts(std::move(*now), doing);
}

awaitable<result<>> wdm_calls::erase(device d, deadline limit)
{
    signed_calls::call what;
    what.method = "DELETE";
    what.url = d.url;
    what.doing = "deleting the device " + shown_id(d);
    const auto answer = co_await calls_.send(std::move(what), limit.at_most(timeout_));
    if (!answer && !answer.error().is(errc::not_found))
        co_return answer.error();
    co_return result<>();
}

bool wdm_calls::trusts(const device& d) const
{
    const auto where = transport::parse_url(d.url);
    return where && calls_.hosts().covers(*where);
}

result<device> wdm_calls::at_trusted_hosts(device d, std::string doing) const
{
    for (const auto& where : {transport::parse_url(d.url), transport::parse_websocket_url(d.websocket_url)})
    {
        if (where && calls_.hosts().covers(*where))
            continue;
        return error(errc::bad_response, std::move(doing))
            .because(where ? "it is at a host that may not see the token: " + printable(where->origin(), 200)
                           : "it has no usable address");
    }
    return d;
}

} // namespace postern::source
