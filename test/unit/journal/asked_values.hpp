#pragma once

// Short words to talk to what bots remember, and failures that name what was asked.

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/values_port.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern::test {

class asked_values
{
public:
    explicit asked_values(values_port& all) : all_(&all) {}

    values_port& port() const { return *all_; }

    awaitable<std::optional<std::string>> get(std::string scope, std::string key) const
    {
        auto known = co_await all_->get(std::move(scope), std::move(key), soon());
        check(known);
        co_return std::move(*known);
    }

    awaitable<void> put(std::string scope, std::string key, std::string value) const
    {
        const auto kept = co_await try_put(std::move(scope), std::move(key), std::move(value));
        check(kept);
    }

    awaitable<result<>> try_put(std::string scope, std::string key, std::string value) const
    {
        return all_->put(std::move(scope), std::move(key), std::move(value), soon());
    }

    awaitable<void> refused(errc why, std::string scope, std::string key, std::string value) const
    {
        const auto kept = co_await try_put(scope, key, value);
        BOOST_TEST_REQUIRE(kept.has_error());
        BOOST_TEST(kept.error().is(why), describe(kept.error()));
        const auto known = co_await get(scope, key);
        const auto replaced = co_await all_->replace(scope, key, known, value, soon());
        BOOST_TEST_REQUIRE(replaced.has_error());
        BOOST_TEST(replaced.error().is(why), describe(replaced.error()));
    }

    awaitable<bool> erase(std::string scope, std::string key) const
    {
        const auto was_there = co_await all_->erase(std::move(scope), std::move(key), soon());
        check(was_there);
        co_return *was_there;
    }

    awaitable<bool> replace(std::string scope, std::string key, std::optional<std::string> expected,
                            std::string value) const
    {
        const auto done = co_await all_->replace(std::move(scope), std::move(key), std::move(expected),
                                                 std::move(value), soon());
        check(done);
        co_return *done;
    }

    // "key=value", as listed.
    awaitable<std::vector<std::string>> list(std::string scope, std::string prefix,
                                             std::size_t most = 1'000) const
    {
        const auto found = co_await all_->list(std::move(scope), std::move(prefix), most, soon());
        check(found);
        std::vector<std::string> all;
        for (const auto& [key, value] : *found)
            all.push_back(key + '=' + value);
        co_return all;
    }

private:
    static deadline soon() { return deadline::after(std::chrono::seconds(5)); }

    template <class Answer>
    static void check(const Answer& answer)
    {
        BOOST_TEST_REQUIRE(answer.has_value(), describe(answer.has_error() ? answer.error() : error()));
    }

    values_port* all_;
};

} // namespace postern::test
