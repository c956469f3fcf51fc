#pragma once

#include <string>
#include <string_view>

namespace postern::matching {

// What Webex' markdown can say of html (protocol/webex-rest.md 4.5): paragraphs, line ends, bold, italic,
// links, lists, quotes, headings (as bold lines), code. Of everything else the text is kept, except that
// scripts and styles are left out. Text keeps its meaning: what markdown would read as marks is escaped.
//
// Any bytes are taken, in linear time.
std::string html_to_markdown(std::string_view html);

} // namespace postern::matching
