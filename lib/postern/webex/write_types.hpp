#pragma once

// From values to what the service is sent. Everything that the service would refuse for certain is refused
// here, before anything is sent: all errors are bad_input.

#include "postern/base/result.hpp"
#include "postern/base/secret.hpp"
#include "postern/transport/multipart.hpp"
#include "postern/webex/types.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace postern::webex {

// Of `text` and of `markdown`, each (protocol/webex-rest.md 4.5).
inline constexpr std::size_t longest_text = 7439;               // bytes of UTF-8
inline constexpr std::size_t largest_file = 100u * 1024 * 1024; // bytes (4.6)

// Exactly one destination, something to say, no text too long, a card that is a JSON object.
result<std::string> message_json(const new_message&);

// The text fields of a message with an uploaded file, for multipart/form-data. No card and no file URL: a
// message carries one file, and cards are only documented in JSON.
result<std::vector<transport::form_field>> message_fields(const new_message&);
// What to read it from; at most largest_file bytes if they are in memory.
result<transport::form_file> upload_file(file_upload);

result<std::string> edit_json(std::string_view room_id, std::string_view markdown);
result<std::string> room_json(std::string_view title);
result<std::string> new_membership_json(std::string_view room_id, std::string_view person_email,
                                        bool moderator);
result<std::string> moderator_json(bool moderator);
// `inputs_json` must be an object; empty stands for one without members.
result<std::string> submit_json(std::string_view message_id, std::string_view inputs_json);
result<std::string> new_webhook_json(const new_webhook&, const secret&);
result<std::string> webhook_update_json(std::string_view name, std::string_view target_url, const secret&);

// An id as a part of a path, encoded. Refuses what would make it another path.
result<std::string> path_part(std::string_view id);

} // namespace postern::webex
