#pragma once

#include "support/folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <string>

namespace postern::test {

// A private CA and a certificate of its, made anew by the openssl program: ca.pem, cert.pem, key.pem.
struct certificates
{
    explicit certificates(const std::string& names = "DNS:localhost",
                          const std::string& ca = "Postern Test CA")
    {
        const auto first = names.substr(0, names.find(',')).substr(names.find(':') + 1);
        std::ofstream(path("ext")) << "subjectAltName=" << names << '\n';
        const std::string key = " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";
        for (const auto& step :
             {"openssl req -x509" + key + "-days 2 -subj '/CN=" + ca + "' -keyout ca.key -out ca.pem",
              "openssl req" + key + "-subj '/CN=" + first + "' -keyout key.pem -out csr.pem",
              std::string("openssl x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
                          "-extfile ext -out cert.pem")})
            BOOST_TEST_REQUIRE(std::system(("cd " + dir.path + " && " + step + " 2>/dev/null").c_str()) == 0,
                               step);
    }

    std::string path(const char* name) const { return dir.path + '/' + name; }

    folder dir;
};

// A variable of this process, for the length of a test.
struct variable
{
    variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
    ~variable() { ::unsetenv(name_); }
    variable(const variable&) = delete;

private:
    const char* name_;
};

} // namespace postern::test
