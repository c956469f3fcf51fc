#include "postern/base/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace postern {
namespace {

std::string to_hex(const unsigned char* bytes, std::size_t size)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string out(size * 2, '\0');
    for (std::size_t i = 0; i < size; ++i)
    {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    return out;
}

std::string hmac_hex(const EVP_MD* hash, const secret& key, std::string_view data)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    const auto k = key.reveal();
    HMAC(hash, k.data(), static_cast<int>(k.size()), reinterpret_cast<const unsigned char*>(data.data()),
         data.size(), mac, &size);
    return to_hex(mac, size);
}

struct free_mac
{
    void operator()(EVP_MAC* mac) const noexcept { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); } // wipes the key
};
using mac_context = std::unique_ptr<EVP_MAC_CTX, free_mac>;

void require(bool succeeded)
{
    if (!succeeded)
        throw std::runtime_error("OpenSSL can't compute a hash"); // no memory, or SHA-1 is forbidden here
}

std::vector<unsigned char> random_bytes(std::size_t count)
{
    std::vector<unsigned char> bytes(count);
    if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1)
        throw std::runtime_error("the system's random generator failed"); // nothing can be safe after that
    return bytes;
}

int sextet(char c) noexcept
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    if (c == '/' || c == '_')
        return 63;
    return -1;
}

std::string sextets(std::string_view bytes, const char* alphabet)
{
    std::string out;
    out.reserve((bytes.size() * 4 + 2) / 3);
    unsigned buffer = 0;
    int bits = 0;
    for (const char c : bytes)
    {
        buffer = (buffer << 8) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6;)
            out += alphabet[(buffer >> (bits -= 6)) & 63];
    }
    if (bits > 0)
        out += alphabet[(buffer << (6 - bits)) & 63];
    return out;
}

} // namespace

std::string hmac_sha1_hex(const secret& key, std::string_view data)
{
    return hmac_hex(EVP_sha1(), key, data);
}
std::string hmac_sha256_hex(const secret& key, std::string_view data)
{
    return hmac_hex(EVP_sha256(), key, data);
}
std::string hmac_sha512_hex(const secret& key, std::string_view data)
{
    return hmac_hex(EVP_sha512(), key, data);
}

// A context serves one caller at a time: there are as many as callers were here at once.
class hmac_sha1::contexts
{
public:
    explicit contexts(std::string_view key)
    {
        const std::unique_ptr<EVP_MAC, free_mac> mac(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
        require(mac != nullptr);
        keyed_.reset(EVP_MAC_CTX_new(mac.get()));
        require(keyed_ != nullptr);
        std::string digest = "SHA1";
        const OSSL_PARAM settings[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
            OSSL_PARAM_construct_end()};
        const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
        require(EVP_MAC_init(keyed_.get(), bytes, key.size(), settings) == 1);
    }

    mac_context take()
    {
        const std::lock_guard lock(mutex_);
        if (idle_.empty())
        {
            mac_context copy(EVP_MAC_CTX_dup(keyed_.get()));
            require(copy != nullptr);
            return copy;
        }
        auto context = std::move(idle_.back());
        idle_.pop_back();
        return context;
    }

    void give_back(mac_context context)
    {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(context));
    }

private:
    std::mutex mutex_;
    mac_context keyed_; // has the key, and never sees any data
    std::vector<mac_context> idle_;
};

hmac_sha1::hmac_sha1(const secret& key) : contexts_(std::make_unique<contexts>(key.reveal())) {}
hmac_sha1::hmac_sha1(hmac_sha1&&) noexcept = default;
hmac_sha1::~hmac_sha1() = default;

hmac_sha1::digest hmac_sha1::of(std::string_view data) const
{
    digest out;
    std::size_t size = 0;
    auto context = contexts_->take();
    const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
    require(EVP_MAC_init(context.get(), nullptr, 0, nullptr) == 1 && // begins anew with the same key
            EVP_MAC_update(context.get(), bytes, data.size()) == 1 &&
            EVP_MAC_final(context.get(), out.data(), &size, out.size()) == 1 && size == out.size());
    contexts_->give_back(std::move(context));
    return out;
}

sha256_digest sha256(std::string_view data)
{
    struct free_hash
    {
        void operator()(EVP_MD* hash) const noexcept { EVP_MD_free(hash); }
    };
    static const std::unique_ptr<EVP_MD, free_hash> algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    require(algorithm != nullptr);
    sha256_digest out;
    unsigned int size = 0;
    require(EVP_Digest(data.data(), data.size(), out.data(), &size, algorithm.get(), nullptr) == 1 &&
            size == out.size());
    return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

secret::~secret() { OPENSSL_cleanse(value_.data(), value_.size()); }

bool operator==(const secret& a, const secret& b) noexcept
{
    return equal_in_constant_time(a.value_, b.value_);
}

std::string random_hex(std::size_t bytes)
{
    const auto raw = random_bytes(bytes);
    return to_hex(raw.data(), raw.size());
}

std::string random_uuid()
{
    auto raw = random_bytes(16);
    raw[6] = static_cast<unsigned char>((raw[6] & 0x0f) | 0x40);
    raw[8] = static_cast<unsigned char>((raw[8] & 0x3f) | 0x80);
    auto text = to_hex(raw.data(), raw.size());
    for (const std::size_t at : {8u, 13u, 18u, 23u})
        text.insert(at, 1, '-');
    return text;
}

bool looks_like_uuid(std::string_view text) noexcept
{
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        const char c = text[i];
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !digit)
            return false;
    }
    return true;
}

std::string base64(std::string_view bytes)
{
    auto out = sextets(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

std::string base64url(std::string_view bytes)
{
    return sextets(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}

std::optional<std::string> from_base64(std::string_view text)
{
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string out;
    out.reserve(text.size() * 3 / 4);
    unsigned buffer = 0;
    int bits = 0;
    for (const char c : text)
    {
        const int value = sextet(c);
        if (value < 0)
            return std::nullopt;
        buffer = (buffer << 6) | static_cast<unsigned>(value);
        if ((bits += 6) >= 8)
            out += static_cast<char>((buffer >> (bits -= 8)) & 0xff);
    }
    return out;
}

} // namespace postern
