#include "postern/base/ids.hpp"
#include "postern/base/json.hpp"
#include "postern/base/utf8.hpp"
#include "postern/guard/auditor.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace postern::guard {
namespace {

constexpr std::size_t named_at_most = 3;
constexpr std::size_t gap = 2;
using row = std::array<std::string, 5>;

std::size_t characters(std::string_view text)
{
    std::size_t n = 0;
    for (; !text.empty(); ++n)
        take_code_point(text);
    return n;
}

std::string title_of(const audited_room& r)
{
    return r.title.empty() ? "(no title)" : printable(r.title, 60);
}

std::string name_of(const outsider& o)
{
    auto name = o.email.empty() ? "person " + printable(uuid_of(o.person), 40) : printable(o.email, 80);
    return o.as == standing::guest ? name + " (guest)" : name;
}

std::string outsiders_of(const audited_room& r)
{
    const auto& all = r.finding.outsiders;
    std::string names;
    for (std::size_t i = 0; i < all.size() && i < named_at_most; ++i)
        names += (i == 0 ? "" : ", ") + name_of(all[i]);
    if (all.size() > named_at_most)
        names += " and " + std::to_string(all.size() - named_at_most) + " more";
    return names.empty() ? "-" : names;
}

std::string action_of(const audited_room& r)
{
    if (!r.failed.empty())
        return "FAILED";
    return r.action.empty() ? "-" : r.action;
}

std::string lines_of(const std::vector<row>& rows)
{
    std::array<std::size_t, std::tuple_size_v<row>> widths{};
    for (const auto& r : rows)
        for (std::size_t c = 0; c < r.size(); ++c)
            widths[c] = std::max(widths[c], characters(r[c]));
    std::string text;
    for (const auto& r : rows)
    {
        for (std::size_t c = 0; c + 1 < r.size(); ++c)
            text += r[c] + std::string(widths[c] + gap - characters(r[c]), ' ');
        text += r.back() + '\n';
    }
    return text;
}

std::string counted(std::size_t n, std::string_view one, std::string_view many)
{
    return std::to_string(n) + ' ' + std::string(n == 1 ? one : many);
}

std::string last_line(const audit_report& r)
{
    auto text = r.complete ? counted(r.rooms, "room", "rooms") + " looked at: "
                           : "cut short, " + std::to_string(r.looked_at) + " of " +
                                 counted(r.rooms, "room", "rooms") + " looked at: ";
    if (r.bad.empty())
        return text + "none is bad\n";
    text += counted(r.bad.size(), "is bad", "are bad");
    if (r.mended() > 0)
        text += ", " + std::to_string(r.mended()) + " mended";
    if (r.failures > 0)
        text += ", " + std::to_string(r.failures) + " failed";
    return text + '\n';
}

} // namespace

std::string tell(const audit_report& r)
{
    std::string text;
    if (!r.bad.empty())
    {
        std::vector<row> rows{{"TITLE", "TYPE", "ROOM", "ACTION", "OUTSIDERS"}};
        for (const auto& b : r.bad)
            rows.push_back({title_of(b), printable(b.type, 20), printable(uuid_of(b.room), 40), action_of(b),
                            outsiders_of(b)});
        text = lines_of(rows) + '\n';
    }
    for (const auto& b : r.bad)
        if (!b.failed.empty())
            text +=
                "failed: " + title_of(b) + " (" + printable(uuid_of(b.room), 40) + "): " + b.failed + '\n';
    return text + last_line(r);
}

std::string to_json(const audit_report& r)
{
    json::array bad;
    for (const auto& b : r.bad)
    {
        json::array outsiders;
        for (const auto& o : b.finding.outsiders)
            outsiders.push_back(json::object{{"person", printable(o.person)},
                                             {"email", printable(o.email)},
                                             {"guest", o.as == standing::guest}});
        bad.push_back(json::object{{"room", printable(b.room)},
                                   {"title", printable(b.title)},
                                   {"type", printable(b.type)},
                                   {"reason", b.finding.reason},
                                   {"outsiders", std::move(outsiders)},
                                   {"action", b.action},
                                   {"mended", b.mended},
                                   {"failed", b.failed}});
    }
    return json::serialize(json::object{{"rooms", r.rooms},
                                        {"lookedAt", r.looked_at},
                                        {"complete", r.complete},
                                        {"failures", r.failures},
                                        {"bad", std::move(bad)}});
}

} // namespace postern::guard
