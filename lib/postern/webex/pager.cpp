#include "postern/webex/pager.hpp"

#include "postern/transport/http.hpp"
#include "postern/webex/token_scope.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

namespace postern::webex {
namespace {

// A next link is followed as it stands: pieces are compared, dropped and added, never decoded and written
// anew.
struct target_parts
{
    std::string path;
    std::vector<std::string> pieces; // of the query, still encoded

    explicit target_parts(std::string_view target)
    {
        target = target.substr(0, target.find('#'));
        const auto mark = target.find('?');
        path = target.substr(0, mark);
        if (mark == target.npos)
            return;
        for (auto query = target.substr(mark + 1);;)
        {
            const auto end = query.find('&');
            if (const auto piece = query.substr(0, end); !piece.empty())
                pieces.emplace_back(piece);
            if (end == query.npos)
                break;
            query.remove_prefix(end + 1);
        }
    }

    static std::string name(std::string_view piece)
    {
        return transport::percent_decode(piece.substr(0, piece.find('=')));
    }
    bool has(std::string_view wanted) const
    {
        return std::any_of(pieces.begin(), pieces.end(), [&](const auto& p) { return name(p) == wanted; });
    }
    std::string str() const
    {
        std::string target = path;
        for (std::size_t i = 0; i < pieces.size(); ++i)
            (target += i == 0 ? '?' : '&') += pieces[i];
        return target;
    }
};

bool is_position(std::string_view name)
{
    return name == "before" || name == "beforeMessage" || name == "cursor";
}

} // namespace

pager::pager(transport::url first, std::size_t most) : first_(std::move(first)), current_(first_), most_(most)
{
    seen_.insert(first_.target);
}

result<pager::next> pager::advance(std::optional<std::string> link, std::string last_created)
{
    if (!last_created.empty())
        last_created_ = std::move(last_created);
    if (!link)
        return next::done;

    auto where = transport::resolve_url(current_, *link);
    if (!where)
        return error(errc::bad_response).because("the link to the next page is no URL");
    if (!same_service(first_, *where))
        return error(errc::bad_response)
            .because("the link to the next page leads to another service, " + printable(where->origin(), 80));

    where->target = repaired(std::move(where->target));
    if (!seen_.insert(where->target).second)
        return error(errc::bad_response).because("the link to the next page leads to a page seen before");
    if (pages_ == most_)
        return error(errc::too_large).because("the list has more than " + std::to_string(most_) + " pages");

    ++pages_;
    current_ = std::move(*where);
    return next::page;
}

bool pager::go_round(unsigned status)
{
    if (status != 404 || last_created_.empty() || !target_parts(current_.target).has("beforeMessage"))
        return false;
    target_parts parts(first_.target);
    parts.pieces.push_back("before=" + transport::percent_encode(last_created_));
    auto target = parts.str();
    if (!seen_.insert(target).second)
        return false;
    current_ = first_;
    current_.target = std::move(target);
    return true;
}

std::string pager::repaired(std::string target) const
{
    target_parts parts(target);
    std::erase(parts.pieces, "max=null");
    // Links have lost parameters: without mentionedPeople=me a bot's second page would be a 403.
    for (const auto& original : target_parts(first_.target).pieces)
        if (const auto name = target_parts::name(original); !is_position(name) && !parts.has(name))
            parts.pieces.push_back(original);
    return parts.str();
}

bool shrink_page(transport::url& list, std::size_t least)
{
    target_parts parts(list.target);
    for (auto& piece : parts.pieces)
    {
        if (!piece.starts_with("max="))
            continue;
        std::size_t size = 0;
        const auto* end = piece.data() + piece.size();
        const auto [stop, ec] = std::from_chars(piece.data() + 4, end, size);
        if (ec != std::errc() || stop != end || size <= least)
            return false;
        piece = "max=" + std::to_string(std::max(size / 2, least));
        list.target = parts.str();
        return true;
    }
    return false;
}

} // namespace postern::webex
