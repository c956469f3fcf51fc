#pragma once

#include "demo_feed.hpp"

#include "postern/base/json.hpp"
#include "postern/base/trail.hpp"
#include "postern/emulator/emulator.hpp"
#include "postern/emulator/seed.hpp"
#include "postern/gateway/options.hpp"
#include "postern/transport/http_server.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace postern::app {

// How the demo's gateway gets its events at the moment.
struct demo_way
{
    mode now = mode::websocket;
    std::string through;   // what stands between the cloud and the gateway, in words; empty if nothing does
    bool switching = true; // the gateway of that mode is not ready yet
};

// The page's own part of the demo's server, in front of the emulator: the page, who there is, what happens,
// and the switch between the modes. Thread-safe after introduce().
class demo_server final : public transport::http_handler
{
public:
    // Called when the page asks for a mode, on any thread; false: not now.
    using ask_for_mode = std::function<bool(mode)>;

    demo_server(std::shared_ptr<demo_feed> feed, ask_for_mode ask)
        : feed_(std::move(feed)), ask_(std::move(ask))
    {
    }

    // Who plays; before the gateway starts.
    void introduce(const emulator::emulator& cloud, const std::vector<emulator::seed_person>& cast);

    // Tells every page.
    void show(const demo_way&);

    static bool serves(std::string_view path);

    admission admit(const transport::request& head) override;
    awaitable<transport::response> answer(transport::request) override;

private:
    transport::response switch_mode(const transport::request&) const;

    const std::shared_ptr<demo_feed> feed_;
    const ask_for_mode ask_;
    json::object cast_;
    std::mutex mutex_;
    std::string info_ = "{}"; // JSON text
};

// What the cloud and the gateway tell, as the page's events.
void publish(demo_feed&, const emulator::observed&);
void publish(demo_feed&, const hop_record&);

} // namespace postern::app
