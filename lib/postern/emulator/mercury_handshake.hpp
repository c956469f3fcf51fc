#pragma once

#include "postern/base/json.hpp"
#include "postern/transport/http.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postern::emulator {

// What a client asks for when it opens its socket (protocol/mercury.md 4.1).
struct socket_wish
{
    std::string registration; // of the path; anything
    bool text = false;
    bool many = false;
    bool registration_status = false;
    bool alias = false;
};

// None for another path than /v1/apps/wx2/registrations/{id}/messages.
std::optional<socket_wish> read_socket_wish(const transport::request&);

// The token without the word "Bearer", which may be missing (9.2).
std::string_view bare_token(std::string_view given);

// What a client's frame is. Anything that is not understood is nothing: it is ignored.
struct client_frame
{
    enum class kind
    {
        nothing,
        authorization,
        ping,
        ack
    };
    kind what = kind::nothing;
    std::string text; // the token as it came, the ping's id, the envelope's id
};
client_frame read_client_frame(std::string_view payload);

} // namespace postern::emulator
