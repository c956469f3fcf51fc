#pragma once

#include "integration/child.hpp"
#include "support/folder.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace postern::test {

// Debian's tinyproxy on loopback, which asks for a user name and a password. Ends with the test.
class tiny_proxy
{
public:
    explicit tiny_proxy(std::string user = "postern", std::string password = "let-me-out");

    // Again at the same port, perhaps with another password.
    void start(const std::string& password);
    void start() { start(password_); }
    void stop(); // every connection through it ends

    std::string address() const;                             // "127.0.0.1:40123"
    std::string url() const { return url_with(password_); }  // with user and password
    std::string url_with(const std::string& password) const; // of the same user
    std::string log() const;                                 // all that it has written so far
    std::vector<std::string> asked_for() const;              // targets of CONNECT, "127.0.0.1:4711", in order
    std::size_t asked_for(const std::string& target) const;

private:
    bool run(std::uint16_t port);

    const folder dir_;
    const std::string user_;
    std::string password_;
    std::uint16_t port_ = 0;
    std::unique_ptr<child> process_;
};

} // namespace postern::test
