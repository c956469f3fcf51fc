#include "postern/source/device/cluster_book.hpp"

#include "postern/base/ids.hpp"
#include "postern/transport/url.hpp"

namespace postern::source {
namespace {

constexpr std::size_t most_learned = 1000; // hosts; Webex has some dozens of clusters

} // namespace

std::optional<std::string> cluster_book::cluster_of(std::string_view url) const
{
    const auto where = transport::parse_url(url);
    if (!where)
        return std::nullopt;
    const auto authority = where->authority();
    if (catalog_)
        if (auto told = catalog_->cluster_of(authority))
            return told;
    const auto found = learned_.find(authority);
    return found == learned_.end() ? std::nullopt : std::optional(found->second);
}

bool cluster_book::learn(std::string_view url, std::string_view id)
{
    const auto where = transport::parse_url(url);
    auto parts = parse_id(id);
    if (!where || !parts || !plausible_cluster(parts->cluster))
        return false;
    if (parts->type == "PEOPLE" || parts->type == "ORGANIZATION")
        return false;
    if (learned_.size() >= most_learned)
        learned_.clear(); // what is still needed is learned again
    learned_.insert_or_assign(where->authority(), std::move(parts->cluster));
    return true;
}

} // namespace postern::source
