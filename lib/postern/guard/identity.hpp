#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace postern::guard {

// One spelling for all public ids of one thing, and for its bare UUID: the UUID in lower case. Sources build
// ids where REST was not asked, so two spellings of one room's id are possible, and what was heard under one
// must count for the other (base/ids.hpp). What holds no UUID stays as it is.
std::string identity_of(std::string_view id);

// A person among the remembered members of a room, in eight bytes. Two people with one mark are not to be
// expected: nobody chooses his UUID.
std::uint64_t mark_of(std::string_view id);

} // namespace postern::guard
