#include "postern/emulator/webhook_rules.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace postern::emulator {
namespace {

using words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 2> created_deleted{"created", "deleted"};
constexpr std::array<std::string_view, 3> created_updated_deleted{"created", "updated", "deleted"};
constexpr std::array<std::string_view, 3> created_updated_migrated{"created", "updated", "migrated"};
constexpr std::array<std::string_view, 5> of_meetings{"created", "updated", "deleted", "started", "ended"};
constexpr std::array<std::string_view, 2> joined_left{"joined", "left"};
constexpr std::array<std::string_view, 1> only_created{"created"};
constexpr std::array<std::string_view, 1> only_updated{"updated"};
constexpr std::array<std::string_view, 2> of_apps{"authorized", "deauthorized"};
constexpr std::array<std::string_view, 1> status_changed{"statusChanged"};

constexpr std::array<std::string_view, 7> message_keys{
    "roomId", "roomType", "personId", "personEmail", "mentionedPeople", "hasFiles", "hasAttachments"};
constexpr std::array<std::string_view, 4> membership_keys{"roomId", "personId", "personEmail", "isModerator"};
constexpr std::array<std::string_view, 2> room_keys{"type", "isLocked"};
constexpr std::array<std::string_view, 3> action_keys{"messageId", "personId", "roomId"};
constexpr std::array<std::string_view, 7> meeting_keys{"id",        "meetingNumber", "meetingType", "state",
                                                       "hostEmail", "hostUserId",    "siteUrl"};
constexpr std::array<std::string_view, 6> participant_keys{"id",        "meetingId",    "state",
                                                           "hostEmail", "hostPersonId", "siteUrl"};
constexpr std::array<std::string_view, 7> recording_keys{
    "id", "meetingId", "scheduledMeetingId", "meetingSeriesId", "hostEmail", "hostUserId", "siteUrl"};
constexpr std::array<std::string_view, 7> converged_keys{
    "recordingId", "ownerId", "ownerEmail", "ownerType", "storageRegion", "serviceType", "locationId"};
constexpr std::array<std::string_view, 5> call_keys{"personality", "state", "number", "personId", "callType"};
constexpr std::array<std::string_view, 4> app_keys{"id", "friendlyName", "trainSiteNames",
                                                   "adminTrainSiteNames"};
constexpr std::array<std::string_view, 4> source_keys{"id", "schemaId", "appId", "orgId"};
constexpr std::array<std::string_view, 1> job_keys{"jobType"};
constexpr std::array<std::string_view, 4> counter_keys{"clusterName", "hostName", "nodeType", "agentId"};

struct subscription
{
    std::string_view resource;
    words events;
    words filter_keys;
    bool firehose = false; // takes the event "all"
};

// protocol/webex-rest.md 5.3. The emulator fires those of the first four.
constexpr std::array subscriptions{
    subscription{"messages", created_deleted, message_keys, true},
    subscription{"memberships", created_updated_deleted, membership_keys, true},
    subscription{"rooms", created_updated_migrated, room_keys, true},
    subscription{"attachmentActions", only_created, action_keys},
    subscription{"meetings", of_meetings, meeting_keys},
    subscription{"meetingParticipants", joined_left, participant_keys},
    subscription{"meetingTranscripts", only_created, recording_keys},
    subscription{"recordings", created_updated_deleted, recording_keys},
    subscription{"convergedRecordings", created_updated_deleted, converged_keys},
    subscription{"telephony_calls", created_updated_deleted, call_keys},
    subscription{"telephony_conference", created_updated_deleted, {}},
    subscription{"telephony_mwi", only_updated, {}},
    subscription{"serviceApp", of_apps, app_keys},
    subscription{"dataSources", created_updated_deleted, source_keys},
    subscription{"adminBatchJobs", status_changed, job_keys},
    subscription{"uc_counter", only_updated, counter_keys},
    subscription{"uc_counters", only_updated, counter_keys},
    subscription{"all", {}, {}, true},
};

const subscription* find(std::string_view resource)
{
    for (const auto& s : subscriptions)
        if (s.resource == resource)
            return &s;
    return nullptr;
}

bool has(words all, std::string_view word) { return std::find(all.begin(), all.end(), word) != all.end(); }

refusal invalid(std::string_view what, std::string_view key)
{
    return {400, "invalid " + std::string(what) + " for filter: " + std::string(key)};
}

bool possible(std::string_view key, std::string_view value)
{
    if (key == "roomType" || key == "type")
        return value == "direct" || value == "group";
    if (key == "hasFiles" || key == "hasAttachments" || key == "isModerator" || key == "isLocked")
        return value == "true" || value == "false";
    return !value.empty();
}

} // namespace

granted<> check_subscription(std::string_view resource, std::string_view event)
{
    const auto* s = find(resource);
    if (!s)
        return refusal{400, "Invalid resource for Create Webhook request."};
    if (!(event == "all" && s->firehose) && !has(s->events, event))
        return refusal{400, "Invalid event for Create Webhook request."};
    return {};
}

granted<conditions> read_filter(std::string_view resource, std::string_view filter)
{
    conditions all;
    const auto* s = find(resource);
    while (!filter.empty())
    {
        const auto pair = filter.substr(0, filter.find('&'));
        filter.remove_prefix(std::min(filter.size(), pair.size() + 1));
        const auto key = pair.substr(0, pair.find('='));
        const auto value = pair.substr(std::min(pair.size(), key.size() + 1));
        if (!s || !has(s->filter_keys, key))
            return invalid("key", key);
        if (!possible(key, value))
            return invalid("value", key);
        all.emplace_back(key, value);
    }
    return all;
}

bool covers(std::string_view resource, std::string_view event, std::string_view happened_to,
            std::string_view happened)
{
    const bool in_firehose =
        happened_to == "messages" || happened_to == "memberships" || happened_to == "rooms";
    const bool resource_fits = resource == happened_to || (resource == "all" && in_firehose);
    const bool event_fits = event == happened || (event == "all" && in_firehose && happened != "migrated");
    return resource_fits && event_fits;
}

} // namespace postern::emulator
