#pragma once

#include "postern/base/log.hpp"
#include "postern/source/device/channel_board.hpp"
#include "postern/source/device/channel_policy.hpp"
#include "postern/source/device/cluster_book.hpp"
#include "postern/source/device/device_registry.hpp"
#include "postern/source/device/discovery.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace postern::source {

// What a channel needs before it can be: the catalogue and a device. Keeps both over connections, makes them
// again as the remedies demand, and knows every device that is still to be deleted. Used from one strand.
class device_keeper
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    device_keeper(const device_options&, signed_calls&, std::string organisation_uuid, device_memory,
                  cluster_book&, channel_board&, log);

    // Does what is missing for a connection. Nothing: device() may be connected to.
    awaitable<std::optional<setback>> prepare();
    const device& current() const { return *device_; }

    // What prepare() has to do next time.
    void perform(remedy);

    // While a channel is open. Nothing: it may stay so.
    time_point refresh_at() const noexcept { return refresh_at_; }
    bool knows_catalogue() const noexcept
    {
        return home_ && home_->catalog;
    } // else the device is at the hard-coded place
    awaitable<std::optional<setback>> refresh();
    awaitable<std::optional<setback>> refresh_catalogue();

    // Deletes every device of ours that this object knows of, or may have made.
    awaitable<result<>> tidy(deadline limit);

private:
    awaitable<std::optional<setback>> find_home();
    awaitable<std::optional<setback>> refresh_first();
    awaitable<std::optional<setback>> obtain();
    awaitable<void> delete_given_up();
    void take(home);
    void use(device);
    void give_up(); // it is still to be deleted
    void forget();  // it is gone

    const device_options& options_;
    discovery discovery_;
    device_registry registry_;
    cluster_book& clusters_;
    channel_board& board_;
    log log_;

    std::optional<home> home_;
    std::optional<device> device_;
    std::vector<device> given_up_; // to be deleted
    time_point refresh_at_{};
    bool rediscover_ = false;       // the catalogue is to be asked again
    bool obtain_again_ = false;     // the device is to be looked for from the start
    bool refresh_first_ = false;    // the device is to be refreshed before the next connection
    bool maybe_registered_ = false; // a registration was cut off: there may be a device we don't know
};

} // namespace postern::source
