#pragma once

#include "postern/base/log.hpp"
#include "postern/base/stages.hpp"
#include "postern/source/webhook/ping_book.hpp"
#include "postern/transport/http_server.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace postern::source {

struct receiver_options
{
    // A delivery of the cloud is about 1 KB. Longer bodies are answered 413. Bytes.
    std::size_t body_limit = 64 * 1024;

    // From the whole delivery to its answer, the journal's commit included. The cloud's own limit is unknown;
    // protocol/webex-rest.md 5.7 advises to stay under a second or so.
    std::chrono::milliseconds accept_timeout{5'000};

    // Refuses a delivery without a signature before its body is read.
    bool signed_only = true;
};

// Whom the receiver tells. Each may be none; the function is called from any thread.
struct receiver_neighbours
{
    // The self-check's pings come to our address like deliveries. They are answered here, with 200, and never
    // reach the intake.
    std::shared_ptr<ping_book> pings;

    // A delivery was refused for its signature, or for the lack of one; `body` is empty where it was not
    // read.
    std::function<void(std::string_view body)> signature_refused;
};

// Takes the cloud's deliveries: POST, JSON, signed. Answers as soon as the event is stored, and before
// anybody handles it. What is wrong with a delivery decides its status; the body of a refusal says nothing
// more, because its reader may be a forger:
//
//   405 another method · 415 not JSON, or encoded · 413 too long · 401 unsigned or forged · 400 not an event
//   503 not ready yet, or the journal can't take it (the reason is in the log and in /ready)
//
// Thread-safe.
class receiver final : public transport::http_handler
{
public:
    explicit receiver(receiver_options, log, receiver_neighbours = {});

    // Until then every delivery is answered 503. `bot` is the person id of the bot whose events come in here.
    void open(std::shared_ptr<intake_port>, std::string bot);
    // From now on 503 again: the first step of stopping.
    void close();

    admission admit(const transport::request& head) override;
    awaitable<transport::response> answer(transport::request) override;

    struct counters
    {
        std::uint64_t accepted = 0;
        std::uint64_t repeated = 0; // accepted, but known already
        std::uint64_t refused = 0;
    };
    counters counted() const;

private:
    struct intake
    {
        std::shared_ptr<intake_port> port;
        std::string bot;
    };
    std::shared_ptr<const intake> current() const;
    transport::response refuse(unsigned status, const transport::request&, std::string why);
    transport::response answer_ping(ping_book::kind, const transport::request&);
    void tell_signature_refused(std::string_view body) const;
    bool may_warn();

    const receiver_options options_;
    const log log_;
    const receiver_neighbours neighbours_;
    mutable std::mutex mutex_;
    std::shared_ptr<const intake> intake_;
    counters counters_;
    deadline quiet_until_ = deadline::after({});
    std::uint64_t unsaid_ = 0;
};

} // namespace postern::source
