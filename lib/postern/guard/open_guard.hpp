#pragma once

#include "postern/base/log.hpp"
#include "postern/guard/room_guard.hpp"

namespace postern::guard {

// The guard of who configured none: admits every room. It says so once, at warning, because an open gate
// should be a decision and not an oversight. Thread-safe.
class open_guard final : public room_guard
{
public:
    explicit open_guard(const log&);

    awaitable<result<judgement>> judge(event, deadline) override;
    void heard(const event&) override {}
    void missed() override {}
    awaitable<void> close() override;
    counters counted() const override { return {}; }
};

} // namespace postern::guard
