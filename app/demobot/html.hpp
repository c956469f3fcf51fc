#pragma once

#include <postern/base/result.hpp>
#include <postern/transport/url.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace demobot {

struct page_image
{
    postern::transport::url where;
    std::string words; // its alt text, blanks made one; may be empty

    friend bool operator==(const page_image&, const page_image&) = default;
};

// The images of an HTML page that carry a class, or stand inside an element that does: in the order of the
// page, each once, at most 20. Addresses are resolved against <base> and `page`; what is no http or https
// address is left out. Of a picture that a script would load later (data-src) it is the real address.
//
// The page is read as a browser reads it, by gumbo: no tag needs be closed, no attribute quoted. Errors:
// too_large for a page with so many tags that its tree could be huge.
postern::result<std::vector<page_image>> images_in(std::string_view html, const postern::transport::url& page,
                                                   std::string_view wanted_class);

} // namespace demobot
