#include "postern/bot/memory.hpp"

#include "postern/base/json.hpp"
#include "postern/bot/context.hpp"
#include "postern/bot/conversation.hpp"
#include "postern/bot/speech.hpp"

#include <charconv>
#include <limits>

namespace postern {
namespace {

using shared = std::shared_ptr<matching::conversation>;
using kept = std::optional<std::string>;

error refuse(std::string why) { return error(errc::bad_input, "remembering").because(std::move(why)); }

values_port* store_of(const matching::conversation& c)
{
    return c.notes.with ? c.notes.with->values : nullptr;
}

result<std::int64_t> number_in(const std::string& text)
{
    std::int64_t out = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, out);
    if (read.ec != std::errc() || read.ptr != end)
        return refuse("what is kept there is no number");
    return out;
}

std::optional<std::int64_t> sum(std::int64_t a, std::int64_t b)
{
    using limits = std::numeric_limits<std::int64_t>;
    if ((b > 0 && a > limits::max() - b) || (b < 0 && a < limits::min() - b))
        return std::nullopt;
    return a + b;
}

awaitable<result<kept>> read_from(shared c, std::string scope, std::string key)
{
    auto* const store = store_of(*c);
    if (!store)
        co_return refuse("this bot has no store");
    auto got = co_await store->get(std::move(scope), std::move(key), c->limit);
    if (!got)
        co_return got.error().during("remembering");
    co_return got;
}

awaitable<result<>> write_to(shared c, std::string scope, std::string key, result<std::string> value)
{
    auto* const store = store_of(*c);
    if (!value)
        co_return value.error();
    if (!store)
        co_return refuse("this bot has no store");
    auto put = co_await store->put(std::move(scope), std::move(key), std::move(*value), c->limit);
    if (!put)
        co_return put.error().during("remembering");
    co_return put;
}

awaitable<result<bool>> erase_from(shared c, std::string scope, std::string key)
{
    auto* const store = store_of(*c);
    if (!store)
        co_return refuse("this bot has no store");
    auto erased = co_await store->erase(std::move(scope), std::move(key), c->limit);
    if (!erased)
        co_return erased.error().during("remembering");
    co_return erased;
}

awaitable<result<std::int64_t>> add_to(shared c, std::string scope, std::string key, std::int64_t by)
{
    for (;;) // somebody gets through every time
    {
        const auto before = co_await read_from(c, scope, key);
        if (!before)
            co_return before.error();
        const auto number = *before ? number_in(**before) : result<std::int64_t>(0);
        if (!number)
            co_return number.error();
        const auto after = sum(*number, by);
        if (!after)
            co_return refuse("the sum is larger than a number can be");
        const auto put =
            co_await store_of(*c)->replace(scope, key, *before, std::to_string(*after), c->limit);
        if (!put)
            co_return put.error().during("remembering");
        if (*put)
            co_return *after;
    }
}

template <class T, class Read>
awaitable<result<std::optional<T>>> get_as(awaitable<result<kept>> asked, Read read)
{
    auto text = co_await std::move(asked);
    if (!text)
        co_return text.error();
    if (!*text)
        co_return std::optional<T>();
    auto value = read(std::move(**text));
    if (!value)
        co_return value.error();
    co_return std::optional<T>(std::move(*value));
}

result<bool> truth_in(const std::string& text)
{
    if (text != "true" && text != "false")
        return refuse("what is kept there is neither true nor false");
    return text == "true";
}

result<json_text> json_in(std::string text)
{
    if (!parse_json(text, "a value"))
        return refuse("what is kept there is no JSON");
    return json_text{std::move(text)};
}

result<std::string> checked(json_text value)
{
    if (!parse_json(value.text, "a value"))
        return refuse("the value is no JSON");
    return std::move(value.text);
}

std::string own(const matching::conversation& c, std::string_view what, std::string_view id)
{
    std::string scope(what); // bots that share a journal don't share what they remember
    ((scope += ' ') += c.me.id);
    if (!id.empty())
        (scope += ' ') += id;
    return scope;
}

} // namespace

awaitable<result<kept>> memory::read(std::string key) const
{
    return read_from(matching::present(shared_), scope_, std::move(key));
}

awaitable<result<>> memory::write(std::string key, result<std::string> value) const
{
    return write_to(matching::present(shared_), scope_, std::move(key), std::move(value));
}

awaitable<result<bool>> memory::erase(std::string key) const
{
    return erase_from(matching::present(shared_), scope_, std::move(key));
}

awaitable<result<std::int64_t>> memory::add(std::string key, std::int64_t by) const
{
    return add_to(matching::present(shared_), scope_, std::move(key), by);
}

template <>
awaitable<result<std::optional<std::string>>> memory::get<std::string>(std::string key) const
{
    return read(std::move(key));
}

template <>
awaitable<result<std::optional<std::int64_t>>> memory::get<std::int64_t>(std::string key) const
{
    return get_as<std::int64_t>(read(std::move(key)), &number_in);
}

template <>
awaitable<result<std::optional<bool>>> memory::get<bool>(std::string key) const
{
    return get_as<bool>(read(std::move(key)), &truth_in);
}

template <>
awaitable<result<std::optional<json_text>>> memory::get<json_text>(std::string key) const
{
    return get_as<json_text>(read(std::move(key)), &json_in);
}

template <>
awaitable<result<>> memory::put<std::string>(std::string key, std::string value) const
{
    return write(std::move(key), std::move(value));
}

template <>
awaitable<result<>> memory::put<std::int64_t>(std::string key, std::int64_t value) const
{
    return write(std::move(key), std::to_string(value));
}

template <>
awaitable<result<>> memory::put<bool>(std::string key, bool value) const
{
    return write(std::move(key), std::string(value ? "true" : "false"));
}

template <>
awaitable<result<>> memory::put<json_text>(std::string key, json_text value) const
{
    return write(std::move(key), checked(std::move(value)));
}

memory context::room_memory() const { return {shared_, own(*shared_, "room", room_id())}; }
memory context::person_memory() const { return {shared_, own(*shared_, "person", sender_id())}; }
memory context::bot_memory() const { return {shared_, own(*shared_, "bot", {})}; }

} // namespace postern
