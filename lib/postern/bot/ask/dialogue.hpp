#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"
#include "postern/bot/conversation.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace postern::matching {

class questions;

// How long a handler may take: at `over` it is told to end, and after `grace` it is given up.
struct handler_time
{
    deadline over = deadline::at(deadline::clock::time_point::max());
    std::chrono::milliseconds grace{1000};
};

// One run of a handler, apart from the delivery that it belongs to: the handler may ask somebody and wait for
// the answer, while the delivery counts as done; it then goes on as part of the delivery of the answer.
// Thread-safe.
class dialogue : public std::enable_shared_from_this<dialogue>
{
public:
    // How far the handler got for the delivery that looked on.
    struct step
    {
        bool asked = false; // it waits for an answer; else it has ended
        std::exception_ptr thrown{};
        bool overdue = false; // it was told to end, because its time was over
        bool deaf = false;    // it was told to end and has not: nobody looks on any more
    };

    explicit dialogue(shared_handler run) : run_(std::move(run)) {}

    // Runs the handler on the caller's strand, until it ends or asks, or its time is over. Cancelling the
    // caller tells the handler to end, as does the end of its time.
    static awaitable<step> start(std::shared_ptr<dialogue>, std::shared_ptr<conversation>, handler_time = {});
    // The same from the answer on that questions::give() has handed over.
    static awaitable<step> go_on(std::shared_ptr<dialogue>, handler_time = {});

private:
    friend class questions;
    struct look; // what a delivery waits with

    awaitable<void> perform(std::shared_ptr<conversation>);
    static awaitable<step> look_on(std::shared_ptr<dialogue>, handler_time);
    void attend();   // a delivery looks on
    void leave();    // not any more; under the mutex
    void tell(step); // it, or the log if none does
    void cancel();

    const shared_handler run_;
    std::weak_ptr<conversation> began_;
    std::optional<net::any_io_executor> strand_; // of the handler
    net::cancellation_signal stop_;              // touched there only
    bool over_ = false;                          // there only

    std::mutex mutex_; // of all below
    bool attended_ = false;
    std::optional<step> came_to_;
    std::shared_ptr<look> looks_on_;
};

} // namespace postern::matching
