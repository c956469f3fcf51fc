#include "postern/bot/no_code/ask_target.hpp"

#include "postern/base/crypto.hpp"
#include "postern/transport/url.hpp"

#include <utility>

namespace postern::no_code {
namespace {

answer_of unanswered(const error& e)
{
    if (e.is(errc::stopped))
        return answer_of::stop();
    std::string told = "failed (its server can't be reached)";
    if (e.is(errc::timed_out))
        told = "took too long and was given up";
    else if (e.is(errc::too_large))
        told = "failed (its answer is too long)";
    else if (e.is(errc::connection_lost) || e.is(errc::bad_response))
        told = "failed (its server gave no proper answer)";
    return answer_of::failure(std::move(told), describe(e));
}

} // namespace

transport::request request_for(const target_call& target, std::string body, const std::string& reply_url)
{
    transport::request out;
    out.method = "POST";
    out.headers.set("Content-Type", "application/json");
    out.headers.set("Accept", "text/markdown, text/plain, application/json");
    // A connection that was kept may be closed by the time it is used again, and a POST is not repeated.
    out.headers.set("Connection", "close");
    if (!target.key.empty())
        out.headers.set("X-Spark-Signature", hmac_sha1_hex(target.key, body));
    if (!reply_url.empty())
        out.headers.set("X-Postern-Reply-Url", reply_url);
    out.body = std::move(body);
    return out;
}

answer_of read_answer(transport::response r)
{
    const auto status = std::to_string(r.status);
    if (r.status < 200 || r.status > 299)
        return answer_of::failure("failed (its server answered " + status + ')',
                                  "the answer was " + status + ' ' +
                                      std::string(transport::reason_phrase(r.status)));
    answer_of out;
    out.later_too = true;
    if (r.status == 202 || r.status == 204)
        return out;
    auto says = read_spoken(std::string(r.headers.get("Content-Type")), std::move(r.body));
    if (!says)
        return answer_of::failure("failed (its server's answer is of no use)", describe(says.error()));
    out.says = std::move(*says);
    return out;
}

awaitable<answer_of> ask_target(std::shared_ptr<transport::http_client> client, target_call target,
                                std::string body, std::string reply_url, std::size_t longest_answer,
                                deadline limit)
{
    auto where = transport::parse_url(target.url);
    if (!where)
        co_return unanswered(where.error());
    auto what = request_for(target, std::move(body), reply_url);
    what.target = where->target;
    what.response_limit = longest_answer;
    auto answered = co_await client->send(std::move(*where), std::move(what), limit);
    if (!answered)
        co_return unanswered(answered.error());
    co_return read_answer(std::move(*answered));
}

} // namespace postern::no_code
