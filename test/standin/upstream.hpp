#pragma once

// The private leg: what came in at the public side goes on to whom the tunnel belongs (ST-10).

#include "postern/transport/http_client.hpp"
#include "standin/world.hpp"

#include <deque>
#include <memory>
#include <set>
#include <string>

namespace postern::standin {

class upstream
{
public:
    upstream(world& w, std::shared_ptr<transport::http_client> client) : world_(w), client_(std::move(client))
    {
    }

    // Forwards to the tunnel of that name and keeps the exchange for inspection. What the edge says when the
    // upstream fails (8012, 3004) is an answer too.
    awaitable<transport::response> forward(std::string tunnel_name, transport::request asked);

    // A websocket handshake; the answer carries the connection on.
    awaitable<transport::response> upgrade(std::string tunnel_name, transport::request asked);

private:
    void note_connection(tunnel&, const std::string& peer);
    transport::response refused(const tunnel&, const error&);

    world& world_;
    std::shared_ptr<transport::http_client> client_;
    std::deque<std::string> known_peers_; // connections that "join connections" was printed for
};

// A page of the service, with its code in ngrok-error-code.
transport::response edge_answer(unsigned status, int code, const std::string& words);

} // namespace postern::standin
