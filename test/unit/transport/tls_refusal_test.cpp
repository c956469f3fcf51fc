#include "postern/transport/tls_refusal.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/x509_vfy.h>

using namespace postern;
using namespace postern::transport;

BOOST_AUTO_TEST_SUITE(tls_refusal)

BOOST_AUTO_TEST_CASE(a_refused_certificate_tells_whose_it_is_and_what_would_help)
{
    struct row
    {
        const char* what;
        refused_certificate refused;
        const char* host;
        std::vector<const char*> says;
        const char* never;
    };
    const std::string leaf = "/CN=webexapis.com";
    const row rows[] = {
        {"a CA nobody knows",
         {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, leaf, "/CN=Corp Issuing CA", "/CN=Corp Issuing CA"},
         "webexapis.com",
         {leaf.c_str(), "issued by /CN=Corp Issuing CA", "private CA", "firewall", "--ca-file"},
         " under "},
        {"a chain up to its own root",
         {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, leaf, "/CN=Corp Issuing CA", "/CN=Corp Root CA"},
         "webexapis.com",
         {"issued by /CN=Corp Issuing CA under /CN=Corp Root CA", "--ca-file"},
         "clock"},
        {"an inspecting firewall by its name",
         {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, leaf, "/CN=fw1", "/O=netskope inc/CN=root"},
         "webexapis.com",
         {"opens the connection to look inside", "--ca-file"},
         "private CA"},
        {"our own emulator",
         {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "/CN=me", "/CN=me", "/CN=me"},
         "127.0.0.1",
         {"private CA", "--ca-file"},
         "firewall"},
        {"too old",
         {X509_V_ERR_CERT_HAS_EXPIRED, leaf, "/CN=CA", "/CN=CA"},
         "webexapis.com",
         {"expired", "clock"},
         "--ca-file"},
        {"too young",
         {X509_V_ERR_CERT_NOT_YET_VALID, leaf, "/CN=CA", "/CN=CA"},
         "webexapis.com",
         {"not yet valid", "clock"},
         "--ca-file"},
        {"of another name",
         {X509_V_ERR_HOSTNAME_MISMATCH, "/CN=other", "/CN=CA", "/CN=CA"},
         "webexapis.com",
         {"/CN=other", "check the URL"},
         "--ca-file"},
        {"weak",
         {X509_V_ERR_CA_MD_TOO_WEAK, leaf, "/CN=CA", "/CN=CA"},
         "webexapis.com",
         {"tell whoever runs webexapis.com"},
         "--ca-file"},
    };
    for (const auto& r : rows)
        BOOST_TEST_CONTEXT(r.what)
        {
            const auto why = explain(r.refused, r.host, "");
            BOOST_TEST(why.is(errc::tls_failed));
            const auto line = describe(why);
            for (const auto* words : r.says)
                BOOST_TEST(line.find(words) != line.npos, '"' << words << "\" in: " << line);
            BOOST_TEST(line.find(r.never) == line.npos, line);
        }
}

BOOST_AUTO_TEST_CASE(what_is_trusted_instead_of_the_system_is_told_where_it_matters)
{
    const refused_certificate unknown{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "/CN=a", "/CN=b", "/CN=b"};
    const refused_certificate old{X509_V_ERR_CERT_HAS_EXPIRED, "/CN=a", "/CN=b", "/CN=b"};
    BOOST_TEST(describe(explain(unknown, "h", "trusted is X")).find("trusted is X") != std::string::npos);
    BOOST_TEST(describe(explain(old, "h", "trusted is X")).find("trusted is X") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
