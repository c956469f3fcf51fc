#pragma once

#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/bot/no_code/no_code_options.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/transport/http_server.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

class bot;

// Commands of a bot that are no code of ours: a program is run, or a server of the operator's is asked, and
// what it answers is the reply. What both are told is in bot/no_code/telling.hpp, what an answer may be in
// spoken.hpp.
//
// Whatever they do, the person who gave the command gets the answer or one line that says what failed; the
// reason is in the log. All waits and all sizes are bounded by no_code_options. A command may run twice: when
// postern is stopped or dies while it runs, and when its reply could not be noted; POSTERN_MESSAGE_ID, or the
// message's id, tells.
//
// Both may answer later, once or as often as their command allows, with a POST to a URL that is made for each
// run (bot/no_code/reply_handler.hpp). It ends with its time, with us, and when the run fails. Such a reply
// takes its turn like any other, but is not noted in the journal.
//
// Thread-safe once open() was called.
class no_code_commands
{
public:
    static std::shared_ptr<no_code_commands> make(no_code_options, log);
    virtual ~no_code_commands() = default;

    // The commands are the bot's from now on; one of the same name is replaced. Errors: bad_configuration,
    // all complaints in one.
    virtual result<> add_to(bot&) = 0;

    // Before the first event: what calls are made with, and where our listener is reached:
    // "http://127.0.0.1:8080"; empty where it has no URL, then only commands with a reply_url have replies
    // later.
    virtual void open(std::shared_ptr<transport::http_client>, std::string listener) = 0;

    // For all that is below reply_path.
    virtual std::shared_ptr<transport::http_handler> replies() = 0;

    // No later replies from now on.
    virtual void close() = 0;

    // What a person should know before it is met: programs that are missing, calls that are not signed.
    // Looks at the file system.
    virtual std::vector<std::string> doubts() const = 0;
};

// Registers the commands with a bot that nobody sees: what is wrong with them, each complaint with the
// place it is about.
std::vector<std::string> complaints_about(const no_code_options&);

inline constexpr std::string_view reply_path = "/reply/";

} // namespace postern
