#pragma once

#include <string>

namespace demobot {

// An adaptive card (version 1.3) with every kind of input. JSON text.
std::string survey_card();

// What was filled in, of the JSON text that context::inputs() gives: a line for each input. Empty if that is
// of some other card. The values are as they came, but not longer than a person would write.
std::string survey_answers(const std::string& inputs);

} // namespace demobot
