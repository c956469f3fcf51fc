#pragma once

#include "postern/base/json.hpp"
#include "postern/transport/http.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace postern::emulator {

// How often who asked for what, however long ago: the log of requests keeps the newest only. Bounded by the
// routes and the people there are. Not thread-safe.
class request_counters
{
public:
    void note(const transport::request&, std::string_view who, unsigned status); // 0: no answer was sent
    void refused_by_rate() { ++too_many_; }
    void clear();

    // {"items": [{"who": "bot", "method": "GET", "path": "/v1/memberships?roomId", "requests": 6, "walks": 2,
    // "statuses": {"200": 6}}], "tooMany": 0}. The path is the route's, with {id}; the list of a room's
    // members is counted apart from that of one's own memberships; what is no route is "other". A walk is an
    // answered first page.
    json::object dump() const;

private:
    struct counts
    {
        std::uint64_t requests = 0;
        std::uint64_t walks = 0;
        std::map<unsigned, std::uint64_t> statuses;
    };
    std::map<std::tuple<std::string, std::string, std::string>, counts> of_; // who, method, path
    std::uint64_t too_many_ = 0;
};

} // namespace postern::emulator
