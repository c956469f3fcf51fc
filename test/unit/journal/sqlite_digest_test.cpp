#include "postern/journal/sqlite/event_digest.hpp"

#include "postern/base/ids.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;
using namespace postern::journal::sqlite;

namespace {

std::string key_of(const std::string& uuid, const std::string& type = "MESSAGE")
{
    return "messages:created:" + format_id({"us", type, uuid});
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_digest)

BOOST_AUTO_TEST_CASE(it_depends_on_bot_and_key_alone)
{
    BOOST_TEST((digest_of("bot", "key") == digest_of("bot", "key")));
    BOOST_TEST((digest_of("bot", "key") != digest_of("bot", "another key")));
    BOOST_TEST((digest_of("bot", "key") != digest_of("another bot", "key")));
    BOOST_TEST((digest_of("b", "ot\nkey") != digest_of("bot", "key")));
}

BOOST_AUTO_TEST_CASE(messages_stand_in_the_order_in_which_they_were_said)
{
    const auto first = key_of("a1000000-7a4c-11ee-b962-0242ac120001");
    const auto a_little_later = key_of("a1000001-7a4c-11ee-b962-0242ac120001");
    const auto wrapped = key_of("00000000-7a4d-11ee-b962-0242ac120001");
    BOOST_TEST(key_time(first) == 0x1ee'7a4c'a1000000u);
    BOOST_TEST(key_time(first) < key_time(a_little_later));
    BOOST_TEST(key_time(a_little_later) < key_time(wrapped));
    BOOST_TEST((digest_of("bot", first) < digest_of("bot", a_little_later)));
    BOOST_TEST((digest_of("bot", a_little_later) < digest_of("another bot", wrapped)));
}

BOOST_AUTO_TEST_CASE(what_follows_the_id_does_not_change_the_time)
{
    const auto edit = key_of("a1000000-7a4c-11ee-b962-0242ac120001") + ":2026-02-11T09:14:27.318Z";
    BOOST_TEST(key_time(edit) == 0x1ee'7a4c'a1000000u);
}

BOOST_AUTO_TEST_CASE(a_key_without_a_time_has_none)
{
    for (const std::string key :
         {"", "key", "a:b", "a:b:", "a:b:c", "::", "messages:created:Y2lzY29zcGFyazovLw"})
        BOOST_TEST(key_time(key) == 0u, key);
    BOOST_TEST(key_time(key_of("f5b36187-c8dd-4727-8b2f-f9c447f29046", "PEOPLE")) == 0u); // version 4
    BOOST_TEST(key_time(key_of("a1000000-7a4c-11ee-b962")) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
