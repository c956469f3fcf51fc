#pragma once

#include "postern/base/result.hpp"
#include "postern/transport/url.hpp"

#include <boost/asio/ip/address.hpp>

namespace postern {

// Whether an address belongs to the public internet. Not: this machine, private and shared networks,
// link-local (where clouds keep their metadata), unique-local, multicast, documentation, benchmarks, reserved
// and unspecified ones, and any IPv6 address that carries such an IPv4 address (mapped, compatible, 6to4,
// NAT64, Teredo). Source: the IANA special-purpose address registries (RFC 6890 and what it lists).
bool is_public_address(const boost::asio::ip::address&);

// What may be asked for on somebody's behalf, before its name is looked up: http and https, no literal
// address that is not public, no name of this machine or of an inner network ("localhost", a name without a
// dot, and names under .localhost, .local, .internal, .home.arpa, .lan, .corp, .home, .intranet). What a name
// is looked up to is checked when it is connected to (transport/address_rule.hpp). Errors: bad_input.
result<transport::url> parse_public_url(std::string_view text);
result<> check_public_url(const transport::url&);

} // namespace postern
