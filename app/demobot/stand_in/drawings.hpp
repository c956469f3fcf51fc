#pragma once

#include "canvas.hpp"

namespace demobot {

canvas office_strip();              // three panels at a desk
canvas garden_strip();              // three panels with a kite
canvas camera_view(unsigned which); // a road; 1 to 4

} // namespace demobot
