// Device registrations: protocol/mercury.md 3.

#include "postern/emulator/devices.hpp"

#include "postern/base/crypto.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>

using namespace postern;
using namespace postern::emulator;
using namespace std::chrono_literals;

namespace {

struct book_fixture
{
    wall_time now = *parse_time("2026-02-11T09:14:27.318Z");
    device_book book;

    static json::object named(std::string_view name)
    {
        json::object o;
        o["name"] = name;
        o["deviceType"] = "DESKTOP";
        return o;
    }
    static json::object given(std::string_view text) { return json::parse(text).as_object(); }
    const device& add(std::string_view name, const std::string& person = "alice")
    {
        return *book.add(person, named(name), false, now).value();
    }
    const device& add_with_ttl(std::int64_t seconds)
    {
        auto o = named("brief");
        o["ttl"] = seconds;
        return *book.add("alice", std::move(o), false, now).value();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(devices, book_fixture)

BOOST_AUTO_TEST_CASE(a_device_has_an_id_and_another_one_for_its_socket)
{
    const auto d = add("postern");
    BOOST_TEST(looks_like_uuid(d.id));
    BOOST_TEST(looks_like_uuid(d.registration));
    BOOST_TEST(d.id != d.registration);
    BOOST_TEST((d.created == now && d.modified == now));
    BOOST_TEST(book.find(d.id, now)->person == "alice");
    BOOST_TEST(book.find_registration(d.registration, now)->id == d.id);
    BOOST_TEST(!book.find(d.registration, now));
    BOOST_TEST(!book.find_registration(d.id, now));
}

BOOST_AUTO_TEST_CASE(one_without_name_or_type_is_not_registered)
{
    for (const auto* body :
         {"{}", R"({"name":"x"})", R"({"deviceType":"WEB"})", R"({"name":5,"deviceType":"WEB"})",
          R"({"name":null,"deviceType":"WEB"})", R"({"name":"x","deviceType":["WEB"]})"})
    {
        const auto no = book.add("alice", given(body), false, now);
        BOOST_TEST_REQUIRE(!no, body);
        BOOST_TEST(no.error().status == 400u, body);
    }
    BOOST_TEST(book.all().empty());
}

BOOST_AUTO_TEST_CASE(what_else_a_client_says_is_kept_whatever_its_type)
{
    const auto d =
        *book.add("alice", given(R"({"name":"x","deviceType":"WEB","model":null,"odd":[1,{}]})"), false, now)
             .value();
    BOOST_TEST(d.given.at("odd").as_array().size() == 2u);
    BOOST_TEST(d.given.at("model").is_null());
}

BOOST_AUTO_TEST_CASE(what_is_the_services_to_say_is_not_taken_from_a_client)
{
    const auto d = *book.add("alice", given(R"({"name":"x","deviceType":"WEB","url":"http://elsewhere/",
        "webSocketUrl":"ws://elsewhere/","userId":"bob","orgId":"o","services":{},"features":{}})"),
                             false, now)
                        .value();
    BOOST_TEST(d.given == given(R"({"name":"x","deviceType":"WEB","capabilities":{}})"));
}

BOOST_AUTO_TEST_CASE(a_device_does_not_grow_without_end)
{
    auto huge = named("x");
    huge["model"] = std::string(70'000, 'm');
    BOOST_TEST(book.add("alice", huge, false, now).error().status == 400u);

    const auto id = add("x").id;
    const std::string piece(1000, 'm');
    unsigned taken = 0;
    for (int i = 0; i < 100; ++i)
    {
        json::object more;
        more["member" + std::to_string(i)] = piece;
        taken += book.refresh(id, more, now).has_value();
    }
    BOOST_TEST(taken > 50u);
    BOOST_TEST(taken < 66u);
}

BOOST_AUTO_TEST_CASE(a_device_is_gone_when_its_time_to_live_has_passed_since_the_last_refresh)
{
    const auto d = add_with_ttl(1800);
    const auto kept = add("for ever").id;
    now += 1799s;
    BOOST_TEST(book.find(d.id, now));
    BOOST_TEST(book.refresh(d.id, {}, now).has_value());
    now += 1799s;
    BOOST_TEST(book.find(d.id, now));
    now += 1s;
    BOOST_TEST(!book.find(d.id, now));
    BOOST_TEST(!book.find_registration(d.registration, now));
    BOOST_TEST(book.refresh(d.id, {}, now).error().status == 404u);
    BOOST_TEST_REQUIRE(book.of("alice", now).size() == 1u);
    BOOST_TEST(book.of("alice", now)[0]->id == kept);
    now += 24h * 3650;
    BOOST_TEST(book.find(kept, now));
}

BOOST_AUTO_TEST_CASE(a_refresh_may_change_the_time_to_live)
{
    const auto id = add_with_ttl(10).id;
    json::object longer;
    longer["ttl"] = 100;
    BOOST_TEST(book.refresh(id, longer, now).has_value());
    now += 99s;
    BOOST_TEST(book.find(id, now));
    now += 1s;
    BOOST_TEST(!book.find(id, now));
}

BOOST_AUTO_TEST_CASE(a_senseless_time_to_live_is_refused_and_a_huge_one_harmless)
{
    for (const auto* ttl : {"0", "-1", "\"1800\"", "1.5", "[]", "true"})
    {
        auto o = named("x");
        o["ttl"] = json::parse(ttl);
        BOOST_TEST(book.add("alice", std::move(o), false, now).has_error(), ttl);
    }
    const auto id = add_with_ttl(std::numeric_limits<std::int64_t>::max()).id;
    now += 24h * 365;
    BOOST_TEST(book.find(id, now));
    auto o = named("x");
    o["ttl"] = nullptr;
    BOOST_TEST(!book.add("alice", std::move(o), false, now).value()->ttl);
}

BOOST_AUTO_TEST_CASE(the_version_counts_what_changed_and_nothing_else)
{
    const auto id = add("x").id;
    now += 1s;
    BOOST_TEST(book.refresh(id, {}, now).value()->version == 1u);
    BOOST_TEST(book.refresh(id, named("x"), now).value()->version == 1u);
    BOOST_TEST((book.find(id, now)->modified == now));
    BOOST_TEST(
        book.refresh(id, given(R"({"url":"http://elsewhere/","capabilities":{}})"), now).value()->version ==
        1u);
    const auto* changed = book.refresh(id, given(R"({"name":"y","extra":[]})"), now).value();
    BOOST_TEST(changed->version == 2u);
    BOOST_TEST(changed->given ==
               given(R"({"name":"y","deviceType":"DESKTOP","capabilities":{},"extra":[]})"));
    BOOST_TEST(book.refresh(id, given(R"({"name":7})"), now).error().status == 400u);
    BOOST_TEST(book.find(id, now)->version == 2u);
}

BOOST_AUTO_TEST_CASE(more_than_the_limit_is_refused_with_the_words_clients_compare)
{
    book.limit(2);
    add("one");
    add("two");
    const auto no = book.add("alice", named("three"), false, now);
    BOOST_TEST_REQUIRE(!no);
    BOOST_TEST(no.error().status == 403u);
    BOOST_TEST(no.error().message == "User has excessive device registrations");
    add("of somebody else", "bob");
    BOOST_TEST(book.remove(book.of("alice", now)[0]->id));
    add("three");
}

BOOST_AUTO_TEST_CASE(expired_devices_do_not_count_and_are_not_kept)
{
    book.limit(1);
    add_with_ttl(5);
    now += 5s;
    add("next");
    BOOST_TEST(book.all().size() == 1u);
}

BOOST_AUTO_TEST_CASE(devices_are_listed_oldest_first_and_by_person)
{
    for (const auto* name : {"a", "b", "c", "d"})
    {
        add(name);
        now += 1s;
    }
    add("other", "bob");
    std::string names;
    for (const auto* d : book.of("alice", now))
        names += text_or(d->given, "name");
    BOOST_TEST(names == "abcd");
    BOOST_TEST(book.of("nobody", now).empty());
    BOOST_TEST(book.all().size() == 5u);
}

BOOST_AUTO_TEST_CASE(what_is_removed_is_gone)
{
    const auto id = add("x").id;
    add("y");
    add("z", "bob");
    BOOST_TEST(book.remove(id));
    BOOST_TEST(!book.remove(id));
    BOOST_TEST(!book.find(id, now));
    book.forget("alice");
    BOOST_TEST(book.of("alice", now).empty());
    BOOST_TEST(book.of("bob", now).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
