#pragma once

#include "postern/base/result.hpp"
#include "postern/transport/url.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>

namespace postern::webex {

// Decides which page of a list to ask for next; fetches nothing itself. The quirks it knows are those of
// protocol/webex-rest.md 2.3.
class pager
{
public:
    enum class next
    {
        page, // current() is the next one to fetch
        done
    };

    // `most` pages and no more. The query of `first` holds the list's parameters.
    pager(transport::url first, std::size_t most);

    const transport::url& current() const noexcept { return current_; }

    // After a page: `link` is its rel="next", if any; `last_created` the time of its last item, if it has
    // one. An empty page with a link is not the end. Errors: bad_response for a link to another service, one
    // that can't be read, or one that came before; too_large past the last page allowed.
    result<next> advance(std::optional<std::string> link, std::string last_created);

    // After a failure: true if current() is now another way to the same page. A /messages cursor names a
    // message, and is answered 404 once that message is deleted; the time of the last item then takes its
    // place.
    bool go_round(unsigned status);

private:
    std::string repaired(std::string target) const;

    transport::url first_;
    transport::url current_;
    std::size_t most_;
    std::size_t pages_ = 1;
    std::set<std::string> seen_;
    std::string last_created_;
};

// Halves the `max` of a list's query, down to `least`; false if there is none, or none to halve. A 504 asks
// for that (protocol/webex-rest.md 1.5).
bool shrink_page(transport::url& list, std::size_t least = 5);

} // namespace postern::webex
