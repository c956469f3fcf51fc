#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern {

// What a bot remembers: small texts by scope and key, durable when a call returns. Whoever asks makes up the
// scopes; two never share a key. Bytes are kept as they are, so a caller may keep JSON, numbers, anything.
//
// Every function may be called from any thread; a deadline bounds the whole call; cancellation ends it with
// errc::stopped. Of a call that ended so, or with timed_out, error::maybe_sent says whether it may have
// happened all the same. Calls that are under way at once happen in any order.
class values_port
{
public:
    using key_and_value = std::pair<std::string, std::string>;

    virtual ~values_port() = default;

    // Empty: there is none.
    virtual awaitable<result<std::optional<std::string>>> get(std::string scope, std::string key,
                                                              deadline) = 0;

    // Errors: too_large: of scope, key or value; journal_full: too many keys in the scope, or too many bytes
    // in all; what is there already stays.
    virtual awaitable<result<>> put(std::string scope, std::string key, std::string value, deadline) = 0;

    // True: it was there.
    virtual awaitable<result<bool>> erase(std::string scope, std::string key, deadline) = 0;

    // Those whose key begins with `prefix`, in the order of their bytes, `most` of them.
    virtual awaitable<result<std::vector<key_and_value>>> list(std::string scope, std::string prefix,
                                                               std::size_t most, deadline) = 0;

    // Read, change and write without a race: puts `value` only if the present value still is `expected`
    // (empty: there is none); true if it did. Errors as put().
    virtual awaitable<result<bool>> replace(std::string scope, std::string key,
                                            std::optional<std::string> expected, std::string value,
                                            deadline) = 0;
};

} // namespace postern
