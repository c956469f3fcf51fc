#include "postern/source/webhook/webhook_plan.hpp"

#include <algorithm>

namespace postern::source {
namespace {

// A webhook's resource, event and filter can't be changed, only its name, target and secret
// (protocol/webex-rest.md 4.9).
bool serves(const webex::webhook& actual, const wanted_webhook& wanted)
{
    return actual.resource == wanted.resource && actual.event == wanted.event &&
           actual.filter == wanted.filter;
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

webhook_plan plan_webhooks(const std::string& instance, const std::vector<wanted_webhook>& wanted,
                           const std::vector<webex::webhook>& actual)
{
    webhook_plan plan;
    plan.create = wanted;
    for (const auto& w : actual)
    {
        if (!is_ours(instance, w))
            continue;
        const auto need = std::find_if(plan.create.begin(), plan.create.end(),
                                       [&](const wanted_webhook& c) { return serves(w, c); });
        if (need == plan.create.end())
        {
            plan.remove.push_back(w);
            continue;
        }
        // Some clients write "disabled" where REST writes "inactive": anything but "active" is off.
        if (w.status != "active")
            plan.revived.push_back(w);
        plan.keep.push_back({w, *need});
        plan.create.erase(need);
    }
    return plan;
}

} // namespace postern::source
