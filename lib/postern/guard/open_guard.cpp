#include "postern/guard/open_guard.hpp"

namespace postern::guard {

open_guard::open_guard(const log& l)
{
    l.in("guard").warning("no membership policy is configured: events of every room are acted on, whoever is "
                          "in it; --allow-org own answers in rooms of the bot's own organisation only");
}

awaitable<result<judgement>> open_guard::judge(event, deadline)
{
    co_return judgement{verdict::admitted, "no policy is configured", true};
}

awaitable<void> open_guard::close() { co_return; }

} // namespace postern::guard
