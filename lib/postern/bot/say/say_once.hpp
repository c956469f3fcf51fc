#pragma once

#include "postern/base/async.hpp"
#include "postern/base/result.hpp"
#include "postern/bot/conversation.hpp"

#include <memory>
#include <optional>

namespace postern::matching {

// One message that is to go out.
struct saying
{
    webex::new_message words;
    std::optional<webex::file_upload> file{};
};

// Says one thing as the effect with that number (reply_ledger), or finds that it was said already, and keeps
// account of it in the conversation, the journal, the log and the trail. What was sent by an earlier attempt
// comes back with its id and its place; with all the rest only where it had to be looked up.
awaitable<result<webex::message>> say_once(std::shared_ptr<conversation>, unsigned number, saying);

} // namespace postern::matching
