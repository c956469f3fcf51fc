#include "postern/transport/address_rule.hpp"
#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace postern;
using namespace postern::transport;
using namespace std::chrono_literals;

namespace {

// What asking a listener of this machine by that name comes to, with the addresses that the rule was asked
// for.
struct attempt
{
    std::vector<std::string> judged;
    bool connected = false;
    error why;

    attempt(const std::string& host, bool allowed)
    {
        test::captured_log logged;
        test::run([&](net::io_context& io) -> awaitable<void> {
            net::ip::tcp::acceptor listener(io, {net::ip::make_address("127.0.0.1"), 0});
            listener.async_accept([this](error_code failed, net::ip::tcp::socket) { connected = !failed; });
            address_rule rule = [this, allowed](const net::ip::address& address) {
                judged.push_back(address.to_string());
                return allowed;
            };
            const auto client = *make_http_client(io.get_executor(), {}, logged.writer, std::move(rule));
            const auto where =
                *parse_url("http://" + host + ':' + std::to_string(listener.local_endpoint().port()) + "/");
            request ask;
            const auto answer = co_await client->send(where, std::move(ask), deadline::after(2s));
            why = answer.error(); // the listener hangs up, or was never reached
            listener.close();
        });
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(address_rule)

BOOST_AUTO_TEST_CASE(what_a_name_is_looked_up_to_is_judged_before_anything_is_connected)
{
    const attempt refused("localhost", false);
    BOOST_TEST(!refused.judged.empty());
    BOOST_TEST(!refused.connected);
    BOOST_TEST(refused.why.is(errc::cannot_connect));
    BOOST_TEST(!refused.why.maybe_sent);
    BOOST_TEST(describe(refused.why).find("may be connected to") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_written_out_is_judged_too)
{
    const attempt refused("127.0.0.1", false);
    BOOST_TEST(refused.judged == std::vector<std::string>{"127.0.0.1"}, boost::test_tools::per_element());
    BOOST_TEST(!refused.connected);
}

BOOST_AUTO_TEST_CASE(what_is_allowed_is_connected_to)
{
    const attempt allowed("localhost", true);
    BOOST_TEST(allowed.connected);
}

BOOST_AUTO_TEST_SUITE_END()
