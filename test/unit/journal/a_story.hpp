#pragma once

#include "postern/base/ids.hpp"
#include "postern/journal/archive.hpp"

#include <string>

namespace postern::test {

inline wall_time moment(const char* iso) { return parse_time(iso).value(); }

inline std::string message_id(const std::string& uuid) { return format_id({"us", "MESSAGE", uuid}); }

// A message that came by websocket a good quarter of a second after it was said; nobody has it yet.
inline journal::story a_story(record_id record = 42)
{
    journal::story s;
    s.record = record;
    s.what.from = origin::websocket;
    s.what.bot = format_id({"us", "PEOPLE", "b07b07b0-1111-4222-8333-444455556666"});
    s.what.resource = "messages";
    s.what.name = "created";
    s.what.room = format_id({"us", "ROOM", "6a0c5d60-0728-11f1-8e55-17a4d1b0b1c0"});
    s.what.actor = format_id({"us", "PEOPLE", "a11ce000-1111-4222-8333-444455556666"});
    s.what.data_id = message_id("8f14e45f-0728-11f1-9c1a-0242ac120002");
    s.what.key = "messages:created:" + s.what.data_id;
    s.what.happened = moment("2026-02-11T09:14:27.000Z");
    s.what.received = moment("2026-02-11T09:14:27.318Z");
    return s;
}

inline journal::attempt_record attempt(unsigned number, outcome::kind what, std::string reason = {},
                                       std::chrono::milliseconds took = std::chrono::milliseconds(120))
{
    return {number, moment("2026-02-11T09:14:28Z") + std::chrono::seconds(number), took, what,
            std::move(reason)};
}

inline journal::attempt_record judged(journal::attempt_record a, verdict what, std::string rule,
                                      bool cached = false)
{
    a.guard = judgement{what, std::move(rule), cached};
    return a;
}

inline journal::delivery_record for_bot(journal::progress how_far,
                                        std::vector<journal::attempt_record> attempts = {})
{
    journal::delivery_record d;
    d.consumer = "bot";
    d.how_far = how_far;
    d.attempts = std::move(attempts);
    return d;
}

} // namespace postern::test
