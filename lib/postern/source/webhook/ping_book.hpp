#pragma once

#include "postern/base/stages.hpp"

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace postern::source {

// What became of a ping on its way.
struct ping_fate
{
    bool answered = false; // by us, as it should be
    std::string refused;   // by us; why, in words. Empty if it was not, or never came here

    bool arrived() const noexcept { return answered || !refused.empty(); }
};

// The pings of the self-check that are under way: who sends them and who receives them are one process, and
// this is what the two share. A ping is a POST like a delivery, signed like one; its whole body is
//
//     {"postern":"ping","nonce":"32 hex digits"}
//
// and a header repeats the nonce, so that a ping can be told of that is refused before its body is read.
// Thread-safe.
class ping_book
{
public:
    static constexpr std::string_view header = "X-Postern-Ping";

    using authentic_fn = std::function<bool(const std::string& body, const std::string& signature)>;
    explicit ping_book(authentic_fn authentic) : authentic_(std::move(authentic)) {}

    // --- the sender's side
    std::string expect(); // a fresh nonce
    static std::string body_for(std::string_view nonce);
    static std::string answer_for(std::string_view nonce);
    ping_fate forget(const std::string& nonce); // the ping is over

    // --- the receiver's side
    enum class kind
    {
        none,    // no ping at all: a delivery
        forged,  // its signature is not ours
        unknown, // signed, but not expected: of another process, or replayed
        ours
    };
    // The signature is checked before anything else is believed.
    kind judge(const std::string& body, const std::string& signature);
    static std::optional<std::string> nonce_in(std::string_view body); // none: it is no ping
    void refused(std::string_view nonce, std::string why);             // may be any text

private:
    struct entry
    {
        std::string nonce;
        ping_fate fate;
    };
    entry* find(std::string_view nonce); // with the lock held

    const authentic_fn authentic_;
    std::mutex mutex_;
    std::deque<entry> under_way_;
};

// Checks a ping's signature as that port checks a delivery's. The port must outlive the function.
ping_book::authentic_fn authentic_by(const check_port&);

} // namespace postern::source
