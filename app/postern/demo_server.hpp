#pragma once

#include "demo_feed.hpp"

#include "postern/base/trail.hpp"
#include "postern/emulator/emulator.hpp"
#include "postern/emulator/seed.hpp"
#include "postern/transport/http_server.hpp"

#include <memory>
#include <string>
#include <vector>

namespace postern::app {

// The page's own part of the demo's server, in front of the emulator: the page, who there is, and what
// happens.
class demo_server final : public transport::http_handler
{
public:
    demo_server(std::shared_ptr<demo_feed> feed, std::string mode)
        : feed_(std::move(feed)), mode_(std::move(mode))
    {
    }

    // Who plays; before the gateway starts.
    void introduce(const emulator::emulator& cloud, const std::vector<emulator::seed_person>& cast);

    static bool serves(std::string_view path);

    admission admit(const transport::request& head) override;
    awaitable<transport::response> answer(transport::request) override;

private:
    const std::shared_ptr<demo_feed> feed_;
    const std::string mode_;
    std::string info_ = "{}"; // JSON text
};

// What the cloud and the gateway tell, as the page's events.
void publish(demo_feed&, const emulator::observed&);
void publish(demo_feed&, const hop_record&);

} // namespace postern::app
