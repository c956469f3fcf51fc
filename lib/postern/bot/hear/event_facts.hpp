#pragma once

#include "postern/bot/conversation.hpp"

namespace postern::matching {

// Tells a conversation about an event that is handed over as it is what the envelope says: who caused it,
// whom and which message it is about, what kind of room it happened in. The envelope may be anything.
void tell_facts(conversation&);

} // namespace postern::matching
