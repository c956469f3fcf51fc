#pragma once

#include "postern/source/device/service_catalog.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace postern::source {

// Which cluster a conversation URL belongs to: told by the catalogue, or learned from the REST API where the
// catalogue is silent (protocol/mercury.md 7.3, 7.4). Not thread-safe.
class cluster_book
{
public:
    void take(service_catalog catalog) { catalog_ = std::move(catalog); } // what was learned stays

    // Of the host of that URL; empty for a host nobody knows, and for what is no URL.
    std::optional<std::string> cluster_of(std::string_view url) const;

    // The public id of something that lives at that URL tells the host's cluster. False if the id is none, or
    // tells nothing: people and organisations are "us" wherever they are.
    bool learn(std::string_view url, std::string_view public_id);

private:
    std::optional<service_catalog> catalog_;
    std::map<std::string, std::string, std::less<>> learned_; // by authority; bounded
};

} // namespace postern::source
