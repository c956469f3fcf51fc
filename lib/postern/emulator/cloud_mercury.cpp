#include "postern/emulator/cloud.hpp"

#include "postern/emulator/canonical_json.hpp"
#include "postern/emulator/mercury_handshake.hpp"
#include "postern/emulator/shapes.hpp"

#include <map>

namespace postern::emulator {
namespace {

const char* reason_of(unsigned status)
{
    return status == 401 ? "Unauthorized" : status == 403 ? "Forbidden" : "Not Found";
}

} // namespace

bool cloud::is_socket(const transport::request& r) { return read_socket_wish(r).has_value(); }

const person* cloud::bearer_of(std::string_view token) const
{
    const auto* grant = world_.find_token(bare_token(token));
    return grant && !grant->expired ? world_.find_person(grant->person) : nullptr;
}

cloud::admission cloud::knock(const transport::request& r)
{
    const std::lock_guard lock(mutex_);
    admission a;
    const auto wish = read_socket_wish(r);
    const auto* owner = wish ? devices_.find_registration(wish->registration, world_.now()) : nullptr;
    const bool shows_token = r.headers.has("Authorization");
    const auto* caller = shows_token ? rest_.caller(r) : nullptr;
    const auto refuse = [&](const refusal& why) {
        a.refused = error_response(why);
        finish(*a.refused);
        remember(r, caller ? caller->name : std::string(), why.status);
        return a;
    };
    if (!wish || !transport::wants_websocket(r))
        return refuse({426, "A websocket is served here."});
    if (hung_up_)
        return refuse({503, "The emulator is stopping."});

    unsigned failed = 0;
    if (shows_token && !caller)
        failed = 401;
    else if (!owner)
        failed = 404;
    else if (caller && caller->uuid != owner->person)
        failed = 403;
    if (failed != 0 && !wish->alias)
        return refuse({failed, reason_of(failed)});
    if (failed != 0)
        a.end = mercury_end{static_cast<std::uint16_t>(4000 + failed), reason_of(failed), false};
    a.who = {wish->registration,
             owner ? owner->person : std::string(),
             rest_.origin_of(r),
             r.peer,
             wish->text,
             wish->many,
             wish->registration_status,
             wish->alias};
    a.authorised = caller != nullptr && failed == 0;
    remember(r, caller ? caller->name : std::string(), 101);
    return a;
}

socket_id cloud::open_socket(const admission& a, switchboard::wake_fn wake,
                             std::chrono::milliseconds authorise_within)
{
    const std::lock_guard lock(mutex_);
    const auto id = switchboard_.open(a.who, std::move(wake), authorise_within, moment_now());
    if (a.end)
        switchboard_.end(id, *a.end);
    else if (a.authorised)
        switchboard_.authorise(id, moment_now());
    return id;
}

void cloud::heard(socket_id id, std::string_view payload)
{
    const auto frame = read_client_frame(payload);
    const std::lock_guard lock(mutex_);
    const auto* who = switchboard_.find(id);
    if (!who)
        return;
    if (!devices_.find_registration(who->registration, world_.now()))
        return switchboard_.end(id, {4404, "registration unknown", false});
    switch (frame.what)
    {
    case client_frame::kind::nothing: return;
    case client_frame::kind::ping: return switchboard_.ping(id, frame.text, moment_now());
    case client_frame::kind::ack: return switchboard_.acknowledge(id, frame.text);
    case client_frame::kind::authorization: break;
    }
    if (switchboard_.authorised(id)) // by the header, or before
        return;
    const auto* bearer = bearer_of(frame.text);
    if (bearer && bearer->uuid == who->person)
        return switchboard_.authorise(id, moment_now());
    const std::uint16_t alias = bearer ? 4403 : 4401;
    switchboard_.end(id, {who->alias ? alias : std::uint16_t{1008}, "authentication failed", false});
}

mercury_step cloud::next_step(socket_id id)
{
    const std::lock_guard lock(mutex_);
    return switchboard_.next(id, moment_now());
}

bool cloud::stalled(socket_id id) const
{
    const std::lock_guard lock(mutex_);
    return switchboard_.stalled(id);
}

bool cloud::to_be_cut(socket_id id) const
{
    const std::lock_guard lock(mutex_);
    return switchboard_.to_be_cut(id);
}

void cloud::socket_gone(socket_id id)
{
    const std::lock_guard lock(mutex_);
    switchboard_.gone(id);
}

bool cloud::tell(const telling& what)
{
    const std::lock_guard lock(mutex_);
    return switchboard_.tell(what.registration, what.what, moment_now());
}

void cloud::hang_up()
{
    const std::lock_guard lock(mutex_);
    hung_up_ = true;
    switchboard_.hang_up();
}

bool cloud::has_sockets() const
{
    const std::lock_guard lock(mutex_);
    return switchboard_.any();
}

bool cloud::in_outage() const
{
    const std::lock_guard lock(mutex_);
    return outage_;
}

// Who is told is decided now, while the world is as the activity left it; the telling comes later.
void cloud::settle_sockets(const std::vector<activity>& batch, settled& s)
{
    if (batch.empty())
        return;
    end_unregistered();
    const auto now = world_.now();
    for (const auto& one : conversation_activities(batch, activity_ids_, now, switchboard_.mode.scans))
    {
        std::map<std::string, std::shared_ptr<const std::string>> shown; // by origin
        for (const auto& person : one.audience)
            for (const auto* device : devices_.of(person, now))
            {
                const auto origin = switchboard_.origin_of(device->registration);
                if (!origin || device->elsewhere || switchboard_.deaf(device->registration))
                    continue;
                auto& text = shown[*origin];
                if (!text)
                {
                    json::object data;
                    data["activity"] = show(one, world_, *origin);
                    data["eventType"] = "conversation.activity";
                    text = std::make_shared<const std::string>(to_js_json(data));
                }
                const auto& a = *one.about;
                s.tellings.push_back({device->registration,
                                      {text, now},
                                      {"frame sent", a.resource, a.event, subject_id(a), id_of(a.where),
                                       person_id(a.actor), 0, now, text_or(device->given, "name")}});
            }
    }
}

// A device that is gone takes its sockets with it (protocol/mercury.md 4.7, 4404).
void cloud::end_unregistered()
{
    const auto now = world_.now();
    for (const auto id : switchboard_.sockets())
        if (!devices_.find_registration(switchboard_.find(id)->registration, now))
            switchboard_.end(id, {4404, "registration unknown", false});
    for (const auto& registration : switchboard_.registrations())
        if (!devices_.find_registration(registration, now))
            switchboard_.forget(registration);
}

// A request that was about devices: new ones may be deaf.
void cloud::note_registrations(const std::set<std::string>& before)
{
    end_unregistered();
    if (!switchboard_.mode.deaf)
        return;
    for (const auto& one : registrations())
        if (!before.contains(one))
            switchboard_.deafen(one);
}

std::set<std::string> cloud::registrations() const
{
    std::set<std::string> all;
    for (const auto* d : devices_.all())
        all.insert(d->registration);
    return all;
}

} // namespace postern::emulator
