#include "postern/bot/say/reply_search.hpp"

#include "postern/base/crypto.hpp"
#include "postern/bot/hear/letters.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace postern::matching {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t first_look = 100; // one page
constexpr std::size_t last_look = 1000;
constexpr auto our_clock = 1min;         // may be so far ahead of the cloud's
constexpr auto clock_resolution = 100ms; // rounding, and drift while the event was waiting

std::string digest_of(std::string_view room, std::string_view parent, std::string_view kind,
                      std::string_view words, std::string_view beside)
{
    std::string said;
    for (const auto part : {room, parent, kind, beside})
        (said += part) += '\n'; // none of them contains one
    said += single_spaced(words);
    // The key makes it a hash of postern's own; it is no secret.
    return hmac_sha256_hex(secret("postern reply"), said).substr(0, 32);
}

bool is_card(const webex::attachment& a) { return a.content_type == webex::card_content_type; }

} // namespace

std::string fingerprint(const webex::new_message& m, bool with_file)
{
    const bool plain = m.markdown.empty();
    const auto beside = with_file ? "file" : m.card.empty() ? "" : "card";
    return digest_of(m.to.room_id, m.parent_id, plain ? "text" : "markdown", plain ? m.text : m.markdown,
                     beside);
}

std::string fingerprint(const webex::message& m, const std::string& room_id)
{
    const bool plain = m.markdown.empty(); // `text` is made by the service when there is markdown
    const bool card = std::any_of(m.attachments.begin(), m.attachments.end(), is_card);
    const auto beside = card ? "card" : m.files.empty() ? "" : "file";
    return digest_of(room_id, m.parent_id, plain ? "text" : "markdown", plain ? m.text : m.markdown, beside);
}

wall_time earliest_reply(wall_time at, wall_time happened, wall_time received)
{
    const wall_time by_our_clock = at - our_clock;
    if (happened == wall_time{} || received == wall_time{})
        return by_our_clock;
    return std::max(by_our_clock, happened + (at - received) - clock_resolution);
}

reply_search::reply_search(reader who, place where, std::string digest, wall_time since, claim take)
    : who_(std::move(who)), where_(std::move(where)), digest_(std::move(digest)), since_(since),
      take_(std::move(take)), most_(first_look)
{
}

reply_search::next reply_search::start()
{
    if (!where_.parent_id.empty())
        return next::list_thread;
    if (who_.is_bot && where_.room_type == "group")
        return end(sighting::kind::unknown,
                   error(errc::not_found).because("a bot can't list what it says in a group room"));
    return next::list_room;
}

reply_search::next reply_search::listed(const result<std::vector<webex::message>>& newest)
{
    if (!newest)
    {
        const error& why = newest.error();
        const bool passes = why.is(failure::retry_later) || why.is(errc::token_rejected);
        return end(passes ? sighting::kind::failed : sighting::kind::unknown, why);
    }
    for (const webex::message& m : *newest)
        if (is_it(m) && take_(m.id))
        {
            seen_.which = m;
            return end(sighting::kind::found);
        }

    if (!reaches_back(*newest))
    {
        if (most_ < last_look)
        {
            most_ = last_look;
            return where_.parent_id.empty() ? next::list_room : next::list_thread;
        }
        return end(sighting::kind::unknown,
                   error(errc::too_large).because("too much was said in the room since"));
    }
    if (who_.is_bot && !where_.parent_id.empty() && where_.room_type != "direct")
        return end(sighting::kind::unknown,
                   error(errc::not_found).because("a thread need not show a bot what it said itself"));
    return end(sighting::kind::absent);
}

reply_search::next reply_search::end(sighting::kind what, error why)
{
    seen_.what = what;
    seen_.why = std::move(why);
    return next::over;
}

bool reply_search::is_it(const webex::message& m) const
{
    if (m.id.empty() || m.person_id != who_.own_id)
        return false;
    const auto created = parse_time(m.created);
    return created && *created >= since_ && fingerprint(m, where_.room_id) == digest_;
}

bool reply_search::reaches_back(const std::vector<webex::message>& newest) const
{
    if (newest.size() < most_)
        return true; // there is no more
    const auto oldest = parse_time(newest.back().created);
    return oldest && *oldest < since_;
}

} // namespace postern::matching
