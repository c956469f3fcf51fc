#include "postern/admin/health.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

using registry = postern::admin::health;

BOOST_AUTO_TEST_SUITE(health)

BOOST_AUTO_TEST_CASE(a_house_in_which_nobody_has_spoken_is_not_ready)
{
    const registry h;
    BOOST_TEST(!h.ready());
    BOOST_TEST(h.parts().empty());
}

BOOST_AUTO_TEST_CASE(one_part_that_complains_is_enough)
{
    registry h;
    h.set("journal", true);
    BOOST_TEST(h.ready());
    h.set("webhooks", false, "no tunnel yet");
    BOOST_TEST(!h.ready());
    h.set("webhooks", true);
    BOOST_TEST(h.ready());
}

BOOST_AUTO_TEST_CASE(parts_are_told_by_name_and_the_reason_goes_with_the_trouble)
{
    registry h;
    h.set("webhooks", false, "no tunnel yet");
    h.set("journal", true, "nobody asked");
    auto parts = h.parts();
    BOOST_TEST_REQUIRE(parts.size() == 2u);
    BOOST_TEST(parts[0].name == "journal");
    BOOST_TEST(parts[0].why.empty());
    BOOST_TEST(parts[1].why == "no tunnel yet");
    h.set("webhooks", true);
    BOOST_TEST(h.parts()[1].why.empty());
}

BOOST_AUTO_TEST_CASE(a_part_that_is_gone_holds_nothing_up)
{
    registry h;
    h.set("journal", true);
    h.set("tunnel", false, "not started");
    h.remove("tunnel");
    h.remove("never there");
    BOOST_TEST(h.ready());
}

BOOST_AUTO_TEST_CASE(all_threads_may_speak_at_once)
{
    registry h;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&h, t] {
            for (int i = 0; i < 500; ++i)
            {
                h.set("part " + std::to_string(t), i % 2 == 1, "odd");
                static_cast<void>(h.parts().size() + (h.ready() ? 1 : 0));
            }
        });
    for (auto& t : threads)
        t.join();
    BOOST_TEST(h.parts().size() == 4u);
    BOOST_TEST(h.ready());
}

BOOST_AUTO_TEST_SUITE_END()
