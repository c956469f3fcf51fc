#pragma once

#include "postern/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace postern::journal {

// How much a journal keeps for its bots. Sizes in bytes.
struct value_limits
{
    std::size_t scope = 1'024;
    std::size_t key = 512;
    std::size_t value = 64 * 1024;
    std::size_t keys = 10'000;                 // in one scope
    std::uint64_t total = 64ull * 1024 * 1024; // scopes, keys and values together
};

// What is kept already, where a value is to be put.
struct kept_before
{
    std::size_t keys{};             // in its scope
    std::uint64_t total{};          // in all scopes
    std::optional<std::size_t> old; // of the entry that it takes the place of, if there is one
};

inline std::size_t size_of(std::string_view scope, std::string_view key, std::string_view value)
{
    return scope.size() + key.size() + value.size();
}

// Errors: too_large.
result<> check_sizes(const value_limits&, std::string_view scope, std::string_view key,
                     std::string_view value);

// `size`: as size_of() has it. What takes no more than before always has room. Errors: journal_full.
result<> check_room(const value_limits&, const kept_before&, std::size_t size);

} // namespace postern::journal
