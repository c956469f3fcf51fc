#include "postern/base/crypto.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <set>
#include <thread>
#include <vector>

using namespace postern;

BOOST_AUTO_TEST_SUITE(crypto)

BOOST_AUTO_TEST_CASE(signatures_are_those_of_the_vectors) // protocol/webex-rest.md 5.5
{
    const secret key("s3cr3t");
    const std::string one =
        R"({"id":"W1","name":"postern","resource":"messages","event":"created","data":{"id":"M1"}})";
    const std::string two =
        R"({"id":"W2","name":"café ☕","resource":"rooms","event":"updated","data":{"id":"R1"}})";
    BOOST_TEST(hmac_sha1_hex(key, one) == "98b1101982cf5c47e42178e1b290ee24053d85b3");
    BOOST_TEST(hmac_sha256_hex(key, one) ==
               "cd46bc5b1c49a67f66cc77210805e2c5526c030d9f0f7bbe6e36f0c2bb09d688");
    BOOST_TEST(hmac_sha512_hex(key, one) == "5cb241e9ad2a9f9adb1de18109fdc01c8a32f6bddfb56a0c80299bb0eb36abe1"
                                            "faf529d9c3557159faf5eb1c119d8e18d156a1"
                                            "b888716aea9f7ff0f8a1ce6a5e");
    BOOST_TEST(hmac_sha1_hex(key, two) == "451262e65b6e052f7ff7970a02fbe6d012581f5a");
    BOOST_TEST(hmac_sha256_hex(key, two) ==
               "036cd1fec6e0452bdddd5207490f3eccd98d50061645dcf68e66acc0f4609dea");
}

BOOST_AUTO_TEST_CASE(a_hash_is_that_of_the_standard) // FIPS 180-4, the example "abc"
{
    const auto hash = sha256("abc");
    const unsigned char begins[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea};
    BOOST_TEST(std::equal(std::begin(begins), std::end(begins), hash.begin()));
    BOOST_TEST((sha256("abd") != hash));
}

BOOST_AUTO_TEST_CASE(a_prepared_key_signs_like_the_key_itself_again_and_again_and_from_several_threads)
{
    const secret key("s3cr3t");
    const hmac_sha1 prepared(key);
    const auto hex = [](const hmac_sha1::digest& bytes) {
        std::string out;
        for (const unsigned byte : bytes)
            (out += "0123456789abcdef"[byte >> 4]) += "0123456789abcdef"[byte & 15];
        return out;
    };
    std::atomic<int> wrong = 0;
    const auto sign = [&](char letter) {
        for (std::size_t size = 0; size < 300; ++size)
        {
            const std::string text(size, letter);
            if (hex(prepared.of(text)) != hmac_sha1_hex(key, text))
                ++wrong;
        }
    };
    std::vector<std::thread> threads;
    for (const char letter : {'a', 'b', 'c', 'd'})
        threads.emplace_back(sign, letter);
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(wrong == 0);

    const hmac_sha1 without{secret()};
    BOOST_TEST(hex(without.of("text")) == hmac_sha1_hex(secret(), "text"));
    BOOST_TEST(hex(hmac_sha1(secret(std::string(200, 'k'))).of("text")) ==
               hmac_sha1_hex(secret(std::string(200, 'k')), "text"));
}

BOOST_AUTO_TEST_CASE(base64url_takes_any_bytes_there_and_back)
{
    std::string bytes;
    for (int i = 0; i < 300; ++i)
    {
        const auto text = base64url(bytes);
        BOOST_TEST(text.find_first_of("+/=") == text.npos);
        BOOST_TEST((from_base64(text) == bytes));
        bytes += static_cast<char>(i * 7);
    }
    BOOST_TEST(base64("") == "");
    BOOST_TEST(base64("f") == "Zg=="); // RFC 4648 10
    BOOST_TEST(base64("fo") == "Zm8=");
    BOOST_TEST(base64("foo") == "Zm9v");
    BOOST_TEST(base64("\xfb\xff\xbf") == "+/+/");
    BOOST_TEST((from_base64("+/+/") == from_base64("-_-_")));
    BOOST_TEST(!from_base64("a").has_value());
    BOOST_TEST(!from_base64("ab c").has_value());
}

BOOST_AUTO_TEST_CASE(random_values_have_their_form_and_differ)
{
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i)
    {
        const auto uuid = random_uuid();
        BOOST_TEST(looks_like_uuid(uuid));
        BOOST_TEST(uuid[14] == '4');
        seen.insert(uuid);
    }
    BOOST_TEST(seen.size() == 100u);
    BOOST_TEST(random_hex(16).size() == 32u);
    BOOST_TEST(!looks_like_uuid("1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c1"));
    BOOST_TEST(!looks_like_uuid("1b6f0c52x7d0e-4b1a-9c55-2f3a8e6d4c10"));
}

BOOST_AUTO_TEST_CASE(a_secret_compares_by_value_and_moves_out_clean)
{
    secret a("token"), b("token"), c("other");
    BOOST_TEST((a == b));
    BOOST_TEST(!(a == c));
    const secret moved = std::move(a);
    BOOST_TEST(a.empty());
    BOOST_TEST(moved.reveal() == "token");
}

BOOST_AUTO_TEST_SUITE_END()
