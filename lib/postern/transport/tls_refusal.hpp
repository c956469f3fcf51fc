#pragma once

// Private to transport: a refused certificate in words. No OpenSSL in here.

#include "postern/base/error.hpp"

#include <string>

namespace postern::transport {

// Whose certificate was refused, and why.
struct refused_certificate
{
    int verdict = 0; // X509_V_…; 0: none was refused
    std::string subject;
    std::string issuer;
    std::string root; // who stands at the end of the chain that the server sent
};

// Is that verdict about a chain that ends at nobody we trust?
bool is_untrusted(int verdict) noexcept;

// tls_failed, with which box on the way broke the chain and what would help. `trusted`: what is trusted in
// place of the system's store, empty as a rule.
error explain(const refused_certificate&, const std::string& host, const std::string& trusted);

} // namespace postern::transport
