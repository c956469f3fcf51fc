#pragma once

#include "demo_feed.hpp"

#include "postern/base/json.hpp"
#include "postern/base/trail.hpp"
#include "postern/emulator/emulator.hpp"
#include "postern/emulator/seed.hpp"
#include "postern/gateway/options.hpp"
#include "postern/journal/archive.hpp"
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
// why it happened, and the switch between the modes. Thread-safe after introduce().
class demo_server final : public transport::http_handler
{
public:
    // Called when the page asks for a mode, on any thread; false: not now.
    using ask_for_mode = std::function<bool(mode)>;

    // What the journal knows of an id, on any thread; may block for as long as reading a small file does.
    using look_up = std::function<result<std::vector<journal::story>>(const std::string& id)>;

    demo_server(std::shared_ptr<demo_feed> feed, ask_for_mode ask, look_up known)
        : feed_(std::move(feed)), ask_(std::move(ask)), known_(std::move(known))
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
    transport::response tell_why(const transport::request&) const;

    const std::shared_ptr<demo_feed> feed_;
    const ask_for_mode ask_;
    const look_up known_;
    json::object cast_;
    std::mutex mutex_;
    std::string info_ = "{}"; // JSON text
};

// What the cloud and the gateway tell, as the page's events.
void publish(demo_feed&, const emulator::observed&);
void publish(demo_feed&, const hop_record&);

} // namespace postern::app
