#pragma once

#include "postern/base/async.hpp"
#include "postern/base/result.hpp"
#include "postern/bot/conversation.hpp"
#include "postern/bot/say/say_once.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::matching {

// A message into the conversation's room, and into its thread.
webex::new_message answer_to(const conversation&);

// Cut into pieces if it is too long for one message. Errors: bad_input for nothing, too_large for more than
// speech::longest_reply.
result<std::vector<std::string>> in_pieces(const conversation&, std::string text,
                                           std::vector<std::string> (*split)(std::string_view, std::size_t));

// One message for each piece, all else as in `like`.
std::vector<saying> sayings(const webex::new_message& like, std::string webex::new_message::*where,
                            std::vector<std::string> pieces);

// One after another, in the room's turn, each once; stops at the first that fails. `first`: the number of the
// first one, if it was taken already. Every failure is logged and told in the trail.
awaitable<result<webex::message>> say(std::shared_ptr<conversation>, std::vector<saying>,
                                      std::optional<unsigned> first = std::nullopt);

// What was not said is a failure like any other.
awaitable<result<webex::message>> refuse(std::shared_ptr<conversation>, error why);

// Something that is no message of its own, an edit for example, in the room's turn.
awaitable<result<>> in_turn(std::shared_ptr<conversation>, std::function<awaitable<result<>>()> act);

} // namespace postern::matching
