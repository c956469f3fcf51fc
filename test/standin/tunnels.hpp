#pragma once

// The tunnels that are open, and what came through them.

#include "postern/base/time.hpp"
#include "postern/transport/http.hpp"
#include "standin/config.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::standin {

struct tunnel
{
    std::string name;
    std::string id;
    std::string url;
    std::string proto;    // http, https
    std::string upstream; // "http://localhost:5000"
    bool inspect = true;
    bool pooling = false;
    std::string metadata;
    std::string description;
    std::string traffic_policy;
    std::string webhook_secret; // demanded by its traffic policy
    std::string host_header;
    std::uint64_t connections = 0;
    std::uint64_t requests = 0;
};

class tunnel_table
{
public:
    tunnel& add(tunnel t) { return all_.emplace_back(std::move(t)); }
    bool remove(std::string_view name);
    void clear() { all_.clear(); }

    tunnel* find(std::string_view name);
    tunnel* at_host(std::string_view host_header); // of its public URL, whatever the port
    tunnel* at_url(std::string_view url);

    const std::deque<tunnel>& all() const { return all_; }
    std::deque<tunnel>& all() { return all_; }
    bool empty() const { return all_.empty(); }

private:
    std::deque<tunnel> all_;
};

// "5000" is http://localhost:5000, "127.0.0.1:443" https://127.0.0.1:443 (protocol/ngrok.md 2.2).
std::string upstream_url(std::string_view written);

// "127.0.0.1" of "https://127.0.0.1:8443/x", and of "127.0.0.1:8443".
std::string host_of(std::string_view url_or_authority);

// "127.0.0.1:8443" of "https://127.0.0.1:8443".
std::string authority_of(std::string_view url);

// A request that was kept for inspection; the newest are.
struct capture
{
    std::string id;
    std::string tunnel_name;
    std::string remote;
    wall_time start;
    std::chrono::nanoseconds duration{0};
    transport::request asked;
    std::optional<transport::response> answer;
};

class captures
{
public:
    capture& add(capture c);
    capture* find(std::string_view id);
    const std::deque<capture>& all() const { return all_; } // newest first
    void clear() { all_.clear(); }

private:
    std::deque<capture> all_;
    std::uint64_t next_ = 1;
};

} // namespace postern::standin
