#pragma once

#include "postern/base/result.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::journal {

// How far a delivery is.
enum class progress
{
    waiting, // for its turn, for its next attempt, or being handled at this moment
    done,
    ignored,
    dead
};
std::string_view to_string(progress) noexcept;
std::optional<progress> parse_progress(std::string_view) noexcept;
std::optional<verdict> parse_verdict(std::string_view) noexcept; // of base/stages.hpp, as to_string() has it

struct attempt_record
{
    unsigned number{};
    wall_time started{};
    std::chrono::milliseconds took{};
    outcome::kind what{};
    std::string reason;               // the handler's name for done
    std::optional<judgement> guard{}; // what the guard said, if it was asked
};

struct delivery_record
{
    std::string consumer;
    progress how_far{};
    std::optional<wall_time> due; // of the next attempt, if it waits for one
    std::vector<attempt_record> attempts;
    std::vector<effect> effects; // replies
    std::string asked;           // "replay" or "retry": asked for, and not yet taken up by a running postern
};

// What the guard said when it was last asked; null if it never was. Valid as long as the delivery.
const judgement* last_judgement(const delivery_record&) noexcept;

// One event and all that became of it.
struct story
{
    record_id record{};
    event what;
    std::uint64_t repeats{}; // times it came again
    std::optional<wall_time> repeated;
    std::vector<delivery_record> deliveries;
};

// Which events; everything that is set must hold. Those of `how_far`, `verdict` and `consumer` that are set
// hold for one and the same delivery.
struct selection
{
    std::optional<progress> how_far;
    std::optional<postern::verdict> verdict; // of the guard, when it was last asked
    std::optional<wall_time> since;          // received
    std::optional<wall_time> until;
    std::string room;     // public id, its UUID, or the beginning of that as to_table() shows it
    std::string consumer; // empty: any
    std::string kind;     // "messages:created"
    std::size_t most = 50;
};

// Reads a journal's file, whether or not a postern is running on it, and leaves requests there for the one
// that runs or will run. For commands and pages: calls block, for as long as the file is locked at most.
// One thread at a time.
class archive
{
public:
    // Errors: not_found: there is no journal, or nothing in it yet; file_unreadable: no journal, of another
    // version, damaged, or not ours to read.
    static result<std::unique_ptr<archive>> open(std::string file);
    virtual ~archive() = default;

    // Newest first; without bodies.
    virtual result<std::vector<story>> list(const selection&) = 0;

    // `name`: a record's number, an event's key, the public id or UUID of the message (membership, card
    // action) it is about, or the id of a reply. Oldest first; empty if nothing is known of it.
    virtual result<std::vector<story>> find(const std::string& name) = 0;

    // Each of these says how many deliveries it will be; `consumer` empty: of all that have the event. A
    // replay is handled as if it had never been, with origin replay; what still waits is left alone. A retry
    // goes on where a dead delivery ended. Errors: bad_input: no such consumer; file_unreadable.
    virtual result<std::size_t> replay(const std::vector<record_id>&, const std::string& consumer) = 0;
    virtual result<std::size_t> retry(const std::vector<record_id>&, const std::string& consumer) = 0;

    // A postern runs on it at this moment, and takes requests up at once. Without one the next start does.
    virtual bool in_use() const = 0;
};

// The whole story in lines for a person; no message text, because none is known.
std::string tell(const story&);
std::string to_json(const story&);

} // namespace postern::journal
