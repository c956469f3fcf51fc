#include "integration/cloud.hpp"
#include "integration/processes.hpp"
#include "integration/talk.hpp"
#include "support/captured_log.hpp"
#include "support/folder.hpp"

#include "postern/base/within.hpp"
#include "postern/bot/bot.hpp"
#include "postern/gateway/gateway.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <future>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

// A gateway in the test's own process, with a bot whose "/hang" takes until it is let go.
class house
{
public:
    explicit house(const cloud& webex)
    {
        add_default_commands(*who_);
        who_->command("/hang", "takes its time", [this](context) -> awaitable<void> {
            ++hanging;
            for (bool on = true; on && held_;)
                on = co_await pause_for(5ms);
        });
        gateway_options options;
        options.api.base_url = webex.api_url();
        options.device.u2c_url = webex.u2c_url();
        options.token = secret(webex.token("bot"));
        options.listener.listen = "127.0.0.1:0";
        options.data_dir = files_.path;
        auto made = gateway::make(threads_.get_executor(), options, who_, log_.writer);
        BOOST_TEST_REQUIRE(made.has_value());
        gateway_ = std::move(*made);
        std::promise<void> ready;
        gateway_->on_ready([&ready] { ready.set_value(); });
        ended_ = net::co_spawn(threads_.get_executor(), gateway_->run(), net::use_future);
        BOOST_TEST_REQUIRE((ready.get_future().wait_for(30s) == std::future_status::ready));
    }

    ~house()
    {
        let_go();
        gateway_->stop();
        BOOST_TEST(ended_.get().has_value());
    }

    void let_go() { held_ = false; }

    std::atomic<int> hanging = 0;

private:
    const folder files_;
    captured_log log_;
    net::thread_pool threads_{2};
    std::atomic<bool> held_ = true;
    std::shared_ptr<bot> who_ = std::make_shared<bot>();
    std::shared_ptr<gateway> gateway_;
    std::future<result<>> ended_;
};

milliseconds p99(std::vector<milliseconds> all)
{
    BOOST_TEST_REQUIRE(!all.empty());
    std::sort(all.begin(), all.end());
    return all[(all.size() * 99 + 99) / 100 - 1];
}

} // namespace

// A room whose command hangs holds up nobody else.
BOOST_AUTO_TEST_SUITE(lanes)

BOOST_AUTO_TEST_CASE(a_lane_that_is_blocked_slows_no_other_one_down)
{
    constexpr int each = 15;
    cloud webex;
    talk before(webex, 0, 8), meanwhile(webex, 0, 8), blocked(webex, 0, 1);
    house h(webex);
    before.ask(each);
    before.check_answers();
    const auto free = p99(before.delays());

    webex.set("messages",
              {{"person", "alice"}, {"room", blocked.id_of(0)}, {"text", "/hang"}, {"mention", "bot"}});
    BOOST_TEST_REQUIRE(eventually([&] { return h.hanging == 1; }));
    blocked.ask(5);
    meanwhile.ask(each);
    meanwhile.check_answers();
    const auto beside = p99(meanwhile.delays());
    BOOST_TEST_MESSAGE("p99 of the other lanes: " << free.count() << " ms, beside the blocked one "
                                                  << beside.count() << " ms");
    BOOST_TEST(beside.count() <= 3 * free.count() + 300);
    BOOST_TEST(blocked.said_in(0).empty()); // it was blocked all the while
    BOOST_TEST(h.hanging == 1);

    h.let_go();
    blocked.check_answers();
}

BOOST_AUTO_TEST_SUITE_END()
