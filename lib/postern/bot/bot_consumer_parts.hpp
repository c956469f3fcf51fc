#pragma once

// What the two halves of bot_consumer share: what is run, and what is decided before it runs.

#include "postern/bot/bot_consumer.hpp"
#include "postern/bot/conversation.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace postern {

struct bot_consumer::job
{
    matching::shared_handler run;
    std::string name; // as logs and the trail show it
    bool only_answers = false;
    const matching::command* of = nullptr; // owned by the conversation's registry
    bool shows_commands = false;           // may list them, so it must be known which the person may give
    std::string ignored{};                 // if it ends well the event is ignored, for this reason
    std::shared_ptr<matching::dialogue> goes_on{}; // instead of `run`: a handler that this is the answer for
};

struct bot_consumer::door
{
    job work;
    std::optional<outcome> shut{}; // nothing runs
};

namespace matching {

// Not a coroutine: the values end up in the closure, which lives as long as the coroutine it starts.
template <class Coroutine>
shared_handler share(Coroutine run)
{
    return std::make_shared<const handler>(std::move(run));
}

// Says that, as plain text.
shared_handler speaker(std::string text);

// What is told to who used a command wrongly: plain text, for it may hold what he typed.
std::string with_usage(std::string why, const std::string& usage);

} // namespace matching
} // namespace postern
