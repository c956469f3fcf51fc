#include "postern/emulator/conversation_urls.hpp"
#include "postern/emulator/routes.hpp"

namespace postern::emulator {
namespace {

constexpr std::string_view wrong_region = "/wdm-elsewhere/";

bool is_elsewhere(const call& c) { return c.http.path().starts_with(wrong_region); }

refusal no_such_device() { return {404, "Device not found"}; }

std::string etag_of(const device& d) { return '"' + std::to_string(d.version) + '"'; }

bool has_current(const call& c, const device& d) { return c.http.headers.get("If-None-Match") == etag_of(d); }

// Each region's WDM knows its own devices, and those of the caller only.
const device* own_device(const call& c)
{
    const auto* found = c.devices.find(c.captured[0], c.state.now());
    return found && found->person == c.who.uuid && found->elsewhere == is_elsewhere(c) ? found : nullptr;
}

json::object features_for(bool with_developer)
{
    json::object features;
    if (with_developer)
        features["developer"] = json::array();
    features["entitlement"] = json::array();
    features["user"] = json::array();
    return features;
}

// protocol/mercury.md 3.3. A client that has the current version is not told its developer features again
// (3.4).
json::object show(const call& c, const device& d, bool with_developer)
{
    json::object o;
    o["url"] = c.origin + (d.elsewhere ? "/wdm-elsewhere" : "/wdm") + "/api/v1/devices/" + d.id;
    o["webSocketUrl"] =
        websocket_origin(c.origin) + "/v1/apps/wx2/registrations/" + d.registration + "/messages";
    for (const auto& [key, value] : d.given)
        o.insert_or_assign(key, value);
    o["features"] = features_for(with_developer);
    o["creationTime"] = format_time(d.created);
    o["modificationTime"] = format_time(d.modified);
    o["deviceSettings"] = json::object();
    o["deviceSettingsString"] = "{}";
    o["userId"] = d.person;
    o["orgId"] = c.who.org;
    json::object services;
    services["encryptionServiceUrl"] = c.origin + "/encryption/api/v1";
    services["conversationServiceUrl"] = conversation_base(c.origin, "us");
    o["services"] = std::move(services);
    return o;
}

transport::response answer_with(const call& c, const device& d, bool with_developer = true)
{
    auto response = json_response(show(c, d, with_developer));
    response.headers.set("etag", etag_of(d));
    return response;
}

} // namespace

granted<transport::response> list_devices(call& c)
{
    json::array shown;
    for (const auto* d : c.devices.of(c.who.uuid, c.state.now()))
        if (d->elsewhere == is_elsewhere(c))
            shown.push_back(show(c, *d, true));
    if (shown.empty())
        return refusal{404, "No devices found"};
    json::object body;
    body["devices"] = std::move(shown);
    return json_response(body);
}

granted<transport::response> register_device(call& c)
{
    auto body = body_of(c);
    if (!body)
        return body.error();
    const auto made = c.devices.add(c.who.uuid, std::move(*body), is_elsewhere(c), c.state.now());
    if (!made)
        return made.error();
    return answer_with(c, **made);
}

granted<transport::response> get_device(call& c)
{
    const auto* d = own_device(c);
    if (!d)
        return no_such_device();
    return answer_with(c, *d);
}

granted<transport::response> refresh_device(call& c)
{
    if (!own_device(c))
        return no_such_device();
    json::object given;
    if (!c.http.body.empty()) // some clients send nothing at all
    {
        auto body = body_of(c);
        if (!body)
            return body.error();
        given = std::move(*body);
    }
    const auto d = c.devices.refresh(c.captured[0], given, c.state.now());
    if (!d)
        return d.error();
    const bool current = has_current(c, **d);
    if (!current || !given.empty())
        return answer_with(c, **d, !current);
    transport::response same;
    same.status = 304;
    same.headers.set("etag", etag_of(**d));
    return same;
}

granted<transport::response> delete_device(call& c)
{
    if (!own_device(c) || !c.devices.remove(c.captured[0]))
        return no_such_device();
    return no_content();
}

} // namespace postern::emulator
