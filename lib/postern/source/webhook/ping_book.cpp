#include "postern/source/webhook/ping_book.hpp"

#include "postern/base/crypto.hpp"

#include <algorithm>

namespace postern::source {
namespace {

constexpr std::string_view before = R"({"postern":"ping","nonce":")";
constexpr std::string_view behind = R"("})";
constexpr std::size_t nonce_bytes = 16;
constexpr std::size_t most_under_way = 16; // one that nobody asks about any more gives way

bool is_hex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

} // namespace

std::string ping_book::expect()
{
    auto nonce = random_hex(nonce_bytes);
    const std::lock_guard lock(mutex_);
    if (under_way_.size() == most_under_way)
        under_way_.pop_front();
    under_way_.push_back({nonce, {}});
    return nonce;
}

std::string ping_book::body_for(std::string_view nonce)
{
    return std::string(before).append(nonce).append(behind);
}

std::string ping_book::answer_for(std::string_view nonce)
{
    return std::string(R"({"postern":"pong","nonce":")").append(nonce).append(behind);
}

ping_fate ping_book::forget(const std::string& nonce)
{
    const std::lock_guard lock(mutex_);
    ping_fate fate;
    if (auto* known = find(nonce))
        fate = std::move(known->fate);
    std::erase_if(under_way_, [&](const entry& e) { return e.nonce == nonce; });
    return fate;
}

std::optional<std::string> ping_book::nonce_in(std::string_view body)
{
    if (body.size() != before.size() + 2 * nonce_bytes + behind.size() || !body.starts_with(before) ||
        !body.ends_with(behind))
        return std::nullopt;
    const auto nonce = body.substr(before.size(), 2 * nonce_bytes);
    if (!is_hex(nonce))
        return std::nullopt;
    return std::string(nonce);
}

ping_book::kind ping_book::judge(const std::string& body, const std::string& signature)
{
    const auto nonce = nonce_in(body);
    if (!nonce)
        return kind::none;
    if (!authentic_(body, signature))
        return kind::forged;
    const std::lock_guard lock(mutex_);
    auto* known = find(*nonce);
    if (!known)
        return kind::unknown;
    known->fate.answered = true;
    return kind::ours;
}

void ping_book::refused(std::string_view nonce, std::string why)
{
    const std::lock_guard lock(mutex_);
    if (auto* known = find(nonce))
        known->fate.refused = std::move(why);
}

ping_book::entry* ping_book::find(std::string_view nonce)
{
    const auto found =
        std::find_if(under_way_.begin(), under_way_.end(), [&](const entry& e) { return e.nonce == nonce; });
    return found == under_way_.end() ? nullptr : &*found;
}

ping_book::authentic_fn authentic_by(const check_port& check)
{
    return [&check](const std::string& body, const std::string& signature) {
        raw_event raw;
        raw.from = origin::webhook;
        raw.body = body;
        raw.signature = signature;
        const auto checked = check.check(std::move(raw));
        // The signature is what is looked at first; a ping is no event.
        return checked.has_value() || checked.error().is(errc::not_an_event);
    };
}

} // namespace postern::source
