#pragma once

// The local API's JSON (protocol/ngrok.md 7.3, 7.4).

#include "standin/world.hpp"

namespace postern::standin {

json::object tunnel_json(const world&, const tunnel&);
json::object tunnels_json(const world&);
json::object endpoint_json(const world&, const tunnel&, bool with_metrics);
json::object endpoints_json(const world&);
json::object status_json(const world&);
json::object capture_json(const capture&);
json::object captures_json(const captures&, std::size_t limit, std::string_view tunnel_name);

struct api_error
{
    unsigned status;
    int code;
    std::string msg;
    json::object details;
};
transport::response error_response(const api_error&);
transport::response json_response(unsigned status, const json::value&);

} // namespace postern::standin
