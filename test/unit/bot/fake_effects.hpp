#pragma once

#include "postern/base/stages.hpp"

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace postern::test {

// The journal's side of replies, in memory. Each note is told in `calls`, among those of the API: "note 1"
// before a reply, "note 1 reply-1" after it, "note 1 withdrawn". One thread.
class fake_effects : public effects_port
{
public:
    explicit fake_effects(std::vector<std::string>& calls) : calls_(calls) {}

    std::deque<result<>> answers;  // of the next notes; then success
    std::vector<effect> kept;      // as the next attempt is given them
    bool crash_after_post = false; // what is noted after a reply is lost

    awaitable<result<>> note(record_id, effect e, deadline) override
    {
        const bool withdrawn = e.id.empty() && e.digest.empty();
        calls_.push_back("note " + std::to_string(e.number) + (withdrawn ? " withdrawn" : "") +
                         (e.id.empty() ? "" : ' ' + e.id));
        result<> answer;
        if (!answers.empty())
        {
            answer = std::move(answers.front());
            answers.pop_front();
        }
        if (answer && !(crash_after_post && (withdrawn || !e.id.empty())))
            keep(std::move(e));
        co_return answer;
    }

private:
    void keep(effect e)
    {
        for (effect& known : kept)
            if (known.number == e.number)
            {
                known = std::move(e);
                return;
            }
        kept.push_back(std::move(e));
    }

    std::vector<std::string>& calls_;
};

} // namespace postern::test
