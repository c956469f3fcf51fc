#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace postern::emulator {

// What the service says instead of doing it: the HTTP status and the `message` of the error body
// (protocol/webex-rest.md 1.4).
struct refusal
{
    unsigned status = 400;
    std::string message;

    // Not an aggregate: granted<T> must not take every number for a refusal.
    refusal() = default;
    refusal(unsigned s, std::string m) : status(s), message(std::move(m)) {}
};

// A value, or the service's refusal.
template <class T = void>
using granted = boost::system::result<T, refusal>;

[[noreturn]] inline void throw_exception_from_error(const refusal& r, const boost::source_location&)
{
    throw std::logic_error("refused: " + r.message);
}

// The texts of the live service that more than one rule needs (protocol/webex-rest.md 1.4).
namespace refused {
inline refusal malformed()
{
    return {400, "The request could not be understood by the server due to malformed syntax."};
}
inline refusal not_found() { return {404, "The requested resource could not be found."}; }
inline refusal no_such_room() { return {404, "Could not find a room with provided ID."}; }
inline refusal no_such_person() { return {404, "Person not found"}; }
inline refusal not_allowed() // the scope text serves for missing roles as well
{
    return {
        403,
        "The server understood the request, but refused to fulfill it because the access token is missing "
        "required scopes or the user is missing required roles or licenses."};
}
} // namespace refused

} // namespace postern::emulator
