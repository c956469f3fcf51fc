#pragma once

#include "postern/transport/url.hpp"

namespace postern::webex {

// Where the access token may go: to the configured API and to the two public names of the cloud, which hand
// out each other's file URLs (protocol/webex-rest.md 1.1). Nowhere else, whatever a message or a header says.
class token_scope
{
public:
    explicit token_scope(transport::url api);

    bool covers(const transport::url&) const;

private:
    std::string origin_;
};

// One origin, or two names of the public cloud.
bool same_service(const transport::url& a, const transport::url& b);

} // namespace postern::webex
