#pragma once

#include "postern/webex/types.hpp"

#include <string>
#include <vector>

namespace postern::source {

// A webhook that we need. Its name tells that it is ours: nothing else is ever touched.
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

// What to do to make the actual webhooks equal to the wanted ones. Decides; calls nothing.
struct webhook_plan
{
    struct update
    {
        webex::webhook actual;
        wanted_webhook wanted;
    };
    std::vector<wanted_webhook> create;
    std::vector<update> keep; // updated in place: name, target and secret are set anew, status active
    std::vector<webex::webhook> remove;  // ours, but a double, or not wanted any more
    std::vector<webex::webhook> revived; // those of `keep` that the cloud had switched off
};
webhook_plan plan_webhooks(const std::string& instance, const std::vector<wanted_webhook>& wanted,
                           const std::vector<webex::webhook>& actual);

} // namespace postern::source
