#pragma once

#include "postern/bot/context.hpp"
#include "postern/bot/no_code/argument_names.hpp"

#include <map>
#include <string>
#include <vector>

namespace postern::no_code {

// What a program or a target is told of a command that was given.
struct telling
{
    // The public webhook envelope (protocol/webex-rest.md 5.1), so that whoever reads webhooks can read it,
    // and behind its members:
    //
    //     "message"    what was said, as GET /messages/{id} shows it (4.4)
    //     "command"    the command's name
    //     "arguments"  an object: those that its description names and that were given. Whole and other
    //                  numbers, true for a flag, {"id", "name"} or {"email"} for a person, texts
    //     "text"       all that was typed behind the command
    //     "replyUrl"   where an answer may be sent later; left out if nowhere
    std::string json;

    // The same for who reads no JSON: POSTERN_COMMAND, POSTERN_ARGS (all that was typed), POSTERN_ARG_<NAME>
    // for each argument (in capitals, "_" for what is neither letter nor digit; "1" for a flag; a person's
    // address, or id where that is not told), POSTERN_SENDER_EMAIL, POSTERN_SENDER_ID, POSTERN_ROOM_ID,
    // POSTERN_ROOM_TYPE, POSTERN_MESSAGE_ID, POSTERN_REPLY_URL.
    std::map<std::string, std::string> variables;
};

telling tell(const context&, const std::vector<argument_name>&, const std::string& reply_url);

} // namespace postern::no_code
