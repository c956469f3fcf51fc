#pragma once

#include "postern/base/time.hpp"
#include "postern/guard/auditor.hpp"
#include "postern/guard/refusal_action.hpp"
#include "postern/webex/types.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace postern::guard {

// What is to be done about a room, and how it stands in the report until that is done.
struct audit_verdict
{
    audited_room room;
    deed todo; // none: nothing is to be done, or nothing can be
};

// Decides only. `fix`: else todo is none, and the room says what would be done.
audit_verdict audit_verdict_on(const webex::room&, room_finding, on_refusal, bool fix);

// Who looks, and by which rules: what was found under others says nothing. Two texts are equal if it does.
std::string audit_basis(const guard_options&, const webex::person& me);

// What an audit knows when it is interrupted.
struct audit_memory
{
    enum class how
    {
        found,     // in a dry run
        under_way, // something was about to be done
        mended
    };
    struct bad_room
    {
        audited_room room;
        how stands{};
    };
    std::string basis;
    wall_time begun{};
    std::set<std::string> good; // by id
    std::map<std::string, bad_room> bad;
};

// Which rooms are to be looked at, and what was found. Decides only; one thread.
class audit_book
{
public:
    audit_book(std::string basis, bool fix, std::size_t give_up_after, wall_time now);

    // Goes on where that one was interrupted; false if it is another's, or too old, and says nothing.
    bool resume(audit_memory, wall_time now);
    // All rooms we are in, before anything is handed out. What an earlier audit had admitted, and in a dry
    // run what it had refused, is not looked at again. What it was about to mend when it was interrupted is
    // mended if the room is gone from the list, or admitted now.
    void begin(const std::vector<webex::room>& all);

    // The next room to look at; empty when there is none, or when it gives up.
    std::optional<webex::room> next();

    // What came of one.
    void admitted(const std::string& room); // also: gone
    void refused(audited_room);             // nothing is done about it
    void about_to_mend(const audited_room&);
    void mended(audited_room);
    // `service`: because Webex could not be had.
    void failed(audited_room, bool service);

    bool gives_up() const noexcept { return failures_in_a_row_ >= give_up_after_; }
    bool finished() const noexcept { return looked_at_ == all_; }
    audit_state state() const;
    const audit_memory& memory() const noexcept { return memory_; }
    audit_report report() const;

private:
    void looked_at(bool service_failed);
    void stand(audited_room, audit_memory::how);

    const bool fix_;
    const std::size_t give_up_after_;
    audit_memory memory_;
    std::deque<webex::room> to_do_;
    std::map<std::string, audited_room> failed_;
    std::size_t all_ = 0;
    std::size_t looked_at_ = 0;
    std::size_t known_before_ = 0;
    std::size_t failures_in_a_row_ = 0;
};

} // namespace postern::guard
