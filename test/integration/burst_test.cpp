#include "integration/cloud.hpp"
#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>

using namespace postern;
using namespace postern::test;

namespace {

constexpr int rooms = 4;
#if defined(POSTERN_SANITIZED)
constexpr int messages = 200; // a tenth of the speed, and the memory is the sanitizer's
#else
constexpr int messages = 1000;
#endif

std::size_t resident_kilobytes(const child& process)
{
    std::ifstream status("/proc/" + std::to_string(process.pid()) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:"))
            return std::stoul(line.substr(6));
    return 0;
}

} // namespace

// Many messages at once: each is answered, once, in the order of its room, in every mode.
BOOST_AUTO_TEST_SUITE(burst)

BOOST_AUTO_TEST_CASE(a_thousand_messages_are_answered_once_each_and_in_order)
{
    cloud webex;
    server gateway(webex, mode_under_test());
    gateway.ready();
    std::vector<std::string> where;
    for (int r = 0; r < rooms; ++r)
    {
        const auto made = webex.http.json_call("POST", webex.api("/rooms"), webex.token("alice"),
                                               {{"title", "Burst " + std::to_string(r)}});
        where.push_back(text_or(made.as_object(), "id"));
        webex.http.json_call("POST", webex.api("/memberships"), webex.token("alice"),
                             {{"roomId", where.back()}, {"personEmail", "postern@webex.bot"}});
    }
    const auto say = [&](int n) {
        return webex.post("alice", where[static_cast<std::size_t>(n % rooms)],
                          "<@personEmail:postern@webex.bot|Postern> /echo number " + std::to_string(n));
    };
    say(0);
    BOOST_TEST(eventually([&] { // the greeting may come before it or after it
        const auto texts = webex.texts_of_bot("alice", where[0]);
        return std::count(texts.begin(), texts.end(), "number 0") == 1;
    }));
    const auto before = resident_kilobytes(*gateway.process);

    for (int n = 1; n < messages; ++n)
        say(n);
    std::vector<std::vector<std::string>> replies(rooms);
    for (const auto limit = deadline::after(std::chrono::seconds(90)); !limit.passed();)
    {
        std::size_t sum = 0;
        for (std::size_t r = 0; r < rooms; ++r)
        {
            replies[r] = webex.texts_of_bot("alice", where[r]);
            std::erase_if(replies[r], [](const auto& text) { return !text.starts_with("number "); });
            sum += replies[r].size();
        }
        if (sum >= messages)
            break;
    }
    for (std::size_t r = 0; r < rooms; ++r)
    {
        std::vector<std::string> expected;
        for (int n = static_cast<int>(r); n < messages; n += rooms)
            expected.push_back("number " + std::to_string(n));
        BOOST_TEST(replies[r] == expected, boost::test_tools::per_element());
    }
#if !defined(POSTERN_SANITIZED)
    const auto after = resident_kilobytes(*gateway.process);
    BOOST_TEST(before > 0u);
    BOOST_TEST(after < before + 8 * 1024, "grew from " << before << " to " << after << " kB");
#else
    boost::ignore_unused(before);
#endif
    gateway.stop();
}

BOOST_AUTO_TEST_SUITE_END()
