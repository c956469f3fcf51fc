#pragma once

// Private to transport: who forks.

#include "postern/transport/unique_fd.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <thread>
#include <vector>

namespace postern::transport {

struct launch_order
{
    std::string program; // an absolute path
    std::vector<std::string> arguments;
    std::vector<std::string> environment; // NAME=value
    std::string directory;                // ours if empty
    unique_fd in, out, err;               // become its 0, 1 and 2
};

struct launched
{
    int pid = -1;    // also the number of its process group
    unique_fd watch; // readable once it has ended (a pidfd)
};

// Starts all children of the program from one thread of its own, which never ends: a child asks the kernel to
// be killed when its parent dies, and to the kernel the parent is the *thread* that forked. Besides, forking
// on a context with several threads can hang in the child (Asio's fork hooks). Thread-safe.
class child_launcher
{
public:
    // Blocks for as long as fork and exec take. Errors: the system's codes; nothing of the child is left
    // then.
    static boost::system::result<launched> launch(launch_order);

private:
    child_launcher();
    static child_launcher& shared();

    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{context_.get_executor()};
    std::thread thread_;
};

} // namespace postern::transport
