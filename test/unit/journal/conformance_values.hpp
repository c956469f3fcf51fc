#pragma once

// The promises of values_port, one case each.

#include "asked_values.hpp"
#include "conformance_journal.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <exception>

namespace postern::test::conformance {

inline awaitable<void> a_value_comes_back_as_it_was_put(asked_journal j)
{
    const asked_values values(j.whole().values());
    const auto nothing = co_await values.get("bot", "key");
    BOOST_TEST(!nothing.has_value());
    const std::string bytes("{\"a\":\"\0\xff'\n\"}", 12);
    co_await values.put("bot", "key", bytes);
    co_await values.put("bot", "empty", "");
    co_await values.put("", "", "of no name");
    auto known = co_await values.get("bot", "key");
    BOOST_TEST((known == bytes));
    known = co_await values.get("bot", "empty");
    BOOST_TEST((known == ""));
    known = co_await values.get("", "");
    BOOST_TEST((known == "of no name"));
    const std::string odd_key("k\0\xff%", 4);
    co_await values.put("bot", odd_key, "1");
    known = co_await values.get("bot", odd_key);
    BOOST_TEST((known == "1"));
    known = co_await values.get("bot", "k");
    BOOST_TEST(!known.has_value());
}

inline awaitable<void> a_value_put_again_takes_the_place_of_the_old_one(asked_journal j)
{
    const asked_values values(j.whole().values());
    co_await values.put("bot", "key", "1");
    co_await values.put("bot", "key", "2");
    const auto known = co_await values.list("bot", "");
    BOOST_TEST((known == key_list{"key=2"}));
}

inline awaitable<void> scopes_share_no_key(asked_journal j)
{
    const asked_values values(j.whole().values());
    co_await values.put("bot", "key", "1");
    co_await values.put("bot|room|a", "key", "2");
    const auto erased = co_await values.erase("bot|room|b", "key");
    BOOST_TEST(!erased);
    auto known = co_await values.get("bot", "key");
    BOOST_TEST((known == "1"));
    known = co_await values.get("bot|room|a", "key");
    BOOST_TEST((known == "2"));
    const auto all = co_await values.list("bot", "");
    BOOST_TEST((all == key_list{"key=1"}));
}

inline awaitable<void> what_was_erased_is_gone_and_who_erased_it_is_told(asked_journal j)
{
    const asked_values values(j.whole().values());
    co_await values.put("bot", "key", "1");
    auto was_there = co_await values.erase("bot", "key");
    BOOST_TEST(was_there);
    was_there = co_await values.erase("bot", "key");
    BOOST_TEST(!was_there);
    const auto known = co_await values.get("bot", "key");
    BOOST_TEST(!known.has_value());
    const auto all = co_await values.list("bot", "");
    BOOST_TEST(all.empty());
}

inline awaitable<void> keys_are_listed_by_their_beginning_in_their_order(asked_journal j)
{
    const asked_values values(j.whole().values());
    for (const char* key : {"b", "a/2", "a/10", "a", "a/\xff", "a_2", "A/1"})
        co_await values.put("bot", key, "");
    auto found = co_await values.list("bot", "a/");
    BOOST_TEST((found == key_list{"a/10=", "a/2=", "a/\xff="}));
    found = co_await values.list("bot", "a/", 2);
    BOOST_TEST((found == key_list{"a/10=", "a/2="}));
    found = co_await values.list("bot", "a/", 0);
    BOOST_TEST(found.empty());
    found = co_await values.list("bot", "a%");
    BOOST_TEST(found.empty());
    found = co_await values.list("bot", "");
    BOOST_TEST((found == key_list{"A/1=", "a=", "a/10=", "a/2=", "a/\xff=", "a_2=", "b="}));
    found = co_await values.list("bot", "", static_cast<std::size_t>(-1));
    BOOST_TEST(found.size() == 7u);
}

inline awaitable<void> a_value_is_replaced_only_where_it_is_as_expected(asked_journal j)
{
    const asked_values values(j.whole().values());
    auto done = co_await values.replace("bot", "key", "1", "2");
    BOOST_TEST(!done); // there is none
    done = co_await values.replace("bot", "key", std::nullopt, "1");
    BOOST_TEST(done);
    done = co_await values.replace("bot", "key", std::nullopt, "2");
    BOOST_TEST(!done); // there is one
    done = co_await values.replace("bot", "key", "", "2");
    BOOST_TEST(!done);
    auto known = co_await values.get("bot", "key");
    BOOST_TEST((known == "1"));
    done = co_await values.replace("bot", "key", "1", "2");
    BOOST_TEST(done);
    known = co_await values.get("bot", "key");
    BOOST_TEST((known == "2"));
}

// --- bounds: opened for scopes and keys of 10 bytes, values of 20, 3 keys in a scope, 100 bytes in all

inline awaitable<void> what_is_too_large_is_refused_and_what_just_fits_is_kept(asked_journal j)
{
    const asked_values values(j.whole().values());
    const std::string ten(10, 's'), eleven(11, 's'), twenty(20, 'v');
    co_await values.put(ten, ten, twenty);
    co_await values.refused(errc::too_large, eleven, ten, "");
    co_await values.refused(errc::too_large, ten, eleven, "");
    co_await values.refused(errc::too_large, ten, ten, twenty + "v");
    const auto known = co_await values.get(ten, ten);
    BOOST_TEST((known == twenty)); // the old one is still there
    const auto unknown = co_await values.get(eleven, eleven);
    BOOST_TEST(!unknown.has_value());
    const auto unexpected =
        co_await j.whole().values().replace(ten, ten, "no", twenty + "v", deadline::after(5s));
    BOOST_TEST_REQUIRE(unexpected.has_error());
    BOOST_TEST(unexpected.error().is(errc::too_large));
}

inline awaitable<void> the_keys_of_a_scope_are_bounded(asked_journal j)
{
    const asked_values values(j.whole().values());
    for (const char* key : {"1", "2", "3"})
        co_await values.put("bot", key, "");
    co_await values.refused(errc::journal_full, "bot", "4", "");
    co_await values.put("bot", "3", "again");
    co_await values.put("another", "4", "");
    co_await values.erase("bot", "1");
    co_await values.put("bot", "4", "");
    co_await values.refused(errc::journal_full, "bot", "1", "");
}

inline awaitable<void> the_bytes_of_all_values_are_bounded(asked_journal j)
{
    const asked_values values(j.whole().values());
    const std::string twenty(20, 'v');
    for (const char* key : {"1", "2"}) // 22 bytes each, in two scopes
        for (const char* scope : {"a", "b"})
            co_await values.put(scope, key, twenty);
    co_await values.put("a", "3", "1234567890"); // and 12: 100
    co_await values.refused(errc::journal_full, "b", "3", "");
    co_await values.refused(errc::journal_full, "a", "3", "12345678901");
    co_await values.put("a", "3", "0123456789");
    co_await values.put("a", "3", "01234567"); // 98
    co_await values.put("b", "3", "");
    co_await values.refused(errc::journal_full, "c", "", "");
    co_await values.erase("b", "3");
    co_await values.put("c", "", "1");
    BOOST_TEST(j.whole().state().taking); // events are another matter
    const auto kept = co_await j.append(an_event("1"));
    BOOST_TEST(kept.fresh);
}

inline awaitable<void> a_closed_journal_remembers_nothing_more(asked_journal j)
{
    const auto stopped = [](const auto& answer) {
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(answer.error().is(errc::stopped));
    };
    co_await asked_values(j.whole().values()).put("bot", "key", "1");
    co_await j.close();
    const auto limit = deadline::after(5s);
    auto& values = j.whole().values();
    const auto known = co_await values.get("bot", "key", limit);
    stopped(known);
    const auto kept = co_await values.put("bot", "key", "2", limit);
    stopped(kept);
    const auto erased = co_await values.erase("bot", "key", limit);
    stopped(erased);
    const auto listed = co_await values.list("bot", "", 1, limit);
    stopped(listed);
    const auto replaced = co_await values.replace("bot", "key", "1", "2", limit);
    stopped(replaced);
}

// --- threads

inline constexpr int counters = 4, steps = 25;

inline awaitable<void> count(asked_journal j)
{
    auto& values = j.whole().values();
    for (int counted = 0; counted < steps;)
    {
        const auto known = co_await values.get("bot", "count", deadline::after(5s));
        const auto now = known->has_value() ? std::stoi(**known) : 0;
        const auto done =
            co_await values.replace("bot", "count", *known, std::to_string(now + 1), deadline::after(5s));
        counted += *done ? 1 : 0;
    }
}

inline awaitable<void> check_count_and_close(asked_journal j)
{
    const auto known = co_await asked_values(j.whole().values()).get("bot", "count");
    BOOST_TEST((known == std::to_string(counters * steps)));
    co_await j.close();
}

inline void many_threads_that_count_with_replace_lose_no_step(open_journal open)
{
    net::thread_pool pool(4);
    const asked_journal j(open(pool.get_executor(), {}));
    std::atomic<int> left = counters, failures = 0;
    const auto failed = [&](std::exception_ptr e) { failures += e ? 1 : 0; };
    const auto ended = [&](std::exception_ptr e) {
        failed(e);
        if (--left == 0)
            net::co_spawn(net::make_strand(pool), check_count_and_close(j), failed);
    };
    for (int i = 0; i < counters; ++i)
        net::co_spawn(net::make_strand(pool), count(j), ended);
    pool.join();
    BOOST_TEST(failures == 0);
}

} // namespace postern::test::conformance
