#pragma once

#include <cstdint>
#include <string>

namespace demobot {

// The stand-in's answers as JSON text, in the shape that such services have. The n-th of each; behind the
// last comes the first again.
std::string joke(unsigned n);
std::string quote(unsigned n);

std::string trivia(std::int64_t number);
std::string math_fact(std::int64_t number);

} // namespace demobot
