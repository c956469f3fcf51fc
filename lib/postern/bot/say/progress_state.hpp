#pragma once

#include "postern/bot/conversation.hpp"
#include "postern/bot/say/edit_budget.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace postern::matching {

struct progress_state
{
    progress_state(std::shared_ptr<conversation> c, std::string id, unsigned n);

    const std::shared_ptr<conversation> began;
    const std::string message_id;
    const unsigned last_number; // of the message that is said if the last edit fails
    std::mutex mutex;
    edit_budget budget; // under the mutex
};

} // namespace postern::matching
