#pragma once

#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"
#include "postern/webex/types.hpp"

#include <string>

namespace postern::source {

// What the REST API tells, as the public webhook envelope (protocol/webex-rest.md 5.1, 5.2): the fields that
// a webhook would have had as far as they can be known, and never a text. The key that verify makes of one is
// that of the live event. Its `created`, which in a webhook is the webhook's, is when it happened.

// `where`: the room that was asked about, for a message that doesn't tell.
std::string message_envelope(webex::message, const webex::room& where, const webex::person& me);

// Who added us is not told, so there is no actorId.
std::string joined_envelope(const webex::membership&, const webex::person& me);

// The remembered membership is gone. When and by whose hand is not told: `data.created` is `after`, the
// beginning of the time in which it happened, so that the next time we leave the same room is another event.
std::string left_envelope(const room_position&, wall_time after, const webex::person& me);

} // namespace postern::source
