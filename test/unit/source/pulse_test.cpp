#include "postern/source/device/pulse.hpp"

#include "postern/base/crypto.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;
using kind = pulse::beat::kind;

namespace {

// Both clocks, moved by the test.
struct patient
{
    device_options options;
    pulse::time_point now{};
    wall_time wall{};
    source::pulse heart{options, now, wall};

    pulse::beat tick() { return heart.tick(now, wall); }
    pulse::beat after(std::chrono::milliseconds passed)
    {
        now += passed;
        wall += passed;
        return tick();
    }
    // Ticks as the driver does, until something happens or the time is over.
    pulse::beat watch(std::chrono::milliseconds most)
    {
        const auto end = now + most;
        auto beat = tick();
        while (beat.what == kind::nothing && now < end)
        {
            const auto step = std::min(heart.next(), end) - now;
            beat = after(std::chrono::duration_cast<std::chrono::milliseconds>(step));
        }
        return beat;
    }
    bool pong(const pulse::beat& ping) { return heart.pong(ping.id, now); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(pulse)

BOOST_AUTO_TEST_CASE(the_first_ping_leaves_at_once_and_carries_a_uuid)
{
    patient p;
    const auto beat = p.tick();
    BOOST_TEST((beat.what == kind::ping));
    BOOST_TEST(looks_like_uuid(beat.id));
    BOOST_TEST((p.tick().what == kind::nothing)); // one at a time
}

BOOST_AUTO_TEST_CASE(the_next_ping_comes_fifteen_seconds_after_the_pong)
{
    patient p;
    const auto first = p.tick();
    p.after(100ms);
    BOOST_TEST(p.pong(first));
    BOOST_TEST((p.watch(14'999ms).what == kind::nothing));
    const auto second = p.watch(1ms);
    BOOST_TEST((second.what == kind::ping));
    BOOST_TEST(second.id != first.id);
}

BOOST_AUTO_TEST_CASE(without_a_pong_the_peer_is_given_up_once_after_fourteen_seconds)
{
    patient p;
    p.tick();
    BOOST_TEST((p.watch(13'999ms).what == kind::nothing));
    const auto beat = p.watch(1ms);
    BOOST_TEST((beat.what == kind::dead));
    BOOST_TEST(!beat.slept);
    BOOST_TEST((p.watch(1min).what == kind::nothing));
}

// Expectations 87: a pulled cable is noticed within two ping periods.
BOOST_AUTO_TEST_CASE(a_pulled_cable_is_noticed_within_two_ping_periods)
{
    patient p;
    const auto began = p.now;
    BOOST_TEST(p.pong(p.tick()));
    const auto ping = p.watch(1min);
    BOOST_TEST((ping.what == kind::ping));
    BOOST_TEST((p.watch(1min).what == kind::dead));
    BOOST_TEST((p.now - began <= 30s));
}

BOOST_AUTO_TEST_CASE(a_wrong_pong_is_none_and_the_right_one_may_still_come)
{
    patient p;
    const auto ping = p.tick();
    BOOST_TEST(!p.heart.pong("another", p.now));
    BOOST_TEST(!p.heart.pong("", p.now));
    p.after(5s);
    BOOST_TEST(p.pong(ping));
    BOOST_TEST(!p.pong(ping)); // once
}

BOOST_AUTO_TEST_CASE(after_a_sleep_the_peer_is_asked_at_once_and_has_three_seconds)
{
    patient p;
    BOOST_TEST(p.pong(p.tick()));
    p.after(5s);
    p.wall += 1h; // asleep: the steady clock stood still
    const auto ping = p.after(1s);
    BOOST_TEST((ping.what == kind::ping));
    BOOST_TEST((p.watch(2'999ms).what == kind::nothing));
    const auto dead = p.watch(1ms);
    BOOST_TEST((dead.what == kind::dead));
    BOOST_TEST(dead.slept);
}

BOOST_AUTO_TEST_CASE(a_peer_that_answers_after_the_sleep_is_kept)
{
    patient p;
    BOOST_TEST(p.pong(p.tick()));
    p.wall += 1h;
    const auto ping = p.after(1s);
    BOOST_TEST(p.pong(ping));
    BOOST_TEST((p.watch(14s).what == kind::nothing));
}

BOOST_AUTO_TEST_CASE(a_pong_from_before_the_sleep_proves_nothing)
{
    patient p;
    const auto old = p.tick();
    p.wall += 1h;
    const auto fresh = p.after(1s);
    BOOST_TEST((fresh.what == kind::ping));
    BOOST_TEST(!p.pong(old));
    BOOST_TEST(p.pong(fresh));
}

BOOST_AUTO_TEST_CASE(a_process_that_was_stopped_asks_again_before_it_gives_up)
{
    patient p;
    p.tick();
    const auto late = p.after(10min); // both clocks ran; a pong may lie in the socket
    BOOST_TEST((late.what == kind::ping));
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_or_a_little_forward_is_no_sleep)
{
    patient p;
    BOOST_TEST(p.pong(p.tick()));
    p.wall -= 24h;
    BOOST_TEST((p.after(1s).what == kind::nothing));
    p.wall += 9s;
    BOOST_TEST((p.after(1s).what == kind::nothing));
}

BOOST_AUTO_TEST_CASE(the_clocks_are_looked_at_often_enough_to_notice_a_sleep_soon)
{
    patient p;
    BOOST_TEST(p.pong(p.tick()));
    p.after(1ms);
    BOOST_TEST((p.heart.next() - p.now <= 5s));
    BOOST_TEST((p.heart.next() > p.now));
}

BOOST_AUTO_TEST_CASE(while_we_do_not_read_silence_is_not_death)
{
    patient p;
    const auto ping = p.tick();
    p.heart.pause();
    BOOST_TEST((p.watch(10min).what == kind::nothing));
    p.heart.resume(p.now);
    BOOST_TEST((p.watch(13s).what == kind::nothing));
    BOOST_TEST(p.pong(ping));
}

BOOST_AUTO_TEST_CASE(once_we_read_again_a_silent_peer_dies_after_the_usual_time)
{
    patient p;
    p.tick();
    p.heart.pause();
    p.watch(10min);
    p.heart.resume(p.now);
    BOOST_TEST((p.watch(13'999ms).what == kind::nothing));
    BOOST_TEST((p.watch(1ms).what == kind::dead));
}

BOOST_AUTO_TEST_SUITE_END()
