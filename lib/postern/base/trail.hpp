#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace postern {

// A hop of one event's way through the house. The words are shown to people, so they are fixed here.
enum class hop
{
    delivered, // a source holds it
    verified,  // it is authentic, and an event
    stored,    // the journal holds it
    repeated,  // the journal had it already; nothing will happen again
    admitted,  // the guard lets it act
    handled,   // a handler took it up
    replied,   // an answer went out
    done,      // acted on to the end
    ignored,   // not acted on, with the reason
    failed     // acted on without success, with the reason
};

std::string_view to_string(hop) noexcept;

struct hop_record
{
    hop what;
    std::string key;     // of the event; empty before it is known
    std::string data_id; // public id of the object the event is about, when known
    std::string note;    // reason, command, reply id: never a message text
    std::chrono::system_clock::time_point at;
};

// Who watches the hops: the console, the demo page, a test. A value handed in, callable from any thread.
using trail = std::function<void(hop_record)>;

} // namespace postern
