#pragma once

#include "postern/transport/http.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::webex {

struct link
{
    std::string target; // as it stands between < and >
    std::string rel;    // as it stands, without quotes; may hold several words

    bool is(std::string_view relation) const; // one of the words of rel, case-blind
};

// The links of one Link field (RFC 8288). Tolerant: what is not a link is skipped.
std::vector<link> parse_links(std::string_view field);

// Where the next page is: the first rel="next" of all Link fields; only that relation is promised
// (protocol/webex-rest.md 2.1).
std::optional<std::string> next_link(const transport::header_fields&);

} // namespace postern::webex
