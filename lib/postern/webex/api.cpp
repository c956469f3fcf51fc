#include "postern/webex/rest_api.hpp"

#include <algorithm>

namespace postern::webex {
namespace {

error refuse(std::string why)
{
    return error(errc::bad_configuration, "using the Webex API").because(std::move(why));
}

bool fits_header(std::string_view token)
{
    return std::all_of(token.begin(), token.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

} // namespace

result<std::shared_ptr<api>> make_api(api_options options, secret token,
                                      std::shared_ptr<transport::http_client> client, log out)
{
    auto base = transport::parse_url(options.base_url);
    if (!base)
        return refuse("base_url is not an http or https URL: " + base.error().ours);
    if (base->target.find('?') != base->target.npos)
        return refuse("base_url has a query");
    if (!base->target.ends_with('/'))
        base->target += '/';
    if (token.empty())
        return refuse("the access token is empty");
    if (!fits_header(token.reveal()))
        return refuse(
            "the access token has spaces or characters that no token has; is there a line break at its end?");

    options.attempts = std::max(options.attempts, 1u);
    options.page_size = std::max<std::size_t>(options.page_size, 1);
    options.pages = std::max<std::size_t>(options.pages, 1);
    return std::shared_ptr<api>(std::make_shared<rest_api>(options, std::move(*base), std::move(token),
                                                           std::move(client), std::move(out)));
}

awaitable<result<void>> rest_api::remove(std::string family, std::string id, std::string doing,
                                         deadline limit)
{
    const auto part = path_part(id);
    if (!part)
        co_return error(errc::bad_input, doing).because(part.error().ours);
    call what{"DELETE", rest_.at(family + '/' + *part), doing, family};
    const auto answer = co_await rest_.send(std::move(what), limit);
    if (!answer)
        co_return answer.error();
    co_return result<>();
}

awaitable<result<person>> rest_api::me(deadline limit)
{
    return get<person>("people", "me", "asking who we are", limit);
}

awaitable<result<person>> rest_api::get_person(std::string id, deadline limit)
{
    return get<person>("people", std::move(id), "reading a person", limit);
}

awaitable<result<std::vector<person>>> rest_api::find_people(std::string email, deadline limit)
{
    if (email.empty())
        co_return error(errc::bad_input, "looking for a person").because("the email address is empty");
    transport::query_params query;
    query.emplace_back("email", std::move(email));
    co_return co_await list<person>("people", std::move(query), all, "looking for a person", limit);
}

} // namespace postern::webex
