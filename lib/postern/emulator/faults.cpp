#include "postern/emulator/faults.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <limits>

namespace postern::emulator {

namespace {

constexpr std::size_t most_faults = 1000;
constexpr std::size_t longest_text = 1024 * 1024;
constexpr std::int64_t longest_delay = 10 * 60 * 1000; // milliseconds
constexpr std::int64_t most = std::numeric_limits<unsigned>::max();

error refused(std::string_view member, std::string_view must)
{
    return error(errc::bad_input, "adding a fault")
        .because('"' + printable(member, 40) + "\" " + std::string(must));
}

result<std::int64_t> integer(const json::key_value_pair& member, std::int64_t least, std::int64_t greatest)
{
    const auto* number = member.value().if_int64();
    if (!number || *number < least || *number > greatest)
        return refused(member.key(), "must be an integer from " + std::to_string(least) + " to " +
                                         std::to_string(greatest));
    return *number;
}

result<std::string> text(const json::key_value_pair& member)
{
    const auto* value = member.value().if_string();
    if (!value || value->size() > longest_text)
        return refused(member.key(), "must be a text of at most 1 MiB");
    return std::string(value->data(), value->size());
}

result<bool> boolean(const json::key_value_pair& member)
{
    const auto* value = member.value().if_bool();
    if (!value)
        return refused(member.key(), "must be true or false");
    return *value;
}

bool is_token(std::string_view text) // RFC 9110 5.6.2
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

bool fits_a_header(std::string_view text) // any shape, but it stays one line
{
    return text.size() <= 8192 && std::none_of(text.begin(), text.end(), [](unsigned char c) {
               return (c < 0x20 && c != '\t') || c == 0x7f;
           });
}

result<> read_header(fault& into, std::string_view name, const json::value& value)
{
    constexpr std::string_view must = "must be a header's text, an integer, or an array of these";
    std::string content;
    if (const auto* words = value.if_string())
        content = *words;
    else if (const auto* number = value.if_int64())
        content = std::to_string(*number);
    else
        return refused(name, must);
    if (!is_token(name) || !fits_a_header(content))
        return refused(name, must);
    into.headers.emplace_back(name, std::move(content));
    return {};
}

result<> read_headers(fault& into, const json::key_value_pair& member)
{
    const auto* fields = member.value().if_object();
    if (!fields)
        return refused(member.key(), "must be an object of header fields");
    for (const auto& field : *fields)
    {
        if (const auto* several = field.value().if_array())
        {
            for (const auto& one : *several)
                if (auto ok = read_header(into, field.key(), one); !ok)
                    return ok.error();
        }
        else if (auto ok = read_header(into, field.key(), field.value()); !ok)
            return ok.error();
    }
    return {};
}

template <class Target, class T>
result<> assign(Target& to, result<T> value)
{
    if (!value)
        return value.error();
    to = static_cast<Target>(std::move(*value));
    return {};
}

template <class Target>
result<> assign(std::optional<Target>& to, result<std::int64_t> value)
{
    return assign(to.emplace(), std::move(value));
}

result<> read_member(fault& into, const json::key_value_pair& member)
{
    const std::string_view name = member.key();
    if (name == "method")
        return assign(into.method, text(member));
    if (name == "path")
        return assign(into.path, text(member));
    if (name == "query")
        return assign(into.query, text(member));
    if (name == "remaining")
        return assign(into.remaining, integer(member, 1, most));
    if (name == "skip")
        return assign(into.skip, integer(member, 0, most));
    if (name == "every")
        return assign(into.every, integer(member, 1, most));
    if (name == "status")
        return assign(into.status, integer(member, 200, 599));
    if (name == "body")
        return assign(into.body, text(member));
    if (name == "contentType")
        return assign(into.content_type, text(member));
    if (name == "headers")
        return read_headers(into, member);
    if (name == "delayMs")
        return assign(into.delay, integer(member, 0, longest_delay));
    if (name == "drop")
        return assign(into.drop, boolean(member));
    if (name == "truncateAfter")
        return assign(into.truncate_after, integer(member, 0, most));
    if (name == "afterEffect")
        return assign(into.after_effect, boolean(member));
    return refused(name, "is not a member of a fault");
}

// What each member may say was read; this is what they say together.
result<> check(const fault& f)
{
    if (!f.method.empty() && !is_token(f.method))
        return refused("method", "must be a method's name, or empty for any");
    if (!f.path.empty() && !f.path.starts_with('/'))
        return refused("path", "must begin with a slash, or be empty for any");
    if (!fits_a_header(f.content_type))
        return refused("contentType", "must be one line");
    if (!f.status && !f.body.empty())
        return refused("body", "needs a \"status\"");
    if (!f.status && !f.content_type.empty())
        return refused("contentType", "needs a \"status\"");
    if (f.drop && (f.status || f.truncate_after || !f.headers.empty()))
        return refused("drop", "excludes \"status\", \"headers\" and \"truncateAfter\": nothing is sent");
    if (!f.status && f.headers.empty() && f.delay.count() == 0 && !f.drop && !f.truncate_after)
        return error(errc::bad_input, "adding a fault")
            .because("it does nothing wrong: one of status, headers, delayMs, drop, truncateAfter is needed");
    return {};
}

bool concerns(const fault& f, std::string_view method, std::string_view path, std::string_view query)
{
    return (f.method.empty() || f.method == method) && path.starts_with(f.path) &&
           query.find(f.query) != std::string_view::npos;
}

json::object describe(const fault& f)
{
    json::object out{{"id", f.id}};
    if (!f.method.empty())
        out["method"] = f.method;
    if (!f.path.empty())
        out["path"] = f.path;
    if (!f.query.empty())
        out["query"] = f.query;
    if (f.remaining)
        out["remaining"] = *f.remaining;
    if (f.skip != 0)
        out["skip"] = f.skip;
    if (f.every != 1)
        out["every"] = f.every;
    if (f.status)
        out["status"] = *f.status;
    if (!f.body.empty())
        out["body"] = f.body;
    if (!f.content_type.empty())
        out["contentType"] = f.content_type;
    if (!f.headers.empty())
    {
        auto& fields = out["headers"].emplace_object();
        for (const auto& [name, value] : f.headers)
        {
            auto& field = fields[name];
            if (field.is_null())
                field.emplace_array();
            field.get_array().emplace_back(value);
        }
    }
    if (f.delay.count() != 0)
        out["delayMs"] = f.delay.count();
    if (f.drop)
        out["drop"] = true;
    if (f.truncate_after)
        out["truncateAfter"] = *f.truncate_after;
    if (f.after_effect)
        out["afterEffect"] = true;
    return out;
}

} // namespace

result<std::string> fault_table::add(const json::object& description)
{
    entry fresh;
    for (const auto& member : description)
        if (auto ok = read_member(fresh.what, member); !ok)
            return ok.error();
    if (auto ok = check(fresh.what); !ok)
        return ok.error();

    const std::lock_guard lock(mutex_);
    if (entries_.size() == most_faults)
        return error(errc::too_large, "adding a fault").because("1000 faults are in force already");
    auto id = "fault-" + std::to_string(next_id_++);
    fresh.what.id = id;
    entries_.push_back(std::move(fresh));
    return id;
}

bool fault_table::remove(std::string_view id)
{
    const std::lock_guard lock(mutex_);
    return std::erase_if(entries_, [&](const entry& e) { return e.what.id == id; }) != 0;
}

void fault_table::clear()
{
    const std::lock_guard lock(mutex_);
    entries_.clear();
}

std::optional<fault> fault_table::strike(std::string_view method, std::string_view path,
                                         std::string_view query)
{
    const std::lock_guard lock(mutex_);
    auto first = entries_.end();
    for (auto e = entries_.begin(); e != entries_.end(); ++e)
    {
        if (!concerns(e->what, method, path, query))
            continue;
        ++e->matches;
        const bool strikes = e->matches > e->what.skip && (e->matches - e->what.skip) % e->what.every == 0;
        if (strikes && first == entries_.end())
            first = e;
    }
    if (first == entries_.end())
        return std::nullopt;

    auto& remaining = first->what.remaining;
    if (remaining)
        --*remaining;
    auto struck = first->what;
    if (remaining == 0u)
        entries_.erase(first);
    return struck;
}

json::array fault_table::dump() const
{
    const std::lock_guard lock(mutex_);
    json::array out;
    for (const auto& e : entries_)
        out.emplace_back(describe(e.what));
    return out;
}

} // namespace postern::emulator
