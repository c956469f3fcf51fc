#include "postern/source/webhook/webhook_plan.hpp"

#include <algorithm>
#include <iterator>

namespace postern::source {
namespace {

// A webhook's resource, event and filter can't be changed, only its name, target and secret
// (protocol/webex-rest.md 4.9).
bool serves(const webex::webhook& actual, const wanted_webhook& wanted)
{
    return actual.resource == wanted.resource && actual.event == wanted.event &&
           actual.filter == wanted.filter;
}

webhook_plan::kept look_at(const webex::webhook& actual, const wanted_webhook& wanted,
                           const webhooks_left& left)
{
    webhook_plan::kept one{actual, wanted};
    // Some clients write "disabled" where REST writes "inactive": anything but "active" is off.
    one.asleep = actual.status != "active";
    const auto known = left.find(actual.id);
    one.unsure = known == left.end();
    if (!one.unsure && actual.target_url.empty())
        one.actual.target_url = known->second; // not told: no sign of a change
    one.strayed = !one.unsure && one.actual.target_url != known->second;
    return one;
}

// Of several that serve the same need, the one that wants least done to it is kept.
bool better(const webhook_plan::kept& a, const webhook_plan::kept& b)
{
    const auto flaws = [](const webhook_plan::kept& k) { return 2 * k.asleep + k.strayed + k.unsure; };
    return flaws(a) < flaws(b);
}

} // namespace

std::string webhook_name(const std::string& instance, const wanted_webhook& w)
{
    return "postern " + instance + ' ' + w.resource + ':' + w.event;
}

bool is_ours(const std::string& instance, const webex::webhook& w)
{
    return w.name.starts_with("postern " + instance + ' ');
}

bool webhook_plan::nothing_to_do() const noexcept
{
    return create.empty() && remove.empty() &&
           std::none_of(keep.begin(), keep.end(), [](const kept& k) { return k.needs_update(); });
}

webhook_plan plan_webhooks(const std::string& instance, const std::vector<wanted_webhook>& wanted,
                           const std::vector<webex::webhook>& actual, const webhooks_left& left)
{
    webhook_plan plan;
    std::vector<webex::webhook> ours;
    std::copy_if(actual.begin(), actual.end(), std::back_inserter(ours),
                 [&](const webex::webhook& w) { return is_ours(instance, w); });

    for (const auto& need : wanted)
    {
        const auto serving = std::stable_partition(ours.begin(), ours.end(),
                                                   [&](const webex::webhook& w) { return !serves(w, need); });
        if (serving == ours.end())
        {
            plan.create.push_back(need);
            continue;
        }
        std::vector<webhook_plan::kept> candidates;
        std::transform(serving, ours.end(), std::back_inserter(candidates),
                       [&](const webex::webhook& w) { return look_at(w, need, left); });
        ours.erase(serving, ours.end());

        const auto best = std::min_element(candidates.begin(), candidates.end(), better);
        for (auto it = candidates.begin(); it != candidates.end(); ++it)
            if (it != best)
                plan.remove.push_back(it->actual);
        plan.keep.push_back(*best);
    }
    plan.doubles = plan.remove.size();
    plan.remove.insert(plan.remove.end(), ours.begin(), ours.end());
    return plan;
}

webhook_drift drift_in(const webhook_plan& plan, bool settled)
{
    webhook_drift drift;
    drift.doubles = plan.doubles;
    for (const auto& one : plan.keep)
    {
        drift.asleep += one.asleep;
        // One that we did not write, where ours were all in place, has come instead of one of ours.
        drift.changed += settled && (one.strayed || one.unsure);
    }
    if (settled)
        drift.missing = plan.create.size();
    return drift;
}

} // namespace postern::source
