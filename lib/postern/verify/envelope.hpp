#pragma once

#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

namespace postern::verify {

// What postern needs of the public webhook envelope (protocol/webex-rest.md 5.1). A member that is missing,
// or is no text, is empty; of two members of one name the last one counts.
struct envelope
{
    bool is_object = false; // else the rest is empty
    std::string resource, event, actor_id;

    bool has_data = false; // an object, and not an empty one
    struct
    {
        std::string id, room_id, created, updated;
    } data;
};

// Reads it in one pass, without building a tree of what nobody asks for: a delivery is checked at the rate at
// which strangers can send. All of the text must be JSON, of bounded depth; `ec` says where it is not.
envelope read_envelope(std::string_view text, boost::system::error_code& ec);

// The `data` of such an envelope as text: equal data is equal text.
std::string canonical_data(std::string_view text);

} // namespace postern::verify
