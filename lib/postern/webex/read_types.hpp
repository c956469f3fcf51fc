#pragma once

#include "postern/base/json.hpp"
#include "postern/webex/types.hpp"

namespace postern::webex {

// From the service's JSON to values. Never fails: what is missing, null or of another type is empty. A field
// that the item's own `errors` names holds ciphertext instead of its value (protocol/webex-rest.md 2.4) and
// is empty too.
void read(const json::object&, person&);
void read(const json::object&, room&);
void read(const json::object&, membership&);
void read(const json::object&, message&);
void read(const json::object&, attachment_action&);
void read(const json::object&, webhook&);

// One resource. Errors: bad_response if it is no object or has no id: nothing could be done with it.
template <class T>
result<T> read_one(const json::value& document)
{
    T item;
    const auto* fields = document.if_object();
    if (!fields)
        return error(errc::bad_response).because("expected a JSON object");
    read(*fields, item);
    if (item.id.empty())
        return error(errc::bad_response).because("expected an object with an id");
    return item;
}

// The `items` of one page. Errors: bad_response unless all of them are objects: half a list would be taken
// for the whole.
result<const json::array*> page_items(const json::value& document);

} // namespace postern::webex
