#include "postern/transport/tls_refusal.hpp"

#include "postern/transport/proxy.hpp"

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace postern::transport {
namespace {

// Names that firewalls and proxies put into the certificates they make when they open a connection.
constexpr std::array openers{
    "Zscaler",        "Netskope",       "Fortinet",        "FortiGate",        "Palo Alto",
    "Blue Coat",      "BlueCoat",       "Umbrella",        "Forcepoint",       "Websense",
    "McAfee",         "Skyhigh",        "Sophos",          "Check Point",      "Barracuda",
    "WatchGuard",     "SonicWall",      "Squid",           "mitmproxy",        "Trend Micro",
    "Kaspersky",      "iboss",          "Menlo",           "Cato Networks",    "Untangle",
    "pfSense",        "OPNsense",       "ESET SSL Filter", "Cisco Secure Web", "Web Gateway",
    "SSL Inspection", "TLS Inspection", "Interception",    "Decryption"};

bool contains_ignoring_case(std::string_view text, std::string_view words)
{
    const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
    return std::search(text.begin(), text.end(), words.begin(), words.end(), same) != text.end();
}

std::string opener_in(const refused_certificate& refused)
{
    for (const auto* name : openers)
        if (contains_ignoring_case(refused.issuer, name) || contains_ignoring_case(refused.root, name))
            return name;
    return {};
}

std::string advice_for(const refused_certificate& refused, const std::string& host)
{
    switch (refused.verdict)
    {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return "the server answers under another name: check the URL";
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "check this machine's clock; if it is right, the certificate has to be renewed";
    default: break;
    }
    if (!is_untrusted(refused.verdict))
        return "the certificate itself is at fault: tell whoever runs " + host;
    if (!opener_in(refused).empty())
        return "a firewall or proxy on the way opens the connection to look inside: get the certificate of "
               "its CA from whoever runs the network, and name it with --ca-file";
    if (is_this_machine(host))
        return "if a private CA signs here, name its certificate with --ca-file";
    return "if a private CA signs for " + host +
           ", or a firewall on the way opens the connection and signs with its own, name that CA's "
           "certificate "
           "with --ca-file";
}

} // namespace

bool is_untrusted(int verdict) noexcept
{
    switch (verdict)
    {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return true;
    default: return false;
    }
}

error explain(const refused_certificate& refused, const std::string& host, const std::string& trusted)
{
    error failed(errc::tls_failed);
    failed.ours = X509_verify_cert_error_string(refused.verdict);
    failed.ours +=
        ": " + host + " shows a certificate of " + refused.subject + ", issued by " + refused.issuer;
    if (!refused.root.empty() && refused.root != refused.issuer)
        failed.ours += " under " + refused.root;
    if (is_untrusted(refused.verdict) && !trusted.empty())
        failed.ours += "; " + trusted;
    failed.advice = advice_for(refused, host);
    return failed;
}

} // namespace postern::transport
