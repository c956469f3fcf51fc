#include "integration/proxy_fixture.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace postern::test {
namespace {

namespace net = boost::asio;
using tcp = net::ip::tcp;

const net::ip::address loopback = net::ip::address_v4::loopback();

std::string program()
{
    std::istringstream path(std::getenv("PATH") ? std::getenv("PATH") : "");
    for (std::string dir; std::getline(path, dir, ':');)
        if (std::filesystem::exists(dir + "/tinyproxy"))
            return dir + "/tinyproxy";
    return {};
}

// Somebody else may take it before tinyproxy does, which can't be told to choose for itself.
std::uint16_t free_port()
{
    net::io_context io;
    return tcp::acceptor(io, {loopback, 0}).local_endpoint().port();
}

bool listens(std::uint16_t port)
{
    net::io_context io;
    tcp::socket socket(io);
    boost::system::error_code ec;
    socket.connect({loopback, port}, ec);
    return !ec;
}

} // namespace

tiny_proxy::tiny_proxy(std::string user, std::string password)
    : user_(std::move(user)), password_(std::move(password))
{
    for (int tries = 0; tries < 10; ++tries)
        if (run(free_port()))
            return;
    BOOST_FAIL("tinyproxy does not start: " << log());
}

void tiny_proxy::start(const std::string& password)
{
    stop();
    password_ = password;
    BOOST_TEST_REQUIRE(run(port_), "tinyproxy does not start again: " << log());
}

void tiny_proxy::stop()
{
    if (!process_)
        return;
    process_->signal(SIGKILL); // asked politely, it waits for its connections to end
    process_->exit_code();
    process_.reset();
}

bool tiny_proxy::run(std::uint16_t port)
{
    const auto found = program();
    BOOST_TEST_REQUIRE(!found.empty(), "tinyproxy is not on PATH: scripts/setup test installs it");
    const auto configuration = dir_.path + "/tinyproxy.conf";
    std::ofstream(configuration) << "Port " << port << "\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 600\n"
                                 << "MaxClients 100\nDisableViaHeader Yes\nLogLevel Connect\nLogFile \""
                                 << dir_.path << "/log\"\nBasicAuth " << user_ << ' ' << password_ << '\n';
    process_ = std::make_unique<child>(found, std::vector<std::string>{"-d", "-c", configuration});
    port_ = port;
    using namespace std::chrono_literals;
    for (int tries = 0; tries < 1000 && !process_->exit_code(0s); ++tries)
    {
        if (listens(port))
            return true;
        std::this_thread::sleep_for(10ms); // it tells nobody when it is ready
    }
    return false;
}

std::string tiny_proxy::address() const { return "127.0.0.1:" + std::to_string(port_); }

std::string tiny_proxy::url_with(const std::string& password) const
{
    return "http://" + user_ + ':' + password + '@' + address();
}

std::string tiny_proxy::log() const
{
    std::ostringstream all;
    all << std::ifstream(dir_.path + "/log").rdbuf();
    return all.str();
}

std::vector<std::string> tiny_proxy::asked_for() const
{
    constexpr std::string_view marker = "): CONNECT ";
    std::vector<std::string> targets;
    std::istringstream lines(log());
    for (std::string line; std::getline(lines, line);)
        if (const auto at = line.find(marker); at != line.npos)
        {
            const auto begin = at + marker.size();
            targets.push_back(line.substr(begin, line.find(' ', begin) - begin));
        }
    return targets;
}

std::size_t tiny_proxy::asked_for(const std::string& target) const
{
    const auto all = asked_for();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), target));
}

} // namespace postern::test
