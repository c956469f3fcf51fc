#pragma once

#include "postern/transport/http_client.hpp"

#include <boost/asio/ip/address.hpp>

#include <functional>

namespace postern::transport {

// To which addresses a client may connect: asked for each one after the name was looked up, and for those
// alone that it is then connected to, so that a name can't be looked up twice to two ends. Called from any
// thread.
//
// Where a proxy leads to the target, the proxy looks the name up, and its addresses are not ours to judge;
// what the rule says of the proxy itself does not count.
using address_rule = std::function<bool(const net::ip::address&)>;

// As make_http_client. A connection that the rule forbids is cannot_connect, with nothing sent.
result<std::shared_ptr<http_client>> make_http_client(net::any_io_executor, http_client_options, log,
                                                      address_rule);

} // namespace postern::transport
