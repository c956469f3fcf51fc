#include "postern/journal/sqlite/event_digest.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/ids.hpp"

#include <algorithm>
#include <charconv>

namespace postern::journal::sqlite {
namespace {

// The third of the parts that colons separate; the first two are resource and name.
std::string_view third_part(std::string_view key)
{
    for (int skipped = 0; skipped < 2; ++skipped)
    {
        const auto colon = key.find(':');
        if (colon == key.npos)
            return {};
        key.remove_prefix(colon + 1);
    }
    return key.substr(0, key.find(':'));
}

std::uint64_t hex(std::string_view digits)
{
    std::uint64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
}

} // namespace

std::uint64_t key_time(std::string_view key)
{
    constexpr std::size_t uuid_length = 36;
    const auto id = parse_id(third_part(key));
    if (!id || id->native.size() < uuid_length)
        return 0;
    const auto uuid = std::string_view(id->native).substr(0, uuid_length);
    if (!looks_like_uuid(uuid) || uuid[14] != '1') // low-middle-1high-...
        return 0;
    return hex(uuid.substr(15, 3)) << 48 | hex(uuid.substr(9, 4)) << 32 | hex(uuid.substr(0, 8));
}

event_digest digest_of(std::string_view bot, std::string_view key)
{
    std::string text;
    text.reserve(bot.size() + 1 + key.size());
    ((text += bot) += '\n') += key;
    const auto hash = sha256(text);

    event_digest digest;
    const auto time = key_time(key);
    for (int i = 0; i < 8; ++i)
        digest[static_cast<std::size_t>(i)] = static_cast<unsigned char>(time >> (56 - 8 * i));
    std::copy_n(hash.begin(), 12, digest.begin() + 8);
    return digest;
}

} // namespace postern::journal::sqlite
