#include "postern/journal/archive.hpp"

#include "postern/base/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace postern::journal {
namespace {

namespace json = boost::json;

// Bodies and reasons hold what strangers sent; JSON is UTF-8 all the same.
json::string text(std::string_view bytes)
{
    return is_utf8(bytes) ? json::string(bytes) : json::string(utf8_of_latin1(bytes));
}

json::value time_or_null(wall_time at)
{
    return at == wall_time{} ? json::value() : json::value(format_time(at));
}
json::value time_or_null(const std::optional<wall_time>& at)
{
    return at ? json::value(format_time(*at)) : json::value();
}
json::value text_or_null(std::string_view bytes)
{
    return bytes.empty() ? json::value() : json::value(text(bytes));
}

json::value guard_of(const attempt_record& a)
{
    if (!a.guard)
        return nullptr;
    return json::object{
        {"verdict", to_string(a.guard->what)}, {"rule", text(a.guard->reason)}, {"cached", a.guard->cached}};
}

json::array attempts_of(const delivery_record& d)
{
    json::array all;
    for (const auto& a : d.attempts)
        all.push_back(json::object{{"number", a.number},
                                   {"started", format_time(a.started)},
                                   {"took_ms", a.took.count()},
                                   {"outcome", to_string(a.what)},
                                   {"reason", text(a.reason)},
                                   {"guard", guard_of(a)}});
    return all;
}

// Without the digests: a short answer could be guessed from its own.
json::array replies_of(const delivery_record& d)
{
    json::array all;
    for (const auto& e : d.effects)
        all.push_back(
            json::object{{"number", e.number}, {"at", format_time(e.at)}, {"id", text_or_null(e.id)}});
    return all;
}

json::array deliveries_of(const story& s)
{
    json::array all;
    for (const auto& d : s.deliveries)
        all.push_back(json::object{{"consumer", text(d.consumer)},
                                   {"state", to_string(d.how_far)},
                                   {"due", time_or_null(d.due)},
                                   {"asked", text_or_null(d.asked)},
                                   {"attempts", attempts_of(d)},
                                   {"replies", replies_of(d)}});
    return all;
}

} // namespace

std::string to_json(const story& s)
{
    const auto& e = s.what;
    json::object all{{"record", s.record},
                     {"kind", text(e.kind())},
                     {"resource", text(e.resource)},
                     {"event", text(e.name)},
                     {"origin", to_string(e.from)},
                     {"received", time_or_null(e.received)},
                     {"happened", time_or_null(e.happened)},
                     {"signature_checked", e.signature_checked},
                     {"key", text(e.key)},
                     {"lane", text(e.lane())},
                     {"bot", text(e.bot)},
                     {"room", text(e.room)},
                     {"actor", text(e.actor)},
                     {"data_id", text(e.data_id)},
                     {"repeats", s.repeats},
                     {"repeated", time_or_null(s.repeated)},
                     {"deliveries", deliveries_of(s)}};
    if (!e.body.empty())
        all["body"] = text(e.body);
    return json::serialize(all);
}

} // namespace postern::journal
