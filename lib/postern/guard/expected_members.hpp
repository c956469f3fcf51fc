#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace postern::guard {

// Who should be among a room's members, because he was heard to join it or to speak in it. A list without him
// was read before he came, or by a service that is not up to date yet (right after an event a GET may not
// know of it: protocol/webex-rest.md 5.8); it says nothing about the room as it is now. He may just as well
// have left again, so after some such lists they are believed.
//
// Decides only. Bounded: beyond 10,000 people nobody is expected any more, which costs only this caution.
class expected_members
{
public:
    enum class answer
    {
        complete,   // all who were expected are there, or are expected no more
        look_again, // at once
        too_early   // later
    };

    void expect(const std::string& room, std::uint64_t mark);
    void left(const std::string& room, std::uint64_t mark);

    // A list of the room's members came, by their marks, sorted.
    answer compare(const std::string& room, const std::vector<std::uint64_t>& members);

private:
    using people = std::map<std::uint64_t, unsigned>; // lists without him
    std::unordered_map<std::string, people> rooms_;
    std::size_t size_ = 0;
};

} // namespace postern::guard
