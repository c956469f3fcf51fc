#pragma once

#include <string>
#include <string_view>

namespace postern::emulator {

// "127.0.0.1:8080" of "http://127.0.0.1:8080".
std::string authority_of(std::string_view origin);

// The host of an authority without its port: "127.0.0.1" of "127.0.0.1:8080", "[::1]" of "[::1]:8080".
std::string host_of(std::string_view authority);

// "ws://127.0.0.1:8080" of "http://127.0.0.1:8080", and wss of https.
std::string websocket_origin(std::string_view origin);

// Where the conversation service of a cluster answers: "http://127.0.0.1:8080/conversation/api/v1" for "us".
// Conversation URLs of every other cluster carry a host of their own, for that is how a client learns an
// object's cluster (protocol/mercury.md 7.3): "http://conv-r.localhost:8080/conversation/api/v1" for
// "urn:TEAM:us-west-2_r", and "conv-r.cloud.example:8080" where we are called by a name. `origin` is how the
// client calls us.
std::string conversation_base(std::string_view origin, std::string_view cluster);

} // namespace postern::emulator
