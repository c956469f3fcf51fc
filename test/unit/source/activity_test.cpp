#include "postern/source/device/activity.hpp"

#include "postern/base/ids.hpp"
#include "postern/source/device/activity_map.hpp"
#include "postern/verify/event_json.hpp"
#include "support/vectors.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <functional>

using namespace postern;
using namespace postern::source;

namespace {

const json::array& cases()
{
    static const auto file = test::vectors("activity-to-event.json");
    return file.at("cases").get_array();
}

json::object first_post()
{
    json::object data;
    data["activity"] = cases().at(0).at("activity");
    return data;
}

json::object object(std::string_view text) { return json::parse(text).get_object(); }

// --- overrides

activity read_with(const json::object* envelope_headers, const json::object* data_headers)
{
    auto data = first_post();
    if (data_headers)
        data["headers"] = *data_headers;
    auto a = read_activity(data, envelope_headers);
    BOOST_TEST_REQUIRE(a.has_value());
    return *a;
}

// --- hostile inputs

using put = std::function<void(json::value&)>; // what stands where the value is to be

// The same activity again and again, each time with one of its values replaced, or left out.
void each_value_in_turn(const json::value& whole, const json::value& value, const put& set,
                        const std::function<void()>& leave_out,
                        const std::function<void(const json::value&)>& check)
{
    static const std::array wrong{json::value(nullptr),
                                  json::value(42),
                                  json::value(-0.5),
                                  json::value(true),
                                  json::value(""),
                                  json::value("../us/PEOPLE/x"),
                                  json::value("\x01\n\"' \xc3\xa4"),
                                  json::value(std::string(70'000, 'x')),
                                  json::value(json::array{}),
                                  json::value(json::array{json::array{}, json::object{}, 1}),
                                  json::value(json::object{}),
                                  json::parse(R"({"items":{"items":[1]},"id":7,"tags":{"ONE_ON_ONE":1}})")};
    for (const auto& other : wrong)
    {
        json::value copy = other;
        set(copy);
        check(whole);
    }
    leave_out();
    check(whole);
    json::value copy = value;
    set(copy);
}

void each_member_in_turn(json::value& whole, json::value& at,
                         const std::function<void(const json::value&)>& check)
{
    if (auto* members = at.if_object())
    {
        const auto before = *members;
        for (const auto& member : before)
        {
            const std::string key(member.key());
            each_value_in_turn(
                whole, member.value(), [&](json::value& v) { (*members)[key] = v; },
                [&] { members->erase(key); }, check);
            each_member_in_turn(whole, members->at(key), check);
        }
        *members = before;
    }
    else if (auto* items = at.if_array())
    {
        for (std::size_t i = 0; i < items->size(); ++i)
        {
            const auto before = (*items)[i];
            each_value_in_turn(
                whole, before, [&](json::value& v) { (*items)[i] = v; }, [&] { (*items)[i] = nullptr; },
                check);
            each_member_in_turn(whole, (*items)[i], check);
        }
    }
}

// Members that are ids, wherever they are.
void require_whole_ids(const json::object& in)
{
    for (const auto& member : in)
    {
        const std::string_view key(member.key().data(), member.key().size());
        if (const auto* nested = member.value().if_object())
            require_whole_ids(*nested);
        else if (key == "id" || key.ends_with("Id"))
        {
            const auto* text = member.value().if_string();
            BOOST_TEST_REQUIRE(text, key);
            const auto id = parse_id(std::string_view(text->data(), text->size()));
            BOOST_TEST_REQUIRE(id.has_value(), key);
            BOOST_TEST_REQUIRE(id->native.size() == (id->type == "MEMBERSHIP" ? 73u : 36u), key);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(activity)

BOOST_AUTO_TEST_CASE(an_override_of_either_header_is_applied)
{
    for (const auto* path : {"data.activity.target.tags", "activity.target.tags"})
    {
        json::object headers;
        headers[path] = json::array{"ONE_ON_ONE", "MUTED"};
        const std::vector<std::string> wanted{"ONE_ON_ONE", "MUTED"};
        BOOST_TEST(*read_with(&headers, nullptr).target.tags == wanted, boost::test_tools::per_element());
        BOOST_TEST(*read_with(nullptr, &headers).target.tags == wanted, boost::test_tools::per_element());
    }
    // A member that was not there before.
    const auto headers =
        object(R"({"data.activity.object.creatorUUID":"6a5c7f10-3a51-4e0c-8a1e-2b7d3c9f4e11"})");
    BOOST_TEST(read_with(&headers, nullptr).creator == "6a5c7f10-3a51-4e0c-8a1e-2b7d3c9f4e11");
}

BOOST_AUTO_TEST_CASE(no_override_changes_who_did_what)
{
    const auto headers = object(R"({
        "data.activity.id": "a1000000-7a4c-11ee-b962-0242ac12ffff",
        "data.activity.verb": "delete",
        "data.activity.encryptionKeyUrl": "kms://elsewhere/keys/1",
        "data.activity.actor": "somebody",
        "data.activity.actor.id": "a1000000-7a4c-11ee-b962-0242ac12ffff",
        "data.activity.actor.entryUUID": "a1000000-7a4c-11ee-b962-0242ac12ffff",
        "data.activity.actor.emailAddress": "eve@example.com",
        "data.activity.target.id": "a1000000-7a4c-11ee-b962-0242ac12ffff",
        "data.activity.object.id": "a1000000-7a4c-11ee-b962-0242ac12ffff",
        "data.activity.object.entryUUID": "a1000000-7a4c-11ee-b962-0242ac12ffff",
        "data.activity.target": {"id": "a1000000-7a4c-11ee-b962-0242ac12ffff"},
        "data.activity.object.mentions": {"items": []},
        "data.activity.target.tags": [{"id": 1}],
        "data.activity": {"verb": "delete"}, "data": {}, "activity": {}
    })");
    const auto plain = read_with(nullptr, nullptr);
    for (const auto& a : {read_with(&headers, nullptr), read_with(nullptr, &headers)})
    {
        BOOST_TEST(a.id == plain.id);
        BOOST_TEST(a.verb == "post");
        BOOST_TEST(a.actor.uuid == plain.actor.uuid);
        BOOST_TEST(a.actor.email == "alice@example.com");
        BOOST_TEST(a.target.id == plain.target.id);
        BOOST_TEST(a.target.tags->empty());
        BOOST_TEST(a.object_id == "");
        BOOST_TEST(a.person.uuid == "");
        BOOST_TEST(a.mentioned == plain.mentioned, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(an_override_that_leads_nowhere_is_ignored)
{
    const auto headers = object(R"({"": 1, ".": 1, "data.": 1, "data.activity.": 1, "data.activity..": 1,
        "data.activity.nobody.home": 1, "data.activity.published.year": 1, "data.activity.target..tags": ["LOCKED"],
        "data.activity.target.tags.": ["LOCKED"], "data.activity.target.tags.0": "LOCKED", "target.tags": ["LOCKED"],
        "data.activity.target.lastSeenActivityDate": 1767323045006})");
    BOOST_TEST(read_with(&headers, nullptr).published == "2026-01-02T03:04:05.006Z");
    BOOST_TEST(read_with(&headers, nullptr).target.tags->empty());

    auto data = first_post();
    data["headers"] = "none";
    BOOST_TEST(read_activity(data, nullptr)->verb == "post");
}

BOOST_AUTO_TEST_CASE(what_has_not_the_form_that_it_should_have_is_absent)
{
    BOOST_TEST(!read_activity({}, nullptr));
    BOOST_TEST(!read_activity(object(R"({"activity":[]})"), nullptr));
    const auto a =
        read_activity(object(R"({"activity":{"id":"7","verb":"a b","published":"today","actor":{"id":"a@b.c"},
        "target":{"id":"x/y","tags":"ONE_ON_ONE"},"object":{"participants":{"items":[{"id":"a@b.c"},7]}}}})"),
                      nullptr);
    BOOST_TEST(a->id == "");
    BOOST_TEST(a->verb == "");
    BOOST_TEST(a->published == "");
    BOOST_TEST(a->actor.uuid == "");
    BOOST_TEST(a->target.id == "");
    BOOST_TEST(!a->target.tags);
    BOOST_TEST(a->participants.empty());
}

BOOST_AUTO_TEST_CASE(no_room_is_so_large_that_its_creation_fills_the_memory)
{
    auto data = first_post();
    auto& created = data.at("activity").get_object();
    json::array crowd(200'000, object(R"({"id":"6a5c7f10-3a51-4e0c-8a1e-2b7d3c9f4e11"})"));
    created["object"] = json::object{{"participants", json::object{{"items", std::move(crowd)}}}};
    BOOST_TEST(read_activity(data, nullptr)->participants.size() == 10'000u);
}

BOOST_AUTO_TEST_CASE(whatever_is_missing_or_odd_there_is_a_whole_event_or_a_reason)
{
    const auto organisation = format_id({"us", "ORGANIZATION", "1eb65fdf-9643-417f-9974-ad72cae0e10f"});
    const auto person = format_id({"us", "PEOPLE", "f5b36187-c8dd-4727-8b2f-f9c447f29046"});
    const auto clusters = [](std::string_view url) {
        return url.starts_with("https://conv-") ? std::optional<std::string>("us") : std::nullopt;
    };
    const activity_map as_person({person, organisation, false}, clusters);
    const activity_map as_bot({person, organisation, true}, clusters);

    std::size_t events = 0;
    std::size_t reasons = 0;
    const auto check = [&](const json::value& data) {
        for (const auto* map : {&as_person, &as_bot})
        {
            const auto got = map->map(data.get_object(), nullptr);
            BOOST_TEST_REQUIRE(got.envelopes.empty() != got.why_none.empty(), json::serialize(data));
            reasons += got.envelopes.empty();
            for (const auto& envelope : got.envelopes)
            {
                ++events;
                const auto e = verify::parse_event(envelope);
                BOOST_TEST_REQUIRE(e.has_value(), envelope);
                BOOST_TEST_REQUIRE(!e->room.empty(), envelope);
                require_whole_ids(object(envelope));
            }
        }
    };
    for (const auto& c : cases())
    {
        json::value data = json::object{{"activity", c.at("activity")}};
        each_member_in_turn(data, data, check);
        BOOST_TEST(data.at("activity") == c.at("activity"));
    }
    BOOST_TEST(events > 5'000u);
    BOOST_TEST(reasons > 5'000u);
}

BOOST_AUTO_TEST_SUITE_END()
