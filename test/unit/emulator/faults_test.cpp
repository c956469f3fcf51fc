#include "postern/emulator/faults.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace postern;
using namespace postern::emulator;

namespace {

std::string add(fault_table& table, std::string_view text)
{
    auto id = table.add(json::parse(text).as_object());
    BOOST_TEST_REQUIRE(id.has_value(), (id ? std::string() : describe(id.error())));
    return *id;
}

std::string refusal(std::string_view text)
{
    fault_table table;
    const auto id = table.add(json::parse(text).as_object());
    BOOST_TEST_REQUIRE(!id.has_value(), "accepted: " << text);
    BOOST_TEST(id.error().is(errc::bad_input));
    BOOST_TEST(table.dump().empty());
    return id.error().ours;
}

// "x.x": which of the requests were struck.
std::string pattern(fault_table& table, unsigned requests)
{
    std::string out;
    for (unsigned i = 0; i < requests; ++i)
        out += table.strike("GET", "/v1/messages") ? 'x' : '.';
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(a_fault_is_read_with_all_its_members)
{
    fault_table table;
    const auto id = add(table, R"j({"method":"POST","path":"/v1/messages","remaining":3,"skip":0,"every":1,
        "status":429,"body":"<html>slow</html>","contentType":"text/html",
        "headers":{"Retry-After":"rand(30),add(30)","X-Twice":["a",2]},
        "delayMs":250,"truncateAfter":17,"afterEffect":true})j");
    const auto f = table.strike("POST", "/v1/messages/abc");
    BOOST_TEST_REQUIRE(f.has_value());
    BOOST_TEST(f->id == id);
    BOOST_TEST(f->remaining.value() == 2u);
    BOOST_TEST(f->status.value() == 429u);
    BOOST_TEST(f->body == "<html>slow</html>");
    BOOST_TEST(f->content_type == "text/html");
    BOOST_TEST_REQUIRE(f->headers.size() == 3u);
    BOOST_TEST(f->headers[0].first == "Retry-After");
    BOOST_TEST(f->headers[0].second == "rand(30),add(30)");
    BOOST_TEST(f->headers[1].second == "a");
    BOOST_TEST(f->headers[2].second == "2");
    BOOST_TEST(f->delay.count() == 250);
    BOOST_TEST(f->truncate_after.value() == 17u);
    BOOST_TEST(f->after_effect);
    BOOST_TEST(!f->drop);
}

BOOST_AUTO_TEST_CASE(without_conditions_it_strikes_every_request_until_removed)
{
    fault_table table;
    const auto id = add(table, R"({"drop":true})");
    BOOST_TEST(pattern(table, 5) == "xxxxx");
    BOOST_TEST(table.remove(id));
    BOOST_TEST(pattern(table, 2) == "..");
    BOOST_TEST(!table.remove(id));
    BOOST_TEST(!table.remove("no such id"));
}

BOOST_AUTO_TEST_CASE(method_and_path_choose_the_requests)
{
    fault_table table;
    add(table, R"({"method":"PUT","path":"/v1/rooms","status":500})");
    BOOST_TEST(!table.strike("GET", "/v1/rooms").has_value());
    BOOST_TEST(!table.strike("PUT", "/v1").has_value());
    BOOST_TEST(!table.strike("PUT", "/v1/messages").has_value());
    BOOST_TEST(table.strike("PUT", "/v1/rooms").has_value());
    BOOST_TEST(table.strike("PUT", "/v1/rooms/x").has_value());
}

BOOST_AUTO_TEST_CASE(a_part_of_the_query_chooses_later_pages_or_one_room)
{
    fault_table table;
    add(table, R"({"method":"GET","path":"/v1/memberships","query":"cursor=","status":500})");
    add(table, R"({"path":"/v1/memberships","query":"roomId=abc","status":403})");
    BOOST_TEST(!table.strike("GET", "/v1/memberships").has_value());
    BOOST_TEST(!table.strike("GET", "/v1/memberships", "roomId=x").has_value());
    BOOST_TEST(table.strike("GET", "/v1/memberships", "roomId=x&cursor=y")->status.value() == 500u);
    BOOST_TEST(table.strike("GET", "/v1/memberships", "max=9&roomId=abc")->status.value() == 403u);
    BOOST_TEST(!table.strike("GET", "/v1/rooms", "roomId=abc&cursor=y").has_value());
    BOOST_TEST(table.dump().at(0).at("query").as_string() == "cursor=");
}

BOOST_AUTO_TEST_CASE(skip_every_and_remaining_count_matching_requests_only)
{
    fault_table table;
    add(table, R"({"path":"/v1/messages","status":503,"skip":2,"every":3,"remaining":2})");
    BOOST_TEST(!table.strike("GET", "/v1/people/me").has_value());
    BOOST_TEST(pattern(table, 12) == "....x..x....");
    BOOST_TEST(table.dump().empty());
}

BOOST_AUTO_TEST_CASE(the_oldest_of_several_strikes_and_the_others_keep_their_strikes)
{
    fault_table table;
    const auto first = add(table, R"({"status":500,"remaining":1})");
    const auto second = add(table, R"({"status":502,"remaining":1})");
    BOOST_TEST(table.strike("GET", "/").value().id == first);
    BOOST_TEST(table.strike("GET", "/").value().id == second);
    BOOST_TEST(!table.strike("GET", "/").has_value());
}

BOOST_AUTO_TEST_CASE(unknown_members_are_refused_by_name)
{
    BOOST_TEST(refusal(R"({"status":500,"truncate_after":1})").find("\"truncate_after\"") !=
               std::string::npos);
    BOOST_TEST(refusal(R"({"status":500,"id":"mine"})").find("\"id\"") != std::string::npos);
    BOOST_TEST(refusal("{\"a\\u001b[31m\":1}").find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(wrong_values_are_refused_with_the_member)
{
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"method", R"({"drop":true,"method":"GET /"})"},
        {"method", R"({"drop":true,"method":null})"},
        {"path", R"({"drop":true,"path":"v1"})"},
        {"remaining", R"({"drop":true,"remaining":0})"},
        {"remaining", R"({"drop":true,"remaining":-1})"},
        {"remaining", R"({"drop":true,"remaining":4294967296})"},
        {"remaining", R"({"drop":true,"remaining":"1"})"},
        {"skip", R"({"drop":true,"skip":1.5})"},
        {"every", R"({"drop":true,"every":0})"},
        {"status", R"({"status":100})"},
        {"status", R"({"status":600})"},
        {"status", R"({"status":18446744073709551615})"},
        {"body", R"({"status":500,"body":{}})"},
        {"body", R"({"delayMs":1,"body":"x"})"},
        {"contentType", R"({"status":500,"contentType":"a\r\nSet-Cookie: x"})"},
        {"contentType", R"({"delayMs":1,"contentType":"text/html"})"},
        {"headers", R"({"headers":["Retry-After"]})"},
        {"Retry-After", R"({"headers":{"Retry-After":"1\r\nX: y"}})"},
        {"Retry-After", R"({"headers":{"Retry-After":true}})"},
        {"Retry-After", R"({"headers":{"Retry-After":[["1"]]}})"},
        {"Retry After", R"({"headers":{"Retry After":"1"}})"},
        {"delayMs", R"({"delayMs":600001})"},
        {"drop", R"({"drop":1})"},
        {"drop", R"({"drop":true,"status":500})"},
        {"drop", R"({"drop":true,"truncateAfter":0})"},
        {"truncateAfter", R"({"truncateAfter":-1})"},
        {"afterEffect", R"({"drop":true,"afterEffect":"yes"})"},
    };
    for (const auto& [member, text] : wrong)
        BOOST_TEST(refusal(text).starts_with('"' + member + '"'), text << " -> " << refusal(text));
}

BOOST_AUTO_TEST_CASE(a_fault_that_does_nothing_is_refused)
{
    refusal("{}");
    refusal(R"({"path":"/v1","afterEffect":true})");
    refusal(R"({"delayMs":0,"drop":false,"headers":{}})");
}

BOOST_AUTO_TEST_CASE(the_dump_says_what_was_added)
{
    fault_table table;
    const std::string given =
        R"({"method":"POST","path":"/v1/messages","remaining":3,"skip":1,"every":2,"status":429,)"
        R"("body":"slow","contentType":"text/html","headers":{"Retry-After":["x","y"]},)"
        R"("delayMs":250,"truncateAfter":0,"afterEffect":true})";
    const auto id = add(table, given);
    BOOST_TEST(json::serialize(table.dump()) == "[{\"id\":\"" + id + "\"," + given.substr(1) + "]");
    table.clear();
    BOOST_TEST(table.dump().empty());
    BOOST_TEST(add(table, given) != id); // an id is never used twice
}

BOOST_AUTO_TEST_CASE(the_table_is_bounded)
{
    fault_table table;
    const auto description = json::parse(R"({"drop":true})").as_object();
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST_REQUIRE(table.add(description).has_value());
    const auto more = table.add(description);
    BOOST_TEST_REQUIRE(!more.has_value());
    BOOST_TEST(more.error().is(errc::too_large));
}

BOOST_AUTO_TEST_CASE(several_threads_share_the_strikes_of_one_fault)
{
    fault_table table;
    add(table, R"({"status":500,"remaining":500})");
    std::atomic<unsigned> struck = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 300; ++i)
                if (table.strike("GET", "/"))
                    ++struck;
        });
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(struck == 500u);
}

BOOST_AUTO_TEST_SUITE_END()
