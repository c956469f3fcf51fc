#include "soak/crash.hpp"

#include "integration/child.hpp"
#include "soak/emulated_cloud.hpp"
#include "soak/servers.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <random>
#include <thread>

namespace postern::test {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

// When a server is killed.
enum class moment
{
    starting,  // some time after its process began, be it ready or not
    ready,     // some time after it said that it is ready
    answering, // as soon as an answer of it was seen: between what it did and what it wrote down of it
    working    // a moment after that
};

class soak
{
public:
    explicit soak(const crash_options& o)
        : options_(o), random_(o.seed), servers_(o.program, "crash"),
          limit_(deadline::after(60s + o.rounds * 2s))
    {
    }

    bool run()
    {
        std::cout << "seed " << options_.seed << std::endl;
        first_start();
        for (unsigned n = 1; n <= options_.rounds; ++n)
        {
            round(n);
            if (limit_.passed())
                throw std::runtime_error("out of time after " + std::to_string(n) + " rounds");
        }
        const auto found = finish();
        report(found);
        servers_.keep_files(!found.good());
        return found.good();
    }

private:
    template <class Number>
    Number draw(Number least, Number most)
    {
        return std::uniform_int_distribution<Number>(least, most)(random_);
    }
    template <class Range>
    const auto& one_of(const Range& all)
    {
        return all[draw<std::size_t>(0, all.size() - 1)];
    }
    std::chrono::microseconds up_to(std::chrono::microseconds most)
    {
        return std::chrono::microseconds(draw<std::int64_t>(0, most.count()));
    }

    std::vector<emulated_cloud::post> burst(int size)
    {
        std::vector<emulated_cloud::post> all;
        for (; size > 0; --size)
        {
            const auto room = draw<std::size_t>(0, cloud_.rooms().size() - 1);
            all.push_back({room, one_of(cloud_.rooms()[room].people), "number " + std::to_string(++said_)});
        }
        return all;
    }

    std::unique_ptr<child> start()
    {
        cloud_.begin_life(++life_);
        return servers_.start(cloud_, one_of(options_.modes));
    }

    // What was said before postern was ever there is left alone; so it was there once.
    void first_start()
    {
        auto server = start();
        await_ready(*server);
        cloud_.say(burst(1)).get();
        if (!cloud_.await_answers(1, deadline::after(30s)))
            throw std::runtime_error("the first server does not answer:\n" + server->log());
        stop(*server);
    }

    void round(unsigned number)
    {
        if (draw(0, 2) == 0)
            cloud_.say(burst(draw(1, 4))).get(); // while no server runs: for recovery
        const auto when = static_cast<moment>(draw(0, 3));
        const auto before = cloud_.answers();
        const auto begun = clock::now();
        auto server = start();
        // It goes on while the server starts, works and dies.
        auto speaking = cloud_.say(burst(draw(3, 20)));
        wait_for(when, *server, before);
        if (number % 25 == 0 && !catch_up()) // else all is behind at the end, and nothing is up to date
            throw std::runtime_error("nothing is answered any more:\n" + server->log());
        server->signal(SIGKILL);
        const auto code = server->exit_code();
        speaking.get();
        if (code != 128 + SIGKILL)
            throw std::runtime_error("the server of round " + std::to_string(number) +
                                     " ended by itself, with " + std::to_string(code.value_or(-1)) + ":\n" +
                                     server->log());
        ++killed_[static_cast<std::size_t>(when)];
        alive_ += clock::now() - begun;
    }

    void wait_for(moment when, child& server, std::size_t answers_before)
    {
        const auto begun = clock::now();
        switch (when)
        {
        case moment::starting: std::this_thread::sleep_for(up_to(2 * starting_)); return;
        case moment::ready:
            await_ready(server);
            starting_ = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - begun);
            std::this_thread::sleep_for(up_to(50ms));
            return;
        case moment::answering:
        case moment::working:
            // An answer that does not come is no reason to stop: what matters is the end.
            cloud_.await_answers(answers_before + draw<std::size_t>(1, 12), deadline::after(1s));
            if (when == moment::working)
                std::this_thread::sleep_for(up_to(4ms));
            return;
        }
    }

    // Until all is answered; false if nothing more comes for long.
    bool catch_up()
    {
        auto answers = cloud_.answers();
        for (auto patience = deadline::after(30s); !patience.passed();)
        {
            if (cloud_.all_is_answered())
                return true;
            cloud_.await_answers(answers + 50, patience.at_most(200ms));
            if (const auto now = cloud_.answers(); now > answers)
            {
                answers = now;
                patience = deadline::after(30s);
            }
        }
        return false;
    }

    static void await_ready(child& server)
    {
        if (!server.out_line("{"))
            throw std::runtime_error("a server did not get ready:\n" + server.log());
    }

    static void stop(child& server)
    {
        const auto code = server.stop();
        if (code != 0)
            throw std::runtime_error("a server ended with " + std::to_string(code.value_or(-1)) + ":\n" +
                                     server.log());
    }

    verdict finish()
    {
        const auto begun = clock::now();
        auto server = start();
        await_ready(*server);
        if (!catch_up())
            std::cout << "not all is answered; the log of the last server:\n" << server->log();
        stop(*server);
        catching_up_ = clock::now() - begun;
        return judge(cloud_.read_all());
    }

    void report(const verdict& found) const
    {
        for (const auto& complaint : found.complaints)
            std::cout << "  " << complaint << '\n';
        const auto seconds = [](clock::duration d) { return std::chrono::duration<double>(d).count(); };
        const auto delivered = cloud_.delivered();
        std::cout << "killed while starting " << killed_[0] << ", when ready " << killed_[1]
                  << ", at an answer " << killed_[2] << ", a moment after one " << killed_[3] << "; alive "
                  << seconds(alive_) << " s in all; the last start caught up within " << seconds(catching_up_)
                  << " s\n"
                  << "deliveries acknowledged " << delivered.acknowledged << ", failed " << delivered.failed
                  << '\n'
                  << (found.good() ? "good" : "BAD") << ": rounds " << options_.rounds << ", messages "
                  << found.asked << ", answered " << found.answered << ", doubles in the window "
                  << found.doubles_in_window << ", other doubles " << found.doubles << ", out of order "
                  << found.out_of_order << ", lost " << found.lost() << std::endl;
    }

    const crash_options options_;
    std::mt19937_64 random_;
    emulated_cloud cloud_;
    servers servers_;
    const deadline limit_;
    std::chrono::microseconds starting_ = 100ms; // how long the last one took
    std::uint64_t said_ = 0;
    unsigned life_ = 0;
    unsigned killed_[4] = {};
    clock::duration alive_{}, catching_up_{};
};

} // namespace

bool crash(const crash_options& options) { return soak(options).run(); }

} // namespace postern::test
