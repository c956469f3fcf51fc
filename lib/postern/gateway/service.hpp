#pragma once

#include "postern/bot/bot_consumer.hpp"
#include "postern/dispatch/dispatcher.hpp"
#include "postern/flow/pipeline.hpp"
#include "postern/gateway/options.hpp"
#include "postern/guard/open_guard.hpp"
#include "postern/guard/room_guard.hpp"
#include "postern/journal/journal.hpp"
#include "postern/verify/verifier.hpp"

#include <memory>
#include <utility>

namespace postern {

inline constexpr auto bot_consumer_name = "bot";

// The token belongs to one person; what is built on knowing who that is.
struct service
{
    service(std::shared_ptr<const bot> who, std::shared_ptr<webex::api> api, webex::person me,
            const verify::verifier& check, journal::journal& journal, net::any_io_executor workers,
            const gateway_options& options, const log& out, const trail& watch)
        : person(me), guard(make_guard(options.guard, api, me, out)),
          deliveries(journal.consumer(bot_consumer_name)),
          consumer(std::move(who), std::move(api), std::move(me), out.in("bot"), watch, options.bot,
                   &deliveries),
          flow(check, journal, *guard, consumer, out.in("flow"), watch),
          dispatcher(std::move(workers), deliveries, flow, options.dispatch, out.in("dispatch"), watch)
    {
    }

    static std::unique_ptr<guard::room_guard> make_guard(const guard::guard_options& options,
                                                         std::shared_ptr<webex::api> api, webex::person me,
                                                         const log& out)
    {
        if (!options.configured())
            return std::make_unique<guard::open_guard>(out.in("guard"));
        return guard::room_guard::make(options, std::move(api), std::move(me), out);
    }

    const webex::person person;
    const std::unique_ptr<guard::room_guard> guard; // closed before it goes
    deliveries_port& deliveries;
    bot_consumer consumer;
    flow::pipeline flow;
    dispatch::dispatcher dispatcher;
};

} // namespace postern
