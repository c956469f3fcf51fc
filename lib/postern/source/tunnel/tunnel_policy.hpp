#pragma once

#include "postern/source/tunnel/tunnel.hpp"
#include "postern/source/tunnel/tunnel_news.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace postern::source {

// What differs between the kinds of tunnels, as far as decisions go.
struct tunnel_traits
{
    std::string name = "the tunnel";   // of the program, in words
    bool can_look = false;             // it has a local API
    bool url_needs_connection = false; // it tells its URL before it is connected (cloudflared)
    bool last_line_tells = false;      // what it prints last is meant for people
    std::string fixed_url;             // known beforehand
};

// When to start, to watch, to stop and to start again (protocol/ngrok.md 14.1). Decides; owns no process,
// timer, socket or log. The driver does what due() says, at next() at the latest and whenever something was
// heard, and tells what came of it.
class tunnel_policy
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using milliseconds = std::chrono::milliseconds;
    static constexpr time_point never = time_point::max();

    enum class move
    {
        nothing,
        start, // then started() or not_started()
        stop,  // then ended()
        look   // at the local API; then looked()
    };

    tunnel_policy(tunnel_options, tunnel_traits);

    move due(time_point now);
    time_point next() const;

    void started(time_point now);
    void not_started(const error&, time_point now, double random);
    void heard(const tunnel_news&, time_point now);
    void looked(const result<tunnel_view>&, time_point now);
    // `how`: "exit code 1"; `last_words`: of the child, in case that nothing better is known.
    void ended(const std::string& how, const std::string& last_words, time_point now, double random);

    tunnel_phase phase() const noexcept { return phase_; }
    const std::string& url() const noexcept; // empty unless online
    const std::string& reason() const noexcept { return reason_; }
    const std::string& code() const noexcept { return code_; }
    std::uint64_t restarts() const noexcept { return starts_ > 0 ? starts_ - 1 : 0; }
    const tunnel_traits& traits() const noexcept { return traits_; }
    bool was_online() const noexcept { return online_since_.has_value(); } // this child, ever
    milliseconds again_in(time_point now) const;                           // until the next start

private:
    void settle(time_point now);
    void go_online(time_point now);
    void go_offline(std::string why, time_point now);
    void refused(const tunnel_trouble&, time_point now);
    void note_cause(const tunnel_trouble&, int weight);
    void want_stop(tunnel_trouble, std::string words);
    void look_soon(time_point now);
    void forget_child();
    void plan_again(const tunnel_trouble&, time_point now, double random);
    void wait(milliseconds pause, time_point now);
    void fail(time_point now);

    tunnel_options options_;
    tunnel_traits traits_;

    tunnel_phase phase_ = tunnel_phase::idle;
    std::string reason_, code_;
    std::uint64_t starts_ = 0;
    time_point again_at_{}; // without a child

    // Of this child.
    bool child_ = false;
    bool stop_wanted_ = false;
    bool connected_ = false; // says its log
    std::string url_;
    tunnel_trouble hint_, cause_;
    int cause_weight_ = 0;
    std::string stop_words_;
    time_point limit_ = never;    // of the start, or of being offline
    time_point leave_by_ = never; // it said that it must end
    time_point look_at_ = never;
    std::optional<time_point> online_since_;
    int misses_ = 0;
    int refusals_ = 0; // with the same code, one after another
    std::string refused_with_;

    // Over several children. Until one was online for long:
    unsigned attempts_ = 0;
    unsigned crowded_ = 0;
    unsigned lingering_ = 0;
    // Until one is online:
    std::optional<time_point> lingering_since_;
    unsigned same_ = 0;
    std::string same_trouble_;
};

std::string in_words(std::chrono::milliseconds); // "350 ms", "1.2 s", "30 s", "15 min"

} // namespace postern::source
