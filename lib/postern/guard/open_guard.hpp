#pragma once

#include "postern/base/log.hpp"
#include "postern/base/stages.hpp"

namespace postern::guard {

// The guard of who configured none: admits every room. It says so once, at warning, because an open gate
// should be a decision and not an oversight. Thread-safe.
class open_guard final : public guard_port
{
public:
    explicit open_guard(const log&);

    awaitable<result<judgement>> judge(event, deadline) override;
};

} // namespace postern::guard
