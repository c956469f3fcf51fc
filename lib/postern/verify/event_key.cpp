#include "postern/verify/event_key.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/secret.hpp"
#include "postern/base/time.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace postern::verify {
namespace {

// The names of protocol/webex-rest.md 5.3; "seen" is the websocket's own (protocol/mercury.md 7.2).
constexpr std::array<std::string_view, 17> resources{
    "messages",           "memberships",    "rooms",           "attachmentActions",    "meetings",
    "recordings",         "serviceApp",     "dataSources",     "convergedRecordings",  "meetingParticipants",
    "meetingTranscripts", "adminBatchJobs", "telephony_calls", "telephony_conference", "telephony_mwi",
    "uc_counter",         "uc_counters"};
constexpr std::array<std::string_view, 12> events{
    "created", "updated", "deleted", "migrated",   "started",      "ended",
    "joined",  "left",    "seen",    "authorized", "deauthorized", "statusChanged",
};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_word(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string canonical(std::string_view name, std::span<const std::string_view> known)
{
    const auto found =
        std::find_if(known.begin(), known.end(), [&](std::string_view k) { return same_word(k, name); });
    return std::string(found == known.end() ? name : *found);
}

// What is added to `resource:event:data.id`.
enum class distinction
{
    none,    // the id says it all
    created, // and data.created
    updated  // and data.updated
};

struct rule
{
    std::string_view resource;
    std::string_view name;
    distinction by;
};

// clang-format off
// What makes two notifications one event:
//
// resource           event    besides data.id  because
// -----------------  -------  ---------------  ------------------------------------------------------------
// messages           created  -                a message id is created once
// messages           deleted  -                and deleted once
// messages           updated  data.updated     a message may be edited again and again; REST keeps its id
// attachmentActions  created  -                every submission has an id of its own
// rooms              created  -                a room id is created once
// memberships        created  data.created     the id is person and room: one may leave and come back
// memberships        deleted  data.created     the same; a webhook has the time of the join there,
//                                              the websocket that of the leave: they don't know each other's
// everything else             data.updated     nothing more is known of it
//
// Where that time is missing, or is no time, a hash of data and actorId stands in: rooms:updated, say, has
// no `updated`, but its lastActivity differs. The price: an update that brings back an earlier state to the
// last byte (a moderator made, unmade and made again, as a webhook tells it) can't be told from a repetition;
// and webhook and websocket, which tell such an update with other fields, don't know each other's either.
// clang-format on
constexpr std::array rules{
    rule{"messages", "created", distinction::none},
    rule{"messages", "deleted", distinction::none},
    rule{"attachmentActions", "created", distinction::none},
    rule{"rooms", "created", distinction::none},
    rule{"memberships", "created", distinction::created},
    rule{"memberships", "deleted", distinction::created},
};

distinction distinguished_by(const key_facts& f)
{
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const rule& r) {
        return r.resource == f.resource && r.name == f.name;
    });
    return found == rules.end() ? distinction::updated : found->by;
}

std::string digest(const key_facts& f)
{
    // Keyed with a label only because that is the hash at hand; half of it is enough to tell events apart.
    static const secret label("postern event key");
    std::string text(f.actor);
    (text += '\n') += f.data();
    return hmac_sha256_hex(label, text).substr(0, 32);
}

// One moment has many spellings ("Z", "+00:00", with and without a fraction): the key has one.
std::string moment_or_digest(std::string_view time, const key_facts& f)
{
    const auto moment = parse_time(time);
    return moment ? format_time(*moment) : digest(f);
}

} // namespace

std::string canonical_resource(std::string_view name) { return canonical(name, resources); }
std::string canonical_event(std::string_view name) { return canonical(name, events); }

std::string event_key(const key_facts& f)
{
    std::string key(f.resource);
    ((key += ':') += f.name) += ':';
    if (f.data_id.empty())
        return key += digest(f);
    key += f.data_id;

    switch (distinguished_by(f))
    {
    case distinction::none: return key;
    case distinction::created: return (key += ':') += moment_or_digest(f.created, f);
    case distinction::updated: return (key += ':') += moment_or_digest(f.updated, f);
    }
    return key;
}

} // namespace postern::verify
