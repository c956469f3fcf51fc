#pragma once

#include "postern/base/result.hpp"

#include <memory>
#include <string>

namespace postern::transport {

// The TLS settings of one side, behind which OpenSSL stays. Shared by all connections of a client or a
// server; read-only once made, so safe from any thread.
class tls_context;

struct tls_client_options
{
    std::string ca_file;   // PEM, in addition to the system's store
    bool insecure = false; // no checks at all
};

// Errors: file_unreadable, naming the file.
result<std::shared_ptr<tls_context>> make_client_tls(tls_client_options);
result<std::shared_ptr<tls_context>> make_server_tls(std::string certificate_file, std::string key_file);

} // namespace postern::transport
