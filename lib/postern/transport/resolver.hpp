#pragma once

// Private to transport. A name lookup can't be cancelled (house rule 10): so addresses are kept, and looking
// up is rare.

#include "postern/base/async.hpp"
#include "postern/base/result.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace postern::transport {

class address_book
{
public:
    using clock = std::chrono::steady_clock;
    explicit address_book(clock::duration keep_for) : keep_for_(keep_for) {}

    // Thread-safe. When a lookup fails, addresses that were right before are used once more. Errors:
    // cannot_connect, naming the host.
    awaitable<result<std::vector<net::ip::tcp::endpoint>>> find(std::string host, std::uint16_t port);
    // What could not be reached is looked up anew next time.
    void forget(const std::string& host);

private:
    struct entry
    {
        std::vector<net::ip::address> addresses;
        clock::time_point expires;
    };
    clock::duration keep_for_;
    std::mutex mutex_;
    std::map<std::string, entry> known_;
};

} // namespace postern::transport
