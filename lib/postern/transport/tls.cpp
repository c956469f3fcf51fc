#include "postern/transport/tls_context.hpp"

#include <boost/asio/ssl/context.hpp>

#include <openssl/ssl.h>

#include <openssl/x509.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace postern::transport {
namespace ssl = boost::asio::ssl;
namespace {

bool is_set(const char* variable)
{
    const char* value = std::getenv(variable);
    return value && *value;
}

// Does the directory of hashed certificates say the same as the one file with all of them? It does where both
// were made at once, as on Debian, and nobody has added to the file by hand since.
bool directory_is_complete()
{
    if (is_set("SSL_CERT_FILE") || is_set("SSL_CERT_DIR"))
        return false;
    std::error_code ec;
    const auto file = std::filesystem::canonical(X509_get_default_cert_file(), ec);
    const auto directory = std::filesystem::canonical(X509_get_default_cert_dir(), ec);
    if (ec || file.parent_path() != directory)
        return false;
    const auto file_made = std::filesystem::last_write_time(file, ec);
    const auto directory_made = std::filesystem::last_write_time(directory, ec);
    if (ec || file_made > directory_made)
        return false;
    for (const auto& entry : std::filesystem::directory_iterator(directory, ec))
        if (entry.path().extension() == ".0")
            return true;
    return false;
}

// From the directory each certificate is read when it is needed; reading the one file costs a start 30 ms.
void trust_the_system(ssl::context& context)
{
    boost::system::error_code ignored; // nothing to trust: every handshake will say so
    if (directory_is_complete())
        SSL_CTX_set_default_verify_dir(context.native_handle());
    else
        context.set_default_verify_paths(ignored); // honours SSL_CERT_FILE and SSL_CERT_DIR
}

// The variables take the place of the system's store: whoever looks for a refused certificate must know.
std::string trusted_instead()
{
    std::string words;
    for (const auto* variable : {"SSL_CERT_FILE", "SSL_CERT_DIR"})
        if (is_set(variable))
        {
            const std::string path = std::getenv(variable);
            std::error_code ec;
            const bool there = std::filesystem::is_directory(path, ec) || std::ifstream(path).good();
            words += (words.empty() ? "trusted is what " : " and ") + std::string(variable) + " names, " +
                     printable(path) + (there ? "" : ", which can't be read");
        }
    return words;
}

} // namespace

result<std::shared_ptr<tls_context>> make_client_tls(tls_client_options options)
{
    auto context = std::make_shared<tls_context>(ssl::context::tls_client);
    boost::system::error_code ec;
    SSL_CTX_set_min_proto_version(context->ssl.native_handle(), TLS1_2_VERSION);
    context->verify = !options.insecure;
    context->ssl.set_verify_mode(options.insecure ? ssl::verify_none : ssl::verify_peer, ec);
    trust_the_system(context->ssl);
    context->trusted = trusted_instead();
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
