#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace postern::verify {

// The one spelling of a resource or event name that the rest of postern compares with: "attachmentactions"
// and "AttachmentActions" become "attachmentActions". A name that is in no table stays as it came.
std::string canonical_resource(std::string_view name);
std::string canonical_event(std::string_view name);

// What a key is made of. The views must outlive the call only.
struct key_facts
{
    std::string_view resource; // canonical
    std::string_view name;     // canonical
    std::string_view data_id;  // may be empty where the payload has no `data.id`
    std::string_view created;  // data.created as it came, or empty
    std::string_view updated;  // data.updated as it came, or empty
    std::string_view actor;    // actorId, or empty
    // The whole `data` as text, whatever its form, as long as equal data is equal text. Few events ask for
    // it.
    std::function<std::string()> data;
};

// What makes two notifications one event. Two notifications with the same key are handled once, so the key
// must differ wherever the events differ; where nothing in the payload tells, a hash of `data` stands in.
//
// The envelope can't help: its `id` names the webhook and its `created` is the birth of the webhook, the same
// for every delivery (protocol/webex-rest.md 5.1).
std::string event_key(const key_facts&);

} // namespace postern::verify
