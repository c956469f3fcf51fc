#pragma once

#include "postern/source/webhook/reconciler.hpp"

#include "support/captured_log.hpp"
#include "unit/source/stage.hpp"
#include "unit/source/webhook_cloud.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace postern::test {

inline const std::vector<source::wanted_webhook> wanted{
    {"messages", "created", ""}, {"memberships", "created", ""}, {"attachmentActions", "created", ""}};
inline const std::string home = "https://h.example/webhook";
inline const std::string moved = "https://new.example/webhook";

// Periods of an hour unless a test says otherwise: what happens then happens for another reason.
inline source::reconciler_options slow()
{
    source::reconciler_options o;
    o.timing.period = std::chrono::hours(1);
    o.timing.again = {std::chrono::milliseconds(2), std::chrono::milliseconds(5)};
    return o;
}

struct reconciler_scene
{
    explicit reconciler_scene(source::reconciler_options options = slow(),
                              std::chrono::milliseconds grace = std::chrono::hours(1))
    {
        source::webhook_secrets::setup keys;
        keys.kept.current = secret("A");
        keys.grace = grace;
        keys.trust = [this](const secret& current, const secret& previous) {
            std::string line = "trust ";
            (line += current.reveal()) += ' ';
            cloud->transcript.push_back(line.append(previous.empty() ? "-" : previous.reveal()));
        };
        source::reconciler::setup s;
        s.options = options;
        s.api = cloud;
        s.instance = "ab12";
        s.wanted = wanted;
        s.secrets = std::make_shared<source::webhook_secrets>(std::move(keys));
        s.watch = [this](const source::reconciler_state& now) { seen.push_back(now); };
        s.on_revived = [this] { ++told_of_revival; };
        one = std::make_unique<source::reconciler>(stage.io.get_executor(), std::move(s), log.writer);
    }
    ~reconciler_scene() { stage.stop(); }

    void start()
    {
        stage.start([this] { return one->run(); });
    }
    void start_in_place()
    {
        one->aim(home);
        start();
        stage.run_until([this] { return one->state().in_place; });
        cloud->transcript.clear();
    }
    std::uint64_t rounds() const { return one->state().rounds; }
    void another_round()
    {
        const auto before = rounds();
        one->check_now();
        stage.run_until([&] { return rounds() > before; });
    }
    bool all_point_to(const std::string& target, const std::string& key) const
    {
        return cloud->hooks.size() == wanted.size() &&
               std::all_of(cloud->hooks.begin(), cloud->hooks.end(), [&](const webex::webhook& hook) {
                   return hook.target_url == target && hook.status == "active" &&
                          cloud->keys.at(hook.id) == key;
               });
    }
    void expect(const std::vector<std::string>& lines) const
    {
        BOOST_TEST(cloud->transcript == lines, boost::test_tools::per_element());
    }

    std::shared_ptr<webhook_cloud> cloud = std::make_shared<webhook_cloud>();
    captured_log log;
    std::vector<source::reconciler_state> seen;
    unsigned told_of_revival = 0;
    test::stage stage;
    std::unique_ptr<source::reconciler> one;
};

} // namespace postern::test
