#include "postern/source/webhook/self_check.hpp"

#include "postern/base/crypto.hpp"
#include "postern/source/bell.hpp"

#include <algorithm>

namespace postern::source {
namespace {

using steady = std::chrono::steady_clock;

transport::request ping_request(const std::string& nonce, const secret& key, const std::string& user_agent)
{
    transport::request r;
    r.method = "POST";
    r.body = ping_book::body_for(nonce);
    r.response_limit = 64 * 1024; // of a page that is not ours
    r.headers = {{"User-Agent", user_agent},
                 {"Content-Type", "application/json"},
                 {"X-Spark-Signature", hmac_sha1_hex(key, r.body)},
                 {std::string(ping_book::header), nonce},
                 // Free ngrok accounts show browsers a page of their own (protocol/ngrok.md 9).
                 {"ngrok-skip-browser-warning", "1"},
                 // Each hop is to be proved, so none of an earlier connection is used.
                 {"Connection", "close"}};
    return r;
}

} // namespace

self_check::self_check(net::any_io_executor strand, setup s, log out)
    : with_(std::move(s)), log_(out.in("self-check")), due_(strand), moved_(strand)
{
}

awaitable<result<path_finding>> self_check::ping(std::string url, deadline limit)
{
    const auto where = transport::parse_url(url);
    if (where.has_error())
        co_return where.error().during("checking the way to us");
    const auto nonce = with_.pings->expect();
    auto what = ping_request(nonce, with_.key(), with_.options.user_agent);
    const auto answer = co_await with_.client->send(*where, std::move(what), limit);
    const auto fate = with_.pings->forget(nonce);
    if (answer.has_error() && answer.error().is(errc::stopped))
        co_return answer.error();
    co_return judge_path(*where, nonce, answer, fate);
}

awaitable<void> self_check::run()
{
    for (;;)
    {
        const bool stopped = co_await cancelled();
        if (stopped)
            co_return;
        std::string url;
        auto next = alarm::never;
        {
            const std::lock_guard lock(mutex_);
            url = url_;
            next = url.empty() ? alarm::never : next_;
            if (next <= steady::now())
                next_ = alarm::never; // what is asked for from here on makes another ping follow
        }
        if (next > steady::now())
        {
            co_await due_.wait_until(next);
            continue;
        }
        const auto found = co_await moved_.unless_rung(ping(url, deadline::after(with_.options.timeout)));
        take(url, found);
    }
}

void self_check::aim(std::string url)
{
    const std::lock_guard lock(mutex_);
    if (url == url_)
        return;
    url_ = std::move(url);
    failures_ = 0;
    last_.reset();
    next_ = steady::now();
    moved_.ring();
    due_.ring();
}

void self_check::look()
{
    const std::lock_guard lock(mutex_);
    next_ = steady::now();
    due_.ring();
}

std::optional<self_check::last_finding> self_check::last() const
{
    const std::lock_guard lock(mutex_);
    return last_;
}

// How long until the next ping, where nobody asks for one before. With the lock held.
std::chrono::milliseconds self_check::pause_after(bool whole)
{
    if (!whole)
        return with_.options.again.pause(failures_++, random_fraction());
    failures_ = 0;
    return with_.options.period;
}

void self_check::take(const std::string& url, const result<path_finding>& found)
{
    // A URL that is none can't be reached by anybody.
    const auto what = found.has_value()
                          ? *found
                          : path_finding{path_break::lookup, describe(found.error()), "check the public URL"};
    const bool cut_short = found.has_error() && found.error().is(errc::stopped);
    bool news = false;
    {
        const std::lock_guard lock(mutex_);
        next_ = std::min(next_, steady::now() + pause_after(what.whole()));
        if (cut_short || url != url_)
            return; // it says nothing about the URL of now
        news = !last_ || last_->what.at != what.at;
        last_ = last_finding{what, url, std::chrono::system_clock::now()};
    }
    tell(what, url, news);
    if (with_.watch)
        with_.watch(what);
}

void self_check::tell(const path_finding& what, const std::string& url, bool news) const
{
    if (!news)
        log_.debug(describe(what), {{"url", url}});
    else if (what.whole())
        log_.info(describe(what), {{"url", url}});
    else
        log_.warning(describe(what), {{"url", url}});
}

} // namespace postern::source
