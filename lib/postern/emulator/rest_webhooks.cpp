#include "postern/emulator/routes.hpp"
#include "postern/emulator/shapes.hpp"

#include <algorithm>
#include <array>

namespace postern::emulator {
namespace {

// Creating takes the read scope of what is listened to (protocol/webex-rest.md 4.9).
bool may_listen(const token_grant& grant, std::string_view resource)
{
    constexpr std::array<std::string_view, 3> all{"messages", "rooms", "memberships"};
    const auto readable = [&](std::string_view what) {
        return allows(grant,
                      "spark:" + std::string(what == "attachmentActions" ? "messages" : what) + "_read");
    };
    return resource == "all" ? std::all_of(all.begin(), all.end(), readable) : readable(resource);
}

} // namespace

granted<transport::response> list_webhooks(call& c)
{
    const auto p = page_of(c, 100, 1000);
    if (!p)
        return p.error();
    auto all = c.state.webhooks_of(c.who);
    if (c.parameter("ownedBy") == "org") // nobody owns one for a whole organisation here
        all.clear();
    return list_response(c, *p, all, [&](const webhook* hook) { return show(*hook, c.state); });
}

granted<transport::response> create_webhook(call& c)
{
    const auto body = body_of(c);
    if (!body)
        return body.error();
    const auto owned_by = text_in(*body, "ownedBy");
    const auto key = text_in(*body, "secret");
    webhook_wish wish;
    for (const auto& [name, where] : {std::pair{"name", &wish.name}, std::pair{"targetUrl", &wish.target_url},
                                      std::pair{"resource", &wish.resource}, std::pair{"event", &wish.event},
                                      std::pair{"filter", &wish.filter}})
    {
        auto text = text_in(*body, name);
        if (!text)
            return text.error();
        *where = std::move(*text);
    }
    if (!owned_by || !key)
        return refused::malformed();
    if (*owned_by == "org" || !may_listen(c.grant, wish.resource))
        return refused::not_allowed();
    wish.key = secret(*key);
    const auto made = c.state.add_webhook(c.who, std::move(wish));
    if (!made)
        return made.error();
    return json_response(show(**made, c.state));
}

granted<transport::response> get_webhook(call& c)
{
    const auto found = c.state.webhook_of(c.who, c.captured[0]);
    if (!found)
        return found.error();
    return json_response(show(**found, c.state));
}

// Clients put the whole object back; only name, targetUrl, secret and status=active have an effect.
granted<transport::response> update_webhook(call& c)
{
    const auto body = body_of(c);
    if (!body)
        return body.error();
    const auto name = text_in(*body, "name");
    const auto target = text_in(*body, "targetUrl");
    const auto key = text_in(*body, "secret");
    const auto status = text_in(*body, "status");
    if (!name || !target || !key || !status)
        return refused::malformed();
    webhook_edit edit{*name, *target, std::nullopt, *status == "active"};
    if (!key->empty())
        edit.key = secret(*key);
    const auto found = c.state.update_webhook(c.who, c.captured[0], std::move(edit));
    if (!found)
        return found.error();
    return json_response(show(**found, c.state));
}

granted<transport::response> delete_webhook(call& c)
{
    const auto gone = c.state.remove_webhook(c.who, c.captured[0]);
    if (!gone)
        return gone.error();
    return no_content();
}

} // namespace postern::emulator
