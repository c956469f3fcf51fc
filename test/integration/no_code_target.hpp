#pragma once

#include "postern/transport/http_server.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace postern::test {

// What an operator's server may be like, in the test's own process:
//
//     /hangs    takes the request and says nothing
//     /breaks   500
//     /page     HTML
//     /later    202
//     /hello    markdown, with the text of the command's arguments
class no_code_target
{
public:
    no_code_target();
    ~no_code_target();

    std::string url(const std::string& path) const;

    // The next request, in order of coming; fails the test if none comes.
    transport::request next();

private:
    class paths;

    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<transport::request> seen_;
    std::size_t handed_out_ = 0;
    net::io_context io_{1};
    std::unique_ptr<transport::http_server> server_;
    std::thread thread_;
};

} // namespace postern::test
