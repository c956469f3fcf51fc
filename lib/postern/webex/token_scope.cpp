#include "postern/webex/token_scope.hpp"

namespace postern::webex {
namespace {

bool public_cloud(const transport::url& where)
{
    return where.tls() && where.port == 443 &&
           (where.host == "webexapis.com" || where.host == "api.ciscospark.com");
}

} // namespace

token_scope::token_scope(transport::url api) : origin_(api.origin()) {}

bool token_scope::covers(const transport::url& where) const
{
    return where.origin() == origin_ || public_cloud(where);
}

bool same_service(const transport::url& a, const transport::url& b)
{
    return a.origin() == b.origin() || (public_cloud(a) && public_cloud(b));
}

} // namespace postern::webex
