#pragma once

#include "postern/base/json.hpp"
#include "postern/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::emulator {

// One thing that the control API makes the emulator do wrong.
struct fault
{
    std::string id;                    // assigned by the table
    std::string method;                // empty: any
    std::string path;                  // a prefix of the request path, "/v1/messages"; empty: any
    std::string query;                 // a part of the query as it was sent, "cursor="; empty: any
    std::optional<unsigned> remaining; // how often it still strikes; none: until removed
    unsigned skip = 0;                 // lets that many matching requests pass first
    unsigned every = 1;                // strikes at every n-th match after those
    std::optional<unsigned> status;    // answers this status instead; with the service's error shape
                                       // (protocol/webex-rest.md 1.4) unless `body` is set
    std::string body;                  // "<html>…": what a proxy in between would say
    std::string content_type;
    std::vector<std::pair<std::string, std::string>> headers; // added to the answer: Retry-After of any shape
    std::chrono::milliseconds delay{};                        // before answering
    bool drop = false;                                        // closes without a byte
    std::optional<std::size_t> truncate_after; // bytes of the serialised answer that still leave
    bool after_effect = false; // the request takes effect first: a POST that was lost on the way back
};

// The faults in force, oldest first. Thread-safe.
class fault_table
{
public:
    // Takes a fault as the control API writes it: the members of `fault` in camelCase (truncateAfter,
    // afterEffect, contentType), `delay` as delayMs, `headers` as an object whose values are texts or arrays
    // of texts. Answers the new id. Errors: bad_input, naming the member that is unknown or has a wrong
    // value; too_large beyond 1000 faults.
    result<std::string> add(const json::object& description);

    bool remove(std::string_view id); // false if there is none of that id
    void clear();

    // What goes wrong with this request, if anything. Counts the request against every matching fault's
    // `skip` and `every`; of those that would strike, the oldest does and uses up one of its `remaining`.
    std::optional<fault> strike(std::string_view method, std::string_view path, std::string_view query = {});

    // The faults still in force, as the control API writes them, with their ids; a fault that has struck for
    // the last time is gone.
    json::array dump() const;

private:
    struct entry
    {
        fault what;
        std::uint64_t matches = 0;
    };

    mutable std::mutex mutex_;
    std::vector<entry> entries_;
    std::uint64_t next_id_ = 1;
};

} // namespace postern::emulator
