#include "postern/source/webhook/self_check.hpp"

#include "postern/base/crypto.hpp"
#include "postern/source/webhook/receiver.hpp"
#include "postern/verify/verifier.hpp"

#include "support/captured_log.hpp"
#include "support/run.hpp"
#include "support/scripted_http_client.hpp"
#include "unit/source/stage.hpp"

#include <algorithm>
#include <optional>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

namespace {

const std::string home = "https://word.example/webhook";

class no_intake final : public intake_port
{
public:
    awaitable<result<stored>> accept(raw_event, deadline) override
    {
        ++asked;
        co_return error(errc::not_an_event);
    }
    unsigned asked = 0;
};

// The Internet, the tunnel and our receiver behind it, without a socket. What is broken answers from a
// script.
class short_circuit final : public transport::http_client
{
public:
    std::shared_ptr<receiver> behind;
    test::scripted_http_client script;
    bool broken = false;
    std::vector<transport::request> seen;

    awaitable<result<transport::response>> send(transport::url where, transport::request what,
                                                deadline limit) override
    {
        seen.push_back(what);
        what.target = where.target;
        if (broken)
        {
            auto scripted = co_await script.send(std::move(where), std::move(what), limit);
            co_return scripted;
        }
        auto admission = behind->admit(what);
        if (admission.refusal)
            co_return std::move(*admission.refusal);
        auto answer = co_await behind->answer(std::move(what));
        co_return answer;
    }
    awaitable<result<transport::websocket_ptr>> open_websocket(transport::url, transport::header_fields,
                                                               transport::websocket_options,
                                                               deadline) override
    {
        co_return error(errc::bad_input);
    }
    void close_idle() override {}
};

self_check_options quick()
{
    self_check_options o;
    o.period = 1h;
    o.again = {2ms, 4ms};
    o.timeout = 1s;
    return o;
}

struct scene
{
    explicit scene(self_check_options options = quick())
    {
        client->behind =
            std::make_shared<receiver>(receiver_options(), log.writer, receiver_neighbours{pings, nullptr});
        client->behind->open(intake, "bot");
        postern::source::self_check::setup s;
        s.options = options;
        s.client = client;
        s.pings = pings;
        s.key = [this] { return key; };
        s.watch = [this](const path_finding& f) { found.push_back(f); };
        one =
            std::make_unique<postern::source::self_check>(stage.io.get_executor(), std::move(s), log.writer);
    }
    ~scene() { stage.stop(); }

    result<path_finding> ping(std::string url = home)
    {
        std::optional<result<path_finding>> got;
        test::run([&](net::io_context&) -> awaitable<void> {
            auto finding = co_await one->ping(url, deadline::after(50ms));
            got.emplace(std::move(finding));
        });
        return std::move(*got);
    }
    void start()
    {
        stage.start([this] { return one->run(); });
    }
    void run_until_found(std::size_t count)
    {
        stage.run_until([&] { return found.size() >= count; });
    }

    secret key{"s3cr3t"};
    verify::verifier verifier{key};
    std::shared_ptr<ping_book> pings = std::make_shared<ping_book>(authentic_by(verifier));
    std::shared_ptr<no_intake> intake = std::make_shared<no_intake>();
    test::captured_log log;
    std::shared_ptr<short_circuit> client = std::make_shared<short_circuit>();
    std::vector<path_finding> found;
    test::stage stage;
    std::unique_ptr<postern::source::self_check> one;
};

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(path_break)

BOOST_AUTO_TEST_SUITE(self_check)

BOOST_AUTO_TEST_CASE(a_ping_goes_out_signed_and_comes_in_again)
{
    scene s;
    BOOST_TEST(s.ping().value().whole());
    BOOST_TEST(s.intake->asked == 0u);
    BOOST_TEST_REQUIRE(s.client->seen.size() == 1u);
    const auto& sent = s.client->seen[0];
    BOOST_TEST(sent.method == "POST");
    BOOST_TEST(sent.headers.get("User-Agent") == "postern-self-check");
    BOOST_TEST(sent.headers.get("ngrok-skip-browser-warning") == "1");
    BOOST_TEST(sent.headers.get("Connection") == "close"); // each hop anew
    BOOST_TEST(sent.headers.get("X-Spark-Signature") == hmac_sha1_hex(s.key, sent.body));
    BOOST_TEST(sent.body.starts_with(R"({"postern":"ping","nonce":")"));
}

BOOST_AUTO_TEST_CASE(every_ping_has_a_nonce_of_its_own)
{
    scene s;
    BOOST_TEST(s.ping().value().whole());
    BOOST_TEST(s.ping().value().whole());
    BOOST_TEST(s.client->seen[0].body != s.client->seen[1].body);
}

BOOST_AUTO_TEST_CASE(a_secret_that_we_do_not_accept_ourselves_is_our_fault)
{
    scene s;
    s.verifier.trust(secret("another"));
    const auto f = s.ping().value();
    BOOST_TEST(f.at == path_break::us);
    BOOST_TEST(f.what.find("401") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_receiver_that_is_not_open_yet_is_our_fault)
{
    scene s;
    s.client->behind->close();
    const auto f = s.ping().value();
    BOOST_TEST(f.at == path_break::us);
    BOOST_TEST(f.what.find("not ready to take deliveries") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_tunnel_that_is_down_is_told_in_the_words_of_its_edge)
{
    scene s;
    s.client->broken = true;
    s.client->script.answer(404, "<html>", {{"ngrok-error-code", "ERR_NGROK_3200"}});
    const auto f = s.ping().value();
    BOOST_TEST(f.at == path_break::edge);
    BOOST_TEST(f.what.find("ERR_NGROK_3200") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_edge_that_says_nothing_is_not_waited_for_longer_than_asked)
{
    scene s;
    s.client->broken = true;
    s.client->script.hang();
    BOOST_TEST(s.ping().value().at == path_break::edge);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_none_is_an_error)
{
    scene s;
    BOOST_TEST(s.ping("no url").error().is(errc::bad_input));
    BOOST_TEST(s.client->seen.empty());
}

BOOST_AUTO_TEST_CASE(it_looks_at_once_when_the_address_changes_and_then_once_a_period)
{
    scene s;
    s.start();
    s.stage.settle();
    BOOST_TEST(s.client->seen.empty()); // there is nothing to check yet
    s.one->aim(home);
    s.stage.settle();
    BOOST_TEST(s.found.size() == 1u);
    s.one->aim("https://new.example/webhook");
    s.stage.settle();
    BOOST_TEST(s.found.size() == 2u);
    BOOST_TEST(s.one->last()->url == "https://new.example/webhook");
    s.one->aim("https://new.example/webhook");
    s.stage.settle();
    BOOST_TEST(s.found.size() == 2u); // no change
    s.one->look();
    s.stage.settle();
    BOOST_TEST(s.found.size() == 3u);
    s.one->aim("");
    s.one->look();
    s.stage.settle();
    BOOST_TEST(s.found.size() == 3u);
    BOOST_TEST(!s.one->last().has_value());
}

BOOST_AUTO_TEST_CASE(a_way_that_is_whole_is_looked_at_once_a_period)
{
    auto options = quick();
    options.period = 5ms;
    scene s(options);
    s.one->aim(home);
    s.start();
    s.run_until_found(4);
    BOOST_TEST(s.log.lines().size() >= 4u);
    BOOST_TEST(std::ranges::count_if(s.log.lines(), [](const std::string& line) {
                   return line.find("info") != line.npos;
               }) == 1); // said once, not every time
}

BOOST_AUTO_TEST_CASE(a_way_that_is_broken_is_looked_at_again_until_it_is_whole)
{
    scene s;
    s.client->broken = true;
    for (int i = 0; i < 5; ++i)
        s.client->script.answer(404, "<html>", {{"ngrok-error-code", "ERR_NGROK_3200"}});
    s.one->aim(home);
    s.start();
    s.run_until_found(5);
    s.client->broken = false;
    s.stage.run_until([&] { return s.found.back().whole(); });
    BOOST_TEST(s.one->last()->what.whole());
    BOOST_TEST(s.log.says("is broken (edge)"));
    BOOST_TEST(s.log.says("is whole"));
    s.stage.settle();
    const auto count = s.found.size();
    s.stage.settle();
    BOOST_TEST(s.found.size() == count); // the next is a period away
}

BOOST_AUTO_TEST_CASE(a_new_address_does_not_wait_for_a_ping_to_the_old_one)
{
    auto options = quick();
    options.timeout = 1h;
    scene s(options);
    s.client->broken = true;
    s.client->script.hang();
    s.one->aim("https://gone.example/webhook");
    s.start();
    s.stage.run_until([&] { return s.client->seen.size() == 1; });
    s.client->broken = false;
    s.one->aim(home);
    s.stage.settle();
    BOOST_TEST_REQUIRE(s.found.size() == 1u);
    BOOST_TEST(s.found[0].whole());
}

BOOST_AUTO_TEST_CASE(it_stops_in_the_middle_of_a_ping)
{
    auto options = quick();
    options.timeout = 1h;
    scene s(options);
    s.client->broken = true;
    s.client->script.hang();
    s.one->aim(home);
    s.start();
    s.stage.run_until([&] { return s.client->seen.size() == 1; });
    s.stage.stop();
    BOOST_TEST(s.found.empty());
}

BOOST_AUTO_TEST_CASE(the_real_clients_words_for_a_name_that_is_none_are_understood)
{
    scene s;
    std::optional<result<path_finding>> got;
    auto asking = [&](net::io_context& io) -> awaitable<void> {
        auto client = transport::make_http_client(io.get_executor(), {}, quiet_log());
        postern::source::self_check::setup setup;
        setup.client = client.value();
        setup.pings = s.pings;
        setup.key = [&] { return s.key; };
        postern::source::self_check real(io.get_executor(), std::move(setup), quiet_log());
        auto finding = co_await real.ping("https://no-such-name.invalid/webhook", deadline::after(4s));
        got.emplace(std::move(finding));
    };
    test::run(asking, 20s);
    BOOST_TEST(got->value().at == path_break::lookup);
}

BOOST_AUTO_TEST_SUITE_END()
