#include "postern/transport/tls_context.hpp"

#include <boost/asio/ssl/context.hpp>

#include <openssl/ssl.h>

namespace postern::transport {
namespace ssl = boost::asio::ssl;

result<std::shared_ptr<tls_context>> make_client_tls(tls_client_options options)
{
    auto context = std::make_shared<tls_context>(ssl::context::tls_client);
    boost::system::error_code ec;
    SSL_CTX_set_min_proto_version(context->ssl.native_handle(), TLS1_2_VERSION);
    context->verify = !options.insecure;
    context->ssl.set_verify_mode(options.insecure ? ssl::verify_none : ssl::verify_peer, ec);
    context->ssl.set_default_verify_paths(ec); // honours SSL_CERT_FILE and SSL_CERT_DIR
    if (!options.ca_file.empty())
    {
        context->ssl.load_verify_file(options.ca_file, ec);
        if (ec)
            return error(errc::file_unreadable, "reading the CA file " + options.ca_file)
                .because(ec.message())
                .advise("it must be a PEM file with one or more certificates");
    }
    return context;
}

result<std::shared_ptr<tls_context>> make_server_tls(std::string certificate_file, std::string key_file)
{
    auto context = std::make_shared<tls_context>(ssl::context::tls_server);
    boost::system::error_code ec;
    SSL_CTX_set_min_proto_version(context->ssl.native_handle(), TLS1_2_VERSION);
    context->ssl.use_certificate_chain_file(certificate_file, ec);
    if (ec)
        return error(errc::file_unreadable, "reading the certificate " + certificate_file)
            .because(ec.message())
            .advise("it must be a PEM file, the server's own certificate first");
    context->ssl.use_private_key_file(key_file, ssl::context::pem, ec);
    if (ec)
        return error(errc::file_unreadable, "reading the private key " + key_file)
            .because(ec.message())
            .advise("it must be the unencrypted PEM key of " + certificate_file);
    return context;
}

} // namespace postern::transport
