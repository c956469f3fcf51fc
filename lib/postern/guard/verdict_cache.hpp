#pragma once

#include "postern/base/deadline.hpp"
#include "postern/base/stages.hpp"
#include "postern/guard/refusal_action.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace postern::guard {

// What came of looking at a room, or at a person.
struct known
{
    judgement said;
    deed todo{};                          // about a refused room
    std::vector<std::uint64_t> members{}; // their marks, sorted; of an admitted room
    std::uint64_t number{};               // of the question that this answers
    bool gone = false;                    // we are not in the room any more

    bool includes(std::uint64_t mark) const;
};

// Verdicts by name. A verdict counts until it is too old, until it is forgotten, or until there are too many;
// then the one that was asked for least recently goes. What holds the members of many rooms is bounded as
// well, by the sum of all.
//
// Every question has a number, and so has every time something is forgotten: an answer to a question that is
// older than the last time its name was forgotten is out of date before it comes, and is not kept.
//
// Decides only: no clock, no lock.
class verdict_cache
{
public:
    using time_point = deadline::clock::time_point;

    struct question
    {
        std::string name;
        std::uint64_t number{};
        time_point at; // from then on its answer grows old
    };

    // `weight`: about eight bytes each. A single verdict may exceed it, and is then the only one.
    verdict_cache(std::size_t most, std::size_t weight, std::chrono::milliseconds keep);

    question ask(std::string name, time_point now);
    // The number of the last question, or time something was forgotten: later questions have greater ones.
    std::uint64_t number() const noexcept { return number_; }
    // Nothing was forgotten of it since it was asked.
    bool counts(const question&) const;

    // False: it doesn't count any more, and is not kept.
    bool keep(const question&, std::shared_ptr<const known>);
    // No answer came: how many times in a row now, for that name.
    unsigned failed(const question&);

    // Null if nothing is known, or nothing that counts. Asked for: it stays longest.
    std::shared_ptr<const known> find(const std::string& name, time_point now);
    // The same, but it does not count as asking.
    std::shared_ptr<const known> peek(const std::string& name, time_point now) const;

    void forget(const std::string& name);
    // Because of an event, by its key: forgets, and remembers that it did.
    void forget(const std::string& name, const std::string& cause);
    // Forgets unless it did because of this event before: what is known by now is newer than the event.
    void forget_once(const std::string& name, const std::string& cause);
    void forget_all();

    std::size_t size() const noexcept { return by_name_.size(); }
    std::size_t weight() const noexcept { return weight_; }

private:
    struct entry
    {
        std::string name;
        std::shared_ptr<const known> what;
        time_point until;
    };
    using entries = std::list<entry>;

    void drop(entries::iterator);
    void note_forgotten(const std::string& name);

    const std::size_t most_;
    const std::size_t heaviest_;
    const std::chrono::milliseconds keep_;

    entries recent_first_;
    std::unordered_map<std::string, entries::iterator> by_name_;
    std::size_t weight_ = 0;

    std::uint64_t number_ = 0;
    // The last time each name was forgotten. Bounded: up to `all_forgotten_` everything counts as forgotten.
    std::unordered_map<std::string, std::uint64_t> forgotten_;
    std::deque<std::pair<std::uint64_t, std::string>> forgotten_in_order_;
    std::uint64_t all_forgotten_ = 0;

    std::unordered_set<std::string> causes_;
    std::deque<std::string> causes_in_order_;
    std::unordered_map<std::string, unsigned> failures_;
};

} // namespace postern::guard
