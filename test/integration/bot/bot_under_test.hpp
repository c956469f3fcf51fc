#pragma once

#include <postern/bot.hpp>

// A bot that does one of everything, for the integration tests. Written against the library's public face
// alone.
namespace bot_under_test {

void teach_commands(postern::bot&);
void teach_trouble(postern::bot&);
void teach_events(postern::bot&);

} // namespace bot_under_test
