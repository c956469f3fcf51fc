#pragma once

#include "postern/emulator/rest.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator {

granted<transport::response> get_me(call&);
granted<transport::response> get_person(call&);
granted<transport::response> list_people(call&);

granted<transport::response> list_rooms(call&);
granted<transport::response> create_room(call&);
granted<transport::response> get_room(call&);
granted<transport::response> update_room(call&);
granted<transport::response> delete_room(call&);

granted<transport::response> list_memberships(call&);
granted<transport::response> create_membership(call&);
granted<transport::response> get_membership(call&);
granted<transport::response> update_membership(call&);
granted<transport::response> delete_membership(call&);

granted<transport::response> list_messages(call&);
granted<transport::response> list_direct_messages(call&);
granted<transport::response> create_message(call&);
granted<transport::response> get_message(call&);
granted<transport::response> update_message(call&);
granted<transport::response> delete_message(call&);

granted<transport::response> get_content(call&);

granted<transport::response> create_action(call&);
granted<transport::response> get_action(call&);

// Discovery (rest_discovery.cpp).
granted<transport::response> get_catalogue(call&);

// Devices, at the right region's WDM and at another one: the path tells (rest_devices.cpp).
granted<transport::response> list_devices(call&);
granted<transport::response> register_device(call&);
granted<transport::response> get_device(call&);
granted<transport::response> refresh_device(call&);
granted<transport::response> delete_device(call&);

// What an activity's URLs lead to (rest_conversation.cpp).
granted<transport::response> look_up_message(call&);
granted<transport::response> look_up_action(call&);
granted<transport::response> take_metrics(call&);

granted<transport::response> list_webhooks(call&);
granted<transport::response> create_webhook(call&);
granted<transport::response> get_webhook(call&);
granted<transport::response> update_webhook(call&);
granted<transport::response> delete_webhook(call&);

// The scope of what answers everybody.
inline constexpr std::string_view without_token = "-";

struct route
{
    std::string_view method;
    std::string_view path; // "{id}" stands for one segment
    std::string_view scope;
    endpoint handle;
};

// The whole surface on one screen (protocol/webex-rest.md 10.2, protocol/mercury.md 9.1). A literal segment
// stands before "{id}".
inline constexpr std::array routes{
    route{"GET", "/v1/people/me", "spark:people_read", get_me},
    route{"GET", "/v1/people/{id}", "spark:people_read", get_person},
    route{"GET", "/v1/people", "spark:people_read", list_people},

    route{"GET", "/v1/rooms", "spark:rooms_read", list_rooms},
    route{"POST", "/v1/rooms", "spark:rooms_write", create_room},
    route{"GET", "/v1/rooms/{id}", "spark:rooms_read", get_room},
    route{"PUT", "/v1/rooms/{id}", "spark:rooms_write", update_room},
    route{"DELETE", "/v1/rooms/{id}", "spark:rooms_write", delete_room},

    route{"GET", "/v1/memberships", "spark:memberships_read", list_memberships},
    route{"POST", "/v1/memberships", "spark:memberships_write", create_membership},
    route{"GET", "/v1/memberships/{id}", "spark:memberships_read", get_membership},
    route{"PUT", "/v1/memberships/{id}", "spark:memberships_write", update_membership},
    route{"DELETE", "/v1/memberships/{id}", "spark:memberships_write", delete_membership},

    route{"GET", "/v1/messages", "spark:messages_read", list_messages},
    route{"POST", "/v1/messages", "spark:messages_write", create_message},
    route{"GET", "/v1/messages/direct", "spark:messages_read", list_direct_messages},
    route{"GET", "/v1/messages/{id}", "spark:messages_read", get_message},
    route{"PUT", "/v1/messages/{id}", "spark:messages_write", update_message},
    route{"DELETE", "/v1/messages/{id}", "spark:messages_write", delete_message},

    route{"GET", "/v1/contents/{id}", "spark:messages_read", get_content},
    route{"HEAD", "/v1/contents/{id}", "spark:messages_read", get_content},

    route{"POST", "/v1/attachment/actions", "spark:messages_write", create_action},
    route{"GET", "/v1/attachment/actions/{id}", "spark:messages_read", get_action},

    route{"GET", "/v1/webhooks", "", list_webhooks}, // creation asks for the resource's read scope
    route{"POST", "/v1/webhooks", "", create_webhook},
    route{"GET", "/v1/webhooks/{id}", "", get_webhook},
    route{"PUT", "/v1/webhooks/{id}", "", update_webhook},
    route{"DELETE", "/v1/webhooks/{id}", "", delete_webhook},

    route{"GET", "/u2c/api/v1/limited/catalog", without_token, get_catalogue},
    route{"GET", "/u2c/api/v1/signin/catalog", "", get_catalogue},
    route{"GET", "/u2c/api/v1/catalog", "", get_catalogue},

    route{"GET", "/wdm/api/v1/devices", "", list_devices},
    route{"POST", "/wdm/api/v1/devices", "", register_device},
    route{"GET", "/wdm/api/v1/devices/{id}", "", get_device},
    route{"PUT", "/wdm/api/v1/devices/{id}", "", refresh_device},
    route{"DELETE", "/wdm/api/v1/devices/{id}", "", delete_device},

    route{"GET", "/wdm-elsewhere/api/v1/devices", "", list_devices},
    route{"POST", "/wdm-elsewhere/api/v1/devices", "", register_device},
    route{"GET", "/wdm-elsewhere/api/v1/devices/{id}", "", get_device},
    route{"PUT", "/wdm-elsewhere/api/v1/devices/{id}", "", refresh_device},
    route{"DELETE", "/wdm-elsewhere/api/v1/devices/{id}", "", delete_device},

    route{"GET", "/conversation/api/v1/messages/{id}", "", look_up_message},
    route{"GET", "/conversation/api/v1/attachment/actions/{id}", "", look_up_action},
    route{"POST", "/metrics/api/v1/clientmetrics", without_token, take_metrics},
};

// Does the path fit the pattern, and what does "{id}" stand for? A trailing slash is the same resource.
std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path);

enum class lookup
{
    found,
    wrong_path,
    wrong_method
};

struct found_route
{
    lookup verdict = lookup::wrong_path;
    const route* to = nullptr;
    std::vector<std::string> captured;
};

found_route find_route(std::string_view method, std::string_view path);

} // namespace postern::emulator
