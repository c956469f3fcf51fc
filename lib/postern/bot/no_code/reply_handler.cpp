#include "postern/bot/no_code/reply_handler.hpp"

#include "postern/base/json.hpp"
#include "postern/bot/no_code/no_code_commands.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace postern::no_code {
namespace {

using clock = reply_book::clock;

transport::response told(unsigned status, std::string_view key, json::value what)
{
    json::object body;
    body[key] = std::move(what);
    auto out = transport::make_response(status, json::serialize(body) + '\n', "application/json");
    out.headers.set("Cache-Control", "no-store");
    return out;
}

transport::response refused(unsigned status, std::string_view why)
{
    return told(status, "error", json::value(why));
}

std::string_view id_of(const transport::request& r)
{
    const auto whole = r.path();
    return whole.substr(std::min(whole.size(), reply_path.size()));
}

std::optional<transport::response> refusal(reply_book::state found)
{
    switch (found)
    {
    case reply_book::state::open: break;
    case reply_book::state::unknown: return refused(404, "there is no such reply URL");
    case reply_book::state::over: return refused(410, "this reply URL was used, or its time has passed");
    case reply_book::state::busy:
    {
        auto out = refused(429, "too many replies at once");
        out.headers.set("Retry-After", "1");
        return out;
    }
    }
    return std::nullopt;
}

std::string shown(std::string_view id) { return printable(id.substr(0, 6)); }

} // namespace

reply_handler::reply_handler(std::shared_ptr<reply_book> book, limits l, log out)
    : book_(std::move(book)), limits_(l), log_(std::move(out))
{
}

transport::http_handler::admission reply_handler::admit(const transport::request& head)
{
    admission out;
    out.body_limit = limits_.body;
    out.handler_timeout = limits_.time + std::chrono::seconds(5);
    if (head.method != "POST")
    {
        out.refusal = refused(405, "only POST");
        out.refusal->headers.set("Allow", "POST");
        return out;
    }
    out.refusal = refusal(book_->look(id_of(head), clock::now()));
    return out;
}

awaitable<transport::response> reply_handler::answer(transport::request r)
{
    const std::string id(id_of(r));
    auto what = read_spoken(std::string(r.headers.get("Content-Type")), std::move(r.body));
    if (!what)
        co_return refused(400, what.error().ours.empty() ? "not understood" : what.error().ours);
    if (what->what == spoken::kind::nothing)
        co_return refused(400, "there is nothing to say");
    auto use = book_->take(id, clock::now());
    if (auto no = refusal(use.found))
        co_return std::move(*no);
    const auto said = co_await use.say(std::move(*what));
    if (!said)
    {
        log_.warning("a later reply did not go out", {{"reply", shown(id)}, {"why", describe(said.error())}});
        const bool maybe_out = said.error().maybe_sent;
        if (!maybe_out)
            book_->give_back(id, std::move(use.say), clock::now());
        if (said.error().is(errc::bad_input) || said.error().is(errc::too_large))
            co_return refused(400, said.error().ours.empty() ? "it can't be sent" : said.error().ours);
        co_return refused(502, maybe_out ? "it may be out, or not" : "it could not be sent now");
    }
    log_.info("a later reply went out", {{"reply", shown(id)}});
    co_return told(200, "said", true);
}

} // namespace postern::no_code
