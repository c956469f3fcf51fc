#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace postern::emulator {

// The text that JavaScript's JSON.stringify makes of the same members in the same order: no whitespace, '/'
// and everything outside ASCII as they are, integers without exponent. Clients recompute a webhook's
// signature over their own re-serialised body, so a delivery must have exactly this form
// (protocol/webex-rest.md 5.5). What JSON cannot say (a number that is not finite) becomes null, as in
// JavaScript. Thread-safe.
std::string to_js_json(const boost::json::value&);

} // namespace postern::emulator
