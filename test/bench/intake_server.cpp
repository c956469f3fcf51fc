// The intake of postern and nothing behind it: what stands between the cloud's POST and the journal, as the
// gateway puts it together, on one thread.
//   intake_server none|memory|FILE
//     none    deliveries are checked and answered, and nobody keeps them
//     memory  the journal in memory
//     FILE    the SQLite journal
// Prints {"address": ...} when it is ready, and at SIGTERM what came and what is kept.

#include "delivery.hpp"

#include "postern/admin/routes.hpp"
#include "postern/flow/pipeline.hpp"
#include "postern/journal/memory_journal.hpp"
#include "postern/journal/sqlite_journal.hpp"
#include "postern/source/webhook/receiver.hpp"
#include "postern/verify/verifier.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <iostream>
#include <limits>
#include <string>

namespace {

using namespace postern;
constexpr std::size_t no_bound = std::numeric_limits<std::uint32_t>::max();

// Takes everything and keeps nothing.
class no_journal final : public journal_port
{
public:
    awaitable<result<stored>> append(event, deadline) override { co_return stored{++taken_, true}; }

private:
    record_id taken_ = 0;
};

// Nothing is handed out here.
class nobody final : public guard_port, public consumer_port
{
public:
    awaitable<result<judgement>> judge(event, deadline) override { co_return judgement{}; }
    awaitable<outcome> handle(delivery, deadline) override { co_return outcome::done(); }
};

std::unique_ptr<journal::memory_journal> in_memory()
{
    journal::memory_journal_options options;
    options.unfinished = no_bound;
    options.unfinished_bytes = no_bound;
    return std::make_unique<journal::memory_journal>(std::move(options));
}

std::unique_ptr<journal::sqlite_journal> in_file(net::any_io_executor where, const std::string& file,
                                                 const log& out)
{
    journal::sqlite_journal_options options;
    options.file = file;
    options.unfinished = no_bound;
    options.unfinished_bytes = no_bound;
    options.size_limit = no_bound;
    return std::move(journal::sqlite_journal::open(std::move(where), std::move(options), out).value());
}

struct intake
{
    intake(net::io_context& io, const std::string& level)
        : out(severity::warning, stderr_sink(log_format::human)), verifier(secret(bench::key)),
          pings(std::make_shared<source::ping_book>(source::authentic_by(verifier)))
    {
        if (level == "memory")
            memory = in_memory();
        else if (level != "none")
            file = in_file(io.get_executor(), level, out);
        journal_port& keeps = memory ? static_cast<journal_port&>(*memory)
                              : file ? static_cast<journal_port&>(*file)
                                     : takes_all;
        source::receiver_neighbours neighbours;
        neighbours.pings = pings;
        receiver = std::make_shared<source::receiver>(source::receiver_options(), out, neighbours);
        receiver->open(std::make_shared<flow::pipeline>(verifier, keeps, idle, idle, out), bench::bot());
        auto router = std::make_shared<admin::router>(admin::router::table{{"/webhook", receiver}});
        server = std::move(transport::http_server::bind(io.get_executor(), {}, router, out).value());
    }

    awaitable<void> stop()
    {
        co_await server->stop(std::chrono::seconds(5));
        const auto counted = receiver->counted();
        const auto kept = memory ? memory->unfinished() : file ? file->unfinished() : 0;
        std::cout << R"({"accepted": )" << counted.accepted << R"(, "repeated": )" << counted.repeated
                  << R"(, "refused": )" << counted.refused << R"(, "kept": )" << kept << R"(, "commits": )"
                  << (file ? file->counters().commits : 0) << '}' << std::endl;
        if (file)
            co_await file->close();
    }

    log out;
    verify::verifier verifier;
    no_journal takes_all;
    nobody idle;
    std::unique_ptr<journal::memory_journal> memory;
    std::unique_ptr<journal::sqlite_journal> file;
    std::shared_ptr<source::ping_book> pings;
    std::shared_ptr<source::receiver> receiver;
    std::unique_ptr<transport::http_server> server;
};

} // namespace

int main(int count, char** words)
{
    if (count != 2)
    {
        std::cerr << "usage: intake_server none|memory|FILE\n";
        return 2;
    }
    net::io_context io(1);
    intake in(io, words[1]);
    net::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](const error_code&, int) {
        net::co_spawn(io, in.stop(), [](std::exception_ptr failure) {
            if (failure)
                std::rethrow_exception(failure);
        });
    });
    in.server->start();
    std::cout << R"({"address": ")" << in.server->address() << R"("})" << std::endl;
    io.run();
}
