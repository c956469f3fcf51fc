#pragma once

#include <string_view>

namespace demobot {

// Pages as comic and traffic sites write them: with scripts, advertisements, pictures that load late, and
// tags that nobody closed.
std::string_view office_page();  // <img class="img-comic">
std::string_view garden_page();  // <picture class="item-comic-image">
std::string_view traffic_page(); // four <… class="camera">

} // namespace demobot
