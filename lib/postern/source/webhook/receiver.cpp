#include "postern/source/webhook/receiver.hpp"

namespace postern::source {

using transport::is_media_type;
using transport::request;
using transport::response;

namespace {

response bare(unsigned status)
{
    auto answer =
        transport::make_response(status, std::string(transport::reason_phrase(status)) + '\n', "text/plain");
    answer.headers.add("Cache-Control", "no-store");
    return answer;
}

// What the sender should conclude; the log has the reason.
unsigned status_of(const error& e)
{
    if (e.is(errc::not_signed) || e.is(errc::bad_signature))
        return 401;
    if (e.is(errc::not_an_event))
        return 400;
    return 503;
}

} // namespace

receiver::receiver(receiver_options options, log out, receiver_neighbours neighbours)
    : options_(options), log_(out.in("receiver")), neighbours_(std::move(neighbours))
{
}

void receiver::open(std::shared_ptr<intake_port> port, std::string bot)
{
    auto opened = std::make_shared<const intake>(intake{std::move(port), std::move(bot)});
    const std::lock_guard lock(mutex_);
    intake_ = std::move(opened);
}

void receiver::close()
{
    const std::lock_guard lock(mutex_);
    intake_.reset();
}

std::shared_ptr<const receiver::intake> receiver::current() const
{
    const std::lock_guard lock(mutex_);
    return intake_;
}

receiver::counters receiver::counted() const
{
    const std::lock_guard lock(mutex_);
    return counters_;
}

// A flood of forgeries must not flood the log as well: one line in five seconds, with the count of the
// others.
bool receiver::may_warn()
{
    const std::lock_guard lock(mutex_);
    ++counters_.refused;
    if (!quiet_until_.passed())
    {
        ++unsaid_;
        return false;
    }
    quiet_until_ = deadline::after(std::chrono::seconds(5));
    return true;
}

response receiver::refuse(unsigned status, const request& asked, std::string why)
{
    if (neighbours_.pings && asked.headers.has(ping_book::header))
        neighbours_.pings->refused(asked.headers.get(ping_book::header), why);
    if (may_warn())
    {
        std::uint64_t unsaid = 0;
        {
            const std::lock_guard lock(mutex_);
            std::swap(unsaid, unsaid_);
        }
        log_.warning(
            "delivery refused",
            {{"status", status}, {"reason", why}, {"peer", asked.peer}, {"more_since_last", unsaid}});
    }
    auto answer = bare(status);
    if (status == 405)
        answer.headers.add("Allow", "POST");
    if (status == 503)
        answer.headers.add("Retry-After", "5");
    return answer;
}

transport::http_handler::admission receiver::admit(const request& head)
{
    const auto no = [&](unsigned status, const char* why) {
        return admission{refuse(status, head, why), {}, {}};
    };
    if (head.method != "POST")
        return no(405, "only POST is served here");
    const auto coding = head.headers.get("Content-Encoding");
    if (!is_media_type(head.headers.get("Content-Type"), "application/json") ||
        !(coding.empty() || coding == "identity"))
        return no(415, "not application/json");
    if (options_.signed_only && head.headers.count("X-Spark-Signature") != 1)
    {
        tell_signature_refused({});
        return no(401, "not signed: is the webhook's secret set in the cloud?");
    }
    if (!current())
        return no(503, "not ready to take deliveries");
    return {{}, options_.body_limit, options_.accept_timeout + std::chrono::seconds(1)};
}

awaitable<response> receiver::answer(request asked)
{
    const auto into = current();
    if (!into)
        co_return refuse(503, asked, "stopping");
    raw_event raw;
    raw.bot = into->bot;
    raw.signature = std::string(asked.headers.get("X-Spark-Signature"));
    if (neighbours_.pings)
        if (const auto ping = neighbours_.pings->judge(asked.body, raw.signature);
            ping != ping_book::kind::none)
            co_return answer_ping(ping, asked);
    raw.body = asked.body;
    const auto taken = co_await into->port->accept(std::move(raw), deadline::after(options_.accept_timeout));
    if (taken.has_error())
    {
        const auto status = status_of(taken.error());
        if (status == 401)
            tell_signature_refused(asked.body);
        co_return refuse(status, asked, describe(taken.error()));
    }
    {
        const std::lock_guard lock(mutex_);
        ++(taken->fresh ? counters_.accepted : counters_.repeated);
    }
    response accepted;
    accepted.status = 204;
    co_return accepted;
}

response receiver::answer_ping(ping_book::kind what, const request& asked)
{
    if (what == ping_book::kind::forged)
        return refuse(401, asked, "a self-check's ping with a signature that is not ours");
    if (what == ping_book::kind::unknown)
        return refuse(400, asked, "a self-check's ping that we did not send");
    auto pong = transport::make_response(200, ping_book::answer_for(*ping_book::nonce_in(asked.body)),
                                         "application/json");
    pong.headers.add("Cache-Control", "no-store");
    return pong;
}

void receiver::tell_signature_refused(std::string_view body) const
{
    if (neighbours_.signature_refused)
        neighbours_.signature_refused(body);
}

} // namespace postern::source
