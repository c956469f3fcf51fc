#pragma once

#include "postern/emulator/refusal.hpp"
#include "postern/emulator/values.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postern::emulator {

// Public ids (protocol/webex-rest.md 3). People and organisations are always of cluster "us", everything of a
// room has the room's cluster.
std::string person_id(std::string_view uuid);
std::string organisation_id(std::string_view uuid);
std::string id_of(const room&);
std::string id_of(const membership&);
std::string id_of(const message&);
std::string id_of(const attachment_action&);
std::string id_of(const webhook&);
std::string content_id(const message&, std::size_t index);
std::string room_id(std::string_view cluster, std::string_view uuid);
std::string message_id(std::string_view cluster, std::string_view uuid);

// An id as a caller gave it.
struct reference
{
    std::string native;
    std::optional<std::string> cluster; // none: a bare UUID
};

// Refusals: 400 for what is neither an id nor a UUID, 404 for an id of another type.
granted<reference> read_reference(std::string_view text, std::string_view type);

} // namespace postern::emulator
