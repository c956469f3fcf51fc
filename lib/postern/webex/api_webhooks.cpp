#include "postern/webex/rest_api.hpp"

namespace postern::webex {

awaitable<result<std::vector<webhook>>> rest_api::list_webhooks(deadline limit)
{
    return list<webhook>("webhooks", {}, all, "listing webhooks", limit);
}

awaitable<result<webhook>> rest_api::create_webhook(new_webhook what, secret key, deadline limit)
{
    unspeakable hidden{key};
    return post<webhook>("webhooks", new_webhook_json(what, key), std::move(hidden), "making a webhook",
                         limit);
}

awaitable<result<webhook>> rest_api::update_webhook(std::string id, std::string name, std::string target_url,
                                                    secret key, deadline limit)
{
    unspeakable hidden{key};
    return put<webhook>("webhooks", std::move(id), webhook_update_json(name, target_url, key),
                        std::move(hidden), "updating a webhook", limit);
}

awaitable<result<>> rest_api::delete_webhook(std::string id, deadline limit)
{
    return remove("webhooks", std::move(id), "deleting a webhook", limit);
}

} // namespace postern::webex
