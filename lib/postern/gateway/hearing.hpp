#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"
#include "postern/source/recovery/recovery.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <optional>
#include <string>

namespace postern {

// Whether what is said to the bot comes in: told by the way in, turned into work for recovery, and kept in
// the journal, so that a start knows what was missed since the last one. Used from the gateway's strand.
class hearing
{
public:
    // Until when everything has come in, asked while it does; empty: nobody can tell.
    using sure_fn = std::function<std::optional<wall_time>()>;

    // `history` and `fetch` outlive it; without `fetch` nothing is recovered.
    hearing(history_port& history, source::recovery* fetch, std::string bot, sure_fn, log);

    // Before anything comes in: finds out until when the last run listened. Asks the journal until it
    // answers, or until cancelled.
    awaitable<void> begin();

    // Until cancelled: keeps the journal's "heard until" fresh while everything comes in.
    awaitable<void> run();

    // Keeps until when everything has come in, if it does at all: for a stop.
    void note();

    // From now on nothing comes in, or nobody knows whether all does.
    void lost();
    // Everything comes in (again). The first time, what was missed is what was said since the last run; later
    // it is what is told here, if anything.
    void back(std::optional<source::missed_time> missed);
    // Something may have been missed although it was not lost.
    void doubtful(source::missed_time);

private:
    void fetch(source::missed_time);

    history_port& history_;
    source::recovery* const recovery_;
    const std::string bot_;
    const sure_fn sure_until_;
    const log log_;
    std::optional<wall_time> until_; // of the last run; empty: never
    bool begun_ = false;
    bool listening_ = false;
};

} // namespace postern
