#include "postern/source/device/device_policy.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace postern::source {
namespace {

constexpr std::string_view excessive = "excessive device registrations";
constexpr std::size_t most_names = 5; // of other programs, in one text

bool same_letter(char a, char b) noexcept
{
    const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return low(a) == low(b);
}

void keep_ours(std::vector<device>& all, const own_mark& mark)
{
    std::erase_if(all, [&](const device& d) { return !mark.fits(d); });
}

} // namespace

device_choice choose_device(std::vector<device> all, const own_mark& mark, std::string_view kept_url)
{
    keep_ours(all, mark);
    device_choice choice;
    if (all.empty())
        return choice;

    device kept;
    kept.url = kept_url;
    const auto kept_id = kept.id(); // WDM may answer for one device under several hosts
    auto chosen = std::find_if(all.begin(), all.end(), [&](const device& d) { return d.id() == kept_id; });
    if (chosen == all.end())
        chosen = std::max_element(all.begin(), all.end(),
                                  [](const device& a, const device& b) { return a.modified < b.modified; });
    choice.use = std::move(*chosen);
    all.erase(chosen);
    choice.surplus = std::move(all);
    return choice;
}

std::vector<device> prunable(std::vector<device> all, const own_mark& mark)
{
    keep_ours(all, mark);
    std::stable_sort(all.begin(), all.end(),
                     [](const device& a, const device& b) { return a.modified < b.modified; });
    return all;
}

bool is_excessive(unsigned status, std::string_view message)
{
    return status == 403 && std::search(message.begin(), message.end(), excessive.begin(), excessive.end(),
                                        same_letter) != message.end();
}

std::string census(const std::vector<device>& all, const own_mark& mark)
{
    std::map<std::string, std::size_t> counts;
    std::size_t ours = 0;
    for (const auto& d : all)
        ++(mark.fits(d) ? ours : counts[d.name]);
    std::vector<std::pair<std::string, std::size_t>> others(counts.begin(), counts.end());
    std::stable_sort(others.begin(), others.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });

    auto text = std::to_string(all.size()) + " registrations: " + std::to_string(ours) + " of this postern";
    for (std::size_t i = 0; i < others.size() && i < most_names; ++i)
        text += ", " + std::to_string(others[i].second) + " \"" + printable(others[i].first, 40) + '"';
    if (others.size() > most_names)
        text += ", and those of " + std::to_string(others.size() - most_names) + " more names";
    return text;
}

std::chrono::milliseconds refresh_after(const device& d, std::chrono::milliseconds otherwise)
{
    if (!d.ttl)
        return otherwise;
    const std::chrono::milliseconds life = *d.ttl;
    return std::min<std::chrono::milliseconds>(life / 2 + std::chrono::minutes(1), life * 9 / 10);
}

} // namespace postern::source
