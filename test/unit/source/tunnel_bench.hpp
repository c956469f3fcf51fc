#pragma once

#include "postern/source/tunnel/tunnel_policy.hpp"

#include "tunnel_words.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>

// What the tests of tunnel_policy share: news in a word, and a policy with a clock of its own.

namespace postern::test {

using namespace postern::source;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using kind = tunnel_news::kind;
using move = tunnel_policy::move;

inline constexpr auto url = "https://a.example";

inline tunnel_news news(kind what, tunnel_trouble why = {}, int weight = 1)
{
    tunnel_news n;
    n.what = what;
    n.trouble = std::move(why);
    n.weight = weight;
    return n;
}

inline tunnel_news url_news(std::string text = url)
{
    auto n = news(kind::url);
    n.url = std::move(text);
    return n;
}

inline tunnel_trouble trouble(trouble_kind what, std::string code = {}, std::string words = "words")
{
    return {what, std::move(code), std::move(words), "do this"};
}

inline tunnel_view view_of(std::optional<std::string> seen, std::optional<bool> connected = true)
{
    return {connected, std::move(seen)};
}

inline tunnel_traits traits_of_ngrok()
{
    tunnel_traits t;
    t.name = "ngrok";
    t.can_look = true;
    return t;
}

// A policy with a clock of its own. Pauses are whole steps: 1, 2, 4 ... s.
struct bench
{
    explicit bench(tunnel_traits t = traits_of_ngrok(), tunnel_options o = {})
        : options(o), policy(std::move(o), std::move(t))
    {
    }

    void pass(milliseconds time) { now += time; }
    move due() { return policy.due(now); }
    void start()
    {
        BOOST_TEST_REQUIRE(due() == move::start);
        policy.started(now);
    }
    void go_online()
    {
        start();
        hear(news(kind::connected));
        hear(url_news());
        BOOST_TEST_REQUIRE(policy.phase() == tunnel_phase::online);
    }
    void hear(const tunnel_news& n) { policy.heard(n, now); }
    void see(const result<tunnel_view>& v) { policy.looked(v, now); }
    void see_nothing() { see(error(errc::timed_out, "asking")); }
    void end(const std::string& how = "exit code 1", const std::string& last = {})
    {
        policy.ended(how, last, now, 1.0);
    }
    // The pause until the next start; goes there.
    milliseconds pause()
    {
        const auto time = policy.again_in(now);
        pass(time);
        return time;
    }
    // One child that ends with that trouble before it is online.
    milliseconds end_with(const tunnel_trouble& why)
    {
        start();
        hear(news(kind::cause, why));
        end();
        return policy.again_in(now);
    }

    tunnel_options options;
    tunnel_policy policy;
    tunnel_policy::time_point now{1h};
};

} // namespace postern::test
