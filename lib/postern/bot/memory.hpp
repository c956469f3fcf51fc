#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace postern {

namespace matching {
struct conversation;
}

// JSON as text.
struct json_text
{
    std::string text;

    friend bool operator==(const json_text&, const json_text&) = default;
};

// What a bot remembers of a room, of a person, or at all: durable when a call returns, kept over restarts.
//
//     auto visits = co_await ctx.person_memory().add("visits", 1);
//     co_await ctx.room_memory().put<std::string>("team", "blue");
//
// T is std::string (any bytes), std::int64_t, bool or json_text. Keys are the caller's own; rooms and persons
// never share one. A handler that is run again after a crash finds what it put the first time: add() counts
// twice then.
//
// Thread-safe; a value. Every call is bounded by context::limit(). Errors: those of values_port (too_large,
// journal_full, timed_out, stopped), and bad_input for a value that is no T, and for a bot that has no store.
class memory
{
public:
    memory(std::shared_ptr<matching::conversation> shared, std::string scope)
        : shared_(std::move(shared)), scope_(std::move(scope))
    {
    }

    // Empty: nothing is kept under that key.
    template <class T>
    awaitable<result<std::optional<T>>> get(std::string key) const;
    template <class T>
    awaitable<result<>> put(std::string key, T value) const;
    // Adds to a number, without a race; what is not there counts as 0. The sum. Errors also: bad_input for a
    // sum beyond 64 bits.
    awaitable<result<std::int64_t>> add(std::string key, std::int64_t by = 1) const;
    // True: it was there.
    awaitable<result<bool>> erase(std::string key) const;

private:
    awaitable<result<std::optional<std::string>>> read(std::string key) const;
    awaitable<result<>> write(std::string key, result<std::string> value) const;

    std::shared_ptr<matching::conversation> shared_;
    std::string scope_;
};

template <>
awaitable<result<std::optional<std::string>>> memory::get<std::string>(std::string key) const;
template <>
awaitable<result<std::optional<std::int64_t>>> memory::get<std::int64_t>(std::string key) const;
template <>
awaitable<result<std::optional<bool>>> memory::get<bool>(std::string key) const;
template <>
awaitable<result<std::optional<json_text>>> memory::get<json_text>(std::string key) const;

template <>
awaitable<result<>> memory::put<std::string>(std::string key, std::string value) const;
template <>
awaitable<result<>> memory::put<std::int64_t>(std::string key, std::int64_t value) const;
template <>
awaitable<result<>> memory::put<bool>(std::string key, bool value) const;
template <>
awaitable<result<>> memory::put<json_text>(std::string key, json_text value) const;

} // namespace postern
