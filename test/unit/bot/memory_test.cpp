#include "talk.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <map>

using namespace postern;
using test::talk;

namespace {

// Values in memory; `before_replace` plays somebody who is quicker.
struct fake_values : values_port
{
    std::map<std::pair<std::string, std::string>, std::string> kept;
    std::function<void()> before_replace;

    awaitable<result<std::optional<std::string>>> get(std::string scope, std::string key, deadline) override
    {
        const auto found = kept.find({scope, key});
        std::optional<std::string> out;
        if (found != kept.end())
            out = found->second;
        co_return out;
    }
    awaitable<result<>> put(std::string scope, std::string key, std::string value, deadline) override
    {
        kept[{scope, key}] = std::move(value);
        co_return result<>();
    }
    awaitable<result<bool>> erase(std::string scope, std::string key, deadline) override
    {
        co_return kept.erase({scope, key}) == 1;
    }
    awaitable<result<std::vector<key_and_value>>> list(std::string, std::string, std::size_t,
                                                       deadline) override
    {
        co_return std::vector<key_and_value>();
    }
    awaitable<result<bool>> replace(std::string scope, std::string key, std::optional<std::string> expected,
                                    std::string value, deadline) override
    {
        if (before_replace)
            std::exchange(before_replace, nullptr)();
        const auto found = kept.find({scope, key});
        const bool same = found == kept.end() ? !expected : expected == found->second;
        if (same)
            kept[{scope, key}] = std::move(value);
        co_return same;
    }
};

struct remembering : talk
{
    fake_values values;
    remembering() { speech->values = &values; }

    template <class Test>
    void with(Test test)
    {
        test::run([&](net::io_context&) -> awaitable<void> {
            context ctx(take_up());
            co_await test(ctx);
        });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(memory, remembering)

BOOST_AUTO_TEST_CASE(what_is_put_is_got_again_as_what_it_was)
{
    with([](postern::context ctx) -> awaitable<void> {
        const auto room = ctx.room_memory();
        co_await room.put<std::string>("text", std::string("a\0b", 3));
        co_await room.put<std::int64_t>("number", -7);
        co_await room.put<bool>("truth", true);
        json_text json{R"({"a":[1]})"};
        co_await room.put<json_text>("json", json);
        const auto text = co_await room.get<std::string>("text");
        const auto number = co_await room.get<std::int64_t>("number");
        const auto truth = co_await room.get<bool>("truth");
        const auto back = co_await room.get<json_text>("json");
        const auto nothing = co_await room.get<bool>("nothing");
        BOOST_TEST((**text == std::string("a\0b", 3)));
        BOOST_TEST((**number == -7));
        BOOST_TEST((**truth == true));
        BOOST_TEST((**back == json));
        BOOST_TEST(!nothing->has_value());
    });
}

BOOST_AUTO_TEST_CASE(rooms_persons_and_the_bot_share_no_key)
{
    with([](postern::context ctx) -> awaitable<void> {
        co_await ctx.room_memory().put<std::string>("k", "room");
        co_await ctx.person_memory().put<std::string>("k", "person");
        co_await ctx.bot_memory().put<std::string>("k", "bot");
    });
    BOOST_TEST(values.kept.size() == 3u);
    BOOST_TEST((values.kept[{"room me room", "k"}] == "room"));
    BOOST_TEST((values.kept[{"person me ana", "k"}] == "person"));
    BOOST_TEST((values.kept[{"bot me", "k"}] == "bot"));
}

BOOST_AUTO_TEST_CASE(a_value_of_another_kind_is_an_error_and_not_a_guess)
{
    with([](postern::context ctx) -> awaitable<void> {
        const auto m = ctx.bot_memory();
        co_await m.put<std::string>("k", "12x");
        const auto number = co_await m.get<std::int64_t>("k");
        const auto truth = co_await m.get<bool>("k");
        const auto json = co_await m.get<json_text>("k");
        const auto sum = co_await m.add("k", 1);
        for (const auto& e : {number.error(), truth.error(), json.error(), sum.error()})
            BOOST_TEST(e.is(errc::bad_input));
        json_text broken{"{"};
        const auto put = co_await m.put<json_text>("k", broken);
        BOOST_TEST(put.error().is(errc::bad_input));
    });
}

BOOST_AUTO_TEST_CASE(adding_counts_from_nothing_and_loses_no_one_elses_count)
{
    with([this](postern::context ctx) -> awaitable<void> {
        const auto m = ctx.bot_memory();
        const auto one = co_await m.add("n");
        BOOST_TEST(*one == 1);
        values.before_replace = [this] { values.kept[{"bot me", "n"}] = "10"; };
        const auto more = co_await m.add("n", 5);
        BOOST_TEST(*more == 15);
        co_await m.put<std::int64_t>("n", std::numeric_limits<std::int64_t>::max());
        const auto over = co_await m.add("n", 1);
        BOOST_TEST(over.error().is(errc::bad_input));
    });
}

BOOST_AUTO_TEST_CASE(erasing_tells_whether_there_was_anything)
{
    with([](postern::context ctx) -> awaitable<void> {
        const auto m = ctx.room_memory();
        co_await m.put<bool>("k", false);
        const auto first = co_await m.erase("k");
        const auto second = co_await m.erase("k");
        BOOST_TEST(*first);
        BOOST_TEST(!*second);
    });
}

BOOST_AUTO_TEST_CASE(a_bot_without_a_store_says_so)
{
    speech->values = nullptr;
    with([](postern::context ctx) -> awaitable<void> {
        const auto got = co_await ctx.bot_memory().get<bool>("k");
        const auto put = co_await ctx.bot_memory().put<bool>("k", true);
        const auto erased = co_await ctx.bot_memory().erase("k");
        const auto added = co_await ctx.bot_memory().add("k", 1);
        for (const auto& e : {got.error(), put.error(), erased.error(), added.error()})
            BOOST_TEST(describe(e).find("no store") != std::string::npos);
    });
}

BOOST_AUTO_TEST_SUITE_END()
