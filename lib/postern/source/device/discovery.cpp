#include "postern/source/device/discovery.hpp"

#include "postern/transport/http.hpp"
#include "postern/transport/url.hpp"

#include <chrono>

namespace postern::source {
namespace {

std::string trimmed(std::string base)
{
    base.erase(base.find_last_not_of('/') + 1);
    return base;
}

} // namespace

discovery::discovery(const device_options& options, signed_calls& calls, std::string organisation, log out)
    : options_(options), calls_(calls), organisation_(std::move(organisation)), log_(out.in("device"))
{
    options_.u2c_url = trimmed(std::move(options_.u2c_url));
    options_.fallback_wdm_url = trimmed(std::move(options_.fallback_wdm_url));
}

awaitable<result<home>> discovery::find(bool fresh, deadline limit)
{
    std::string query = "format=hostmap";
    if (fresh)
    {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        query += "&timestamp=" +
                 std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    }

    auto full = co_await ask(options_.u2c_url + "/catalog?" + query, true, limit);
    if (full)
    {
        known_ = *full;
        if (fallback_told_)
            log_.info("the service catalogue can be had again", {{"wdm", full->wdm}});
        fallback_told_ = limited_told_ = false;
        co_return full;
    }
    auto why = full.error();
    if (why.status == 429 && known_)
        co_return fall_back(why);
    if (ends_everything(why))
        co_return why;

    if (!organisation_.empty())
    {
        const auto selector = "orgId=" + transport::percent_encode(organisation_) + '&';
        auto limited = co_await ask(options_.u2c_url + "/limited/catalog?" + selector + query, false, limit);
        if (limited)
        {
            if (!limited_told_)
                log_.info(
                    "the full service catalogue can't be had: the limited one of the organisation is used",
                    {{"reason", describe(why)}, {"wdm", limited->wdm}});
            limited_told_ = true;
            known_ = *limited;
            co_return limited;
        }
        const bool wait = limited.error().status == 429 && known_;
        if (ends_everything(limited.error()) && !wait)
            co_return limited.error();
        log_.debug("no limited service catalogue either", {{"reason", describe(limited.error())}});
    }
    co_return fall_back(why);
}

home discovery::fall_back(const error& why)
{
    if (known_)
    {
        log_.warning("the service catalogue can't be had: the one from before is used",
                     {{"reason", describe(why)}, {"wdm", known_->wdm}});
        return *known_;
    }
    if (!fallback_told_)
        log_.warning(
            "NO SERVICE CATALOGUE: the device is registered at a hard-coded place. Unless this organisation "
            "is at home there (cluster \"a\"), the connection will look healthy and no event will ever come "
            "in. Make the catalogue reachable for this host and readable for this token; it is asked again "
            "every few minutes. Send the bot a message to see that it hears",
            {{"catalogue", options_.u2c_url},
             {"hard_coded_wdm", options_.fallback_wdm_url},
             {"reason", describe(why)}});
    fallback_told_ = true;
    return {options_.fallback_wdm_url, std::nullopt};
}

awaitable<result<home>> discovery::ask(std::string url, bool with_token, deadline limit)
{
    signed_calls::call what;
    what.url = std::move(url);
    what.with_token = with_token;
    what.doing = with_token ? "asking for the service catalogue"
                            : "asking for the service catalogue of the organisation";
    const auto doing = what.doing;
    const auto answer = co_await calls_.send(std::move(what), limit.at_most(options_.call_timeout));
    if (!answer)
        co_return answer.error();

    const auto because = [&](std::string text) {
        error bad(errc::bad_response, doing);
        bad.status = answer->status;
        bad.ours = std::move(text);
        return bad;
    };
    auto catalog = service_catalog::parse(answer->body);
    if (!catalog)
        co_return because(catalog.error().ours);
    auto wdm = catalog->service("wdm");
    if (!wdm)
        co_return because("it names no wdm");
    const auto place = transport::parse_url(*wdm);
    auto hosts = calls_.hosts();
    hosts.take(*catalog);
    if (!place || !hosts.covers(*place))
        co_return because("its wdm may not see the token: " + printable(*wdm, 200));
    calls_.hosts() = std::move(hosts);
    home found{std::move(*wdm), std::move(*catalog)};
    co_return found;
}

} // namespace postern::source
