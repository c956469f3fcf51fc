#include "postern/emulator/cloud.hpp"

#include "postern/emulator/ascii.hpp"
#include "postern/emulator/canonical_json.hpp"
#include "postern/emulator/control.hpp"
#include "postern/emulator/shapes.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

constexpr std::size_t kept = 1000; // notes of each kind

template <class T>
void keep(std::deque<T>& notes, T note)
{
    notes.push_back(std::move(note));
    if (notes.size() > kept)
        notes.pop_front();
}

transport::response too_many(const rate_settings& settings, unsigned seconds)
{
    auto response = error_response({429, "Too many requests."});
    if (settings.html)
    {
        response.headers.set("Content-Type", "text/html");
        response.body = "<html><body><h1>429 Too Many Requests</h1></body></html>";
    }
    response.headers.set("Retry-After",
                         settings.retry_after.empty() ? std::to_string(seconds) : settings.retry_after);
    finish(response);
    return response;
}

} // namespace

cloud::cloud(world_seed seed, std::string public_url, world::clock reads, bool tls)
    : seed_(std::move(seed)), reads_(std::move(reads)), world_(reads_),
      rest_(world_, devices_, std::move(public_url), tls)
{
    rebuild();
}

void cloud::rebuild()
{
    world_ = world(reads_);
    devices_ = {};
    plant(seed_, world_);
    rest_.odd = {};
    rate_.set({});
    mode_ = {};
    modern_signature_ = false;
    counters_.clear();
    requests_.clear();
    deliveries_.clear();
    faults.clear();
    switchboard_.reset({4404, "registration unknown", false});
    outage_ = false;
    if (set_mode_)
        set_mode_(mode_);
}

bool cloud::controls(std::string_view path)
{
    return path == "/_emulator" || path.starts_with("/_emulator/");
}

void cloud::remember(const transport::request& r, std::string_view who, unsigned status)
{
    counters_.note(r, who, status);
    keep(requests_, {world_.now(), std::string(who), ascii_only(r.method.substr(0, 16)),
                     ascii_only(r.target.substr(0, 500)), status});
}

void cloud::note_request(const transport::request& r, unsigned status)
{
    const std::lock_guard lock(mutex_);
    const auto* caller = rest_.caller(r);
    remember(r, caller ? caller->name : std::string(), status);
}

std::optional<std::string> cloud::wants_file(const transport::request& r) const
{
    const std::lock_guard lock(mutex_);
    return rest_.wants_file(r);
}

// Who is told is decided now, while the world is as the activity left it; the telling comes later.
void cloud::settle(std::vector<activity>& activities, settled& s)
{
    for (const auto& a : activities)
    {
        const auto* room = world_.find_room(a.room);
        observed o{"activity",
                   a.resource,
                   a.event,
                   subject_id(a),
                   room ? id_of(*room) : std::string(),
                   person_id(a.actor),
                   0,
                   world_.now(),
                   {}};
        if (a.resource == "messages" && a.event == "created")
        {
            auto posted = o;
            posted.what = "posted";
            s.seen.push_back(std::move(posted));
        }
        for (const auto* hook : world_.webhooks())
            if (a.event != "seen" && fires(*hook, a, world_)) // no webhook tells of what was read
            {
                auto about = o;
                about.what = "webhook sent";
                about.note = hook->name;
                s.deliveries.push_back(
                    {{id_of(*hook), hook->target_url, to_js_json(envelope_of(*hook, a, world_)), hook->key,
                      o.data_id, modern_signature_},
                     std::move(about)});
            }
        s.seen.push_back(std::move(o));
    }
    settle_sockets(activities, s);
}

cloud::settled cloud::answer(const transport::request& r, const fetched_file* fetched)
{
    const std::lock_guard lock(mutex_);
    settled s;
    const auto* caller = rest_.caller(r);
    const auto name = caller ? caller->name : std::string();
    const auto wait =
        caller ? rate_.exceeded(caller->uuid, r.path(), std::chrono::steady_clock::now() + world_.ahead())
               : std::nullopt;
    if (wait)
    {
        s.response = too_many(rate_.settings(), *wait);
        counters_.refused_by_rate();
    }
    else
    {
        const bool of_devices = r.path().starts_with("/wdm");
        const auto before = of_devices ? registrations() : std::set<std::string>();
        auto done = rest_.answer(r, fetched);
        s.response = std::move(done.response);
        settle(done.activities, s);
        if (of_devices)
            note_registrations(before);
    }
    remember(r, name, s.response.status);
    return s;
}

cloud::settled cloud::control(const transport::request& r)
{
    const std::lock_guard lock(mutex_);
    return control_desk(*this).answer(r);
}

void cloud::delivery_began(const dispatch& d)
{
    const std::lock_guard lock(mutex_);
    keep(deliveries_, {d.what.webhook_id, d.about, {}, {}, false});
}

observed cloud::delivery_ended(const delivery_report& d)
{
    const std::lock_guard lock(mutex_);
    const auto begun = std::find_if(deliveries_.rbegin(), deliveries_.rend(), [&](const delivery_note& n) {
        return n.webhook == d.webhook_id && n.about.data_id == d.data_id;
    });
    delivery_note note;
    if (begun != deliveries_.rend())
        note = *begun;
    note.webhook = d.webhook_id;
    note.about.data_id = d.data_id;
    note.about.status = d.status;
    note.problem = d.problem;
    note.took = d.took;
    note.ended = true;
    if (begun != deliveries_.rend() && !begun->ended)
        *begun = note;
    else
        keep(deliveries_, note); // the second copy, when deliveries are to be duplicated

    auto o = note.about;
    o.what = "webhook answered";
    o.at = world_.now();
    o.note = d.problem;
    if (!d.problem.empty() && world_.delivery_failed(d.webhook_id))
        o.note += "; the webhook is disabled now";
    return o;
}

void cloud::on_mode(std::function<void(delivery_mode)> set)
{
    const std::lock_guard lock(mutex_);
    set_mode_ = std::move(set);
}

std::string cloud::token_of(std::string_view name) const
{
    for (const auto& p : seed_.people)
        if (p.who.name == name)
            return p.token;
    return {};
}

std::string cloud::person_id_of(std::string_view name) const
{
    const std::lock_guard lock(mutex_);
    const auto* found = world_.person_named(name);
    return found ? person_id(found->uuid) : std::string();
}

std::vector<std::pair<std::string, std::string>> cloud::tokens() const
{
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& p : seed_.people)
        all.emplace_back(p.who.name, p.token);
    return all;
}

} // namespace postern::emulator
