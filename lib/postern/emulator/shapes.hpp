#pragma once

#include "postern/base/json.hpp"
#include "postern/emulator/world.hpp"

#include <string_view>

namespace postern::emulator {

// The objects as the REST API shows them, members in the order of live captures (protocol/webex-rest.md 4):
// some clients re-serialise what they get. `api` is the base of the URLs inside, "http://127.0.0.1:8080/v1".
json::object show(const person&);
json::object show(const room&, const person& viewer, const world&);
json::object show(const membership&, const world&);
json::object show(const message&, const world&, std::string_view api);
json::object show(const attachment_action&);
json::object show(const webhook&, const world&);

// What a webhook's `data` has of it (protocol/webex-rest.md 5.2): no text, no title, no inputs.
json::object data_of(const activity&, const world&);

// The envelope around it, for one webhook (protocol/webex-rest.md 5.1).
json::object envelope_of(const webhook&, const activity&, const world&);

// May this webhook's creator know, does the webhook cover it, and does its filter let it through?
bool fires(const webhook&, const activity&, const world&);

// The public id of what the activity is about.
std::string subject_id(const activity&);

} // namespace postern::emulator
