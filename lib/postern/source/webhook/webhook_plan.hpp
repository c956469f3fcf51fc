#pragma once

#include "postern/webex/types.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace postern::source {

// A webhook that we need. Its name tells that it is ours: nothing else is ever touched.
//
// The resource "all" is no short way: it leaves out attachmentActions (protocol/webex-rest.md 5.3).
struct wanted_webhook
{
    std::string resource;
    std::string event;
    std::string filter;
    friend bool operator==(const wanted_webhook&, const wanted_webhook&) = default;
};

// "postern 3f9c messages:created": the program, the instance, what for.
std::string webhook_name(const std::string& instance, const wanted_webhook&);
bool is_ours(const std::string& instance, const webex::webhook&);

// Webhooks that we have written with the target and the secret of now: id to target, as the cloud told it
// back. A secret can't be relied on to be shown (protocol/webex-rest.md 12 #17), so having written it is the
// only way to know it.
using webhooks_left = std::map<std::string, std::string>;

// What to do to make the actual webhooks equal to the wanted ones. Decides; calls nothing.
struct webhook_plan
{
    struct kept
    {
        webex::webhook actual;
        wanted_webhook wanted;
        bool asleep = false;  // the cloud has switched it off
        bool strayed = false; // it is not any more as we left it
        bool unsure = false;  // we did not write it: its target and secret may be any

        bool needs_update() const noexcept { return asleep || strayed || unsure; }
    };
    std::vector<wanted_webhook> create;
    std::vector<kept> keep; // updated in place where need be: name, target and secret anew, status active
    std::vector<webex::webhook> remove; // ours, but a double, or not wanted any more
    std::size_t doubles = 0;            // among `remove`

    bool nothing_to_do() const noexcept;
};
webhook_plan plan_webhooks(const std::string& instance, const std::vector<wanted_webhook>& wanted,
                           const std::vector<webex::webhook>& actual, const webhooks_left& = {});

// What somebody else has done to our webhooks since we last saw to them.
struct webhook_drift
{
    std::size_t missing = 0;
    std::size_t changed = 0;
    std::size_t doubles = 0;
    std::size_t asleep = 0; // the cloud's own doing; counted apart

    bool any() const noexcept { return missing + changed + doubles > 0; }
    friend bool operator==(const webhook_drift&, const webhook_drift&) = default;
};
// `settled`: they had all been in place. Before that, what is missing is only not made yet.
webhook_drift drift_in(const webhook_plan&, bool settled);

} // namespace postern::source
