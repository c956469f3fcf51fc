#pragma once

#include "content.hpp"

#include <memory>

namespace demobot {

// Teaches a bot all that the demo shows: /chuck, /quote, /number, /dilbert, /peanuts, /traffic, /card and
// /echo.
void teach(postern::bot&, std::shared_ptr<const content>);

} // namespace demobot
