#include "web.hpp"

#include <utility>

namespace demobot {

using namespace postern;

namespace {

constexpr auto patience = std::chrono::seconds(10);

error refused(unsigned status)
{
    auto why = status == 404 || status == 410   ? error(errc::not_found)
               : status >= 500 || status == 429 ? error(errc::api_unavailable)
                                                : error(errc::bad_response);
    why.status = status;
    return why;
}

} // namespace

result<std::shared_ptr<web>> web::make(const environment& env, log out)
{
    transport::http_client_options options;
    options.user_agent = "postern-demobot";
    auto proxy = transport::proxy_rules::make({}, env);
    if (!proxy)
        return proxy.error();
    options.proxy = std::move(*proxy);

    std::shared_ptr<web> made(new web);
    auto client =
        transport::make_http_client(made->thread_.get_executor(), std::move(options), std::move(out));
    if (!client)
        return client.error();
    made->client_ = std::move(*client);
    return made;
}

web::~web()
{
    thread_.stop();
    thread_.join();
    client_.reset(); // before the thread's executor, on which its connections live
}

awaitable<result<fetched>> web::get(std::string url, std::size_t limit, deadline until) const
{
    const auto where = transport::parse_url(url);
    if (!where)
        co_return where.error();
    transport::request asked;
    asked.headers.set("Accept", "*/*");
    asked.response_limit = limit;
    auto answer = co_await client_->send(*where, std::move(asked), until.at_most(patience));
    if (!answer)
        co_return answer.error();
    if (answer->status != 200)
        co_return refused(answer->status).during("GET " + where->origin());
    fetched page{*where, transport::media_type(answer->headers.get("Content-Type")), std::move(answer->body)};
    co_return page;
}

std::string excuse(std::string site, const error& why)
{
    if (why.is(errc::too_large))
        return site + " sends more than I can carry.";
    if (why.is(errc::not_found))
        return site + " has nothing there.";
    if (why.is(errc::bad_response) || why.is(errc::bad_input))
        return site + " says something that I do not understand.";
    return site + " does not answer; try again later.";
}

} // namespace demobot
