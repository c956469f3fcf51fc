#include "postern/bot/say/file_fetcher.hpp"

#include "postern/bot/say/safe_url.hpp"
#include "postern/transport/address_rule.hpp"
#include "postern/webex/content_disposition.hpp"

#include <utility>

namespace postern {
namespace {

bool is_redirect(unsigned status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

error refusal(unsigned status)
{
    const errc code = status == 404 || status == 410   ? errc::not_found
                      : status == 429 || status >= 500 ? errc::api_unavailable
                      : status >= 400 && status < 500  ? errc::api_rejected
                                                       : errc::bad_response;
    error why(code);
    why.status = status;
    why.ours = "the web server does not give it";
    return why;
}

// The last part of the path, as far as it makes a file name.
std::string name_in(const transport::url& where)
{
    const auto path = std::string_view(where.target).substr(0, where.target.find('?'));
    auto name = webex::safe_filename(transport::percent_decode(path.substr(path.rfind('/') + 1)));
    if (name.empty())
        name = "file";
    return name;
}

std::string name_of(const transport::response& answer, const transport::url& where)
{
    auto name = webex::filename_of(answer.headers.get("Content-Disposition"));
    return name.empty() ? name_in(where) : name;
}

} // namespace

result<std::shared_ptr<file_fetcher>> file_fetcher::make(net::any_io_executor executor,
                                                         transport::http_client_options base,
                                                         fetch_options options, log out)
{
    transport::address_rule rule;
    if (!options.allow_private)
        rule = is_public_address;
    auto web =
        transport::make_http_client(std::move(executor), std::move(base), std::move(out), std::move(rule));
    if (!web)
        return web.error();
    return std::make_shared<file_fetcher>(options, std::move(*web));
}

awaitable<result<webex::file_upload>> file_fetcher::fetch(std::string text, std::string name,
                                                          deadline limit) const
{
    const std::string doing = "fetching a file from the web";
    const auto read = [this](const std::string& one) {
        return options_.allow_private ? transport::parse_url(one) : parse_public_url(one);
    };
    auto where = read(text);
    for (unsigned redirects = 0;; ++redirects)
    {
        if (!where)
            co_return error(errc::bad_input, doing).because(where.error().ours);
        transport::request ask;
        ask.target = where->target;
        ask.headers.add("Accept", "*/*");
        ask.response_limit = options_.limit;
        auto answer = co_await web_->send(*where, std::move(ask), limit);
        if (!answer)
            co_return answer.error();
        if (answer->status == 200)
        {
            webex::file_upload out;
            out.filename = name.empty() ? name_of(*answer, *where) : std::move(name);
            out.content_type = transport::media_type(answer->headers.get("Content-Type"));
            out.bytes = std::move(answer->body);
            if (out.bytes.empty())
                co_return error(errc::bad_response, doing).because("the file is empty");
            co_return out;
        }
        if (!is_redirect(answer->status))
            co_return refusal(answer->status).during(doing);
        if (redirects == options_.redirects)
            co_return error(errc::bad_response, doing).because("it is redirected again and again");
        const auto next = transport::resolve_url(*where, answer->headers.get("Location"));
        where = next ? read(next->str()) : result<transport::url>(next.error());
    }
}

} // namespace postern
