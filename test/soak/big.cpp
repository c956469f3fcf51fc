#include "soak/big.hpp"

#include "soak/emulated_cloud.hpp"
#include "soak/servers.hpp"

#include "postern/base/crypto.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace postern::test {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto extra_time = 1s;
constexpr long extra_kilobytes = 8 * 1024;

long resident_kilobytes(const child& process)
{
    std::ifstream status("/proc/" + std::to_string(process.pid()) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:"))
            return std::stol(line.substr(6));
    throw std::runtime_error("no such process any more");
}

struct figures
{
    clock::duration ready{};
    long kilobytes{};
};

class comparison
{
public:
    explicit comparison(const big_options& o) : options_(o), servers_(o.program, "big") {}

    bool run()
    {
        one_start(); // makes the file
        const auto empty = best_start();
        const auto begun = clock::now();
        fill();
        std::cout << options_.events << " events written in "
                  << std::chrono::duration<double>(clock::now() - begun).count() << " s, "
                  << std::filesystem::file_size(servers_.journal()) / (1 << 20) << " MB\n";
        const auto full = best_start();
        print("empty", empty);
        print("full ", full);
        const bool good =
            full.ready <= empty.ready + extra_time && full.kilobytes <= empty.kilobytes + extra_kilobytes;
        std::cout << (good ? "good" : "BAD") << ": at most 1 s and " << extra_kilobytes / 1024
                  << " MB more\n";
        return good;
    }

private:
    // The quickest of three: what else the machine does only makes it slower.
    figures best_start()
    {
        auto best = one_start();
        for (int more = 0; more < 2; ++more)
            if (const auto again = one_start(); again.ready < best.ready)
                best = again;
        return best;
    }

    // Up to the ready line; then it must answer, once.
    figures one_start()
    {
        figures f;
        const auto begun = clock::now();
        auto server = servers_.start(cloud_, "websocket");
        if (!server->out_line("{"))
            throw std::runtime_error("a server did not get ready:\n" + server->log());
        f.ready = clock::now() - begun;
        const auto before = cloud_.answers();
        cloud_.say({{0, cloud_.rooms()[0].people[0], "number " + std::to_string(++said_)}}).get();
        if (!cloud_.await_answers(before + 1, deadline::after(30s)))
            throw std::runtime_error("no answer came:\n" + server->log());
        f.kilobytes = resident_kilobytes(*server);
        if (server->stop() != 0)
            throw std::runtime_error("a server did not stop as it should:\n" + server->log());
        return f;
    }

    // Events that are over, of the last day, a message each. The schema is that of the file.
    void fill()
    {
        SQLite::Database db(servers_.journal(), SQLite::OPEN_READWRITE);
        db.exec("PRAGMA journal_mode = OFF");
        db.exec("PRAGMA synchronous = OFF");
        SQLite::Transaction all(db);
        SQLite::Statement event(
            db,
            "INSERT INTO events (digest, origin, bot, key, resource, name, room, actor, data_id, received, "
            "happened, signature_checked, body) VALUES (?, 1, ?, ?, 'messages', 'created', ?, ?, ?, ?, ?, 0, "
            "?)");
        SQLite::Statement attempt(
            db, "INSERT INTO attempts (event, consumer, number, since, started, took, what, reason) "
                "VALUES (?, 1, 1, 1, ?, 2, 0, '/echo')");
        const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::system_clock::now().time_since_epoch());
        const auto first = std::chrono::milliseconds(now - 24h).count();
        const auto step = std::chrono::milliseconds(24h).count() / static_cast<double>(options_.events);
        const std::string id(76, 'Y'), body(400, '.');
        for (std::size_t n = 0; n < options_.events; ++n)
        {
            const auto at = first + static_cast<std::int64_t>(step * static_cast<double>(n));
            const auto name = id + std::to_string(n);
            const auto digest = digest_like(n);
            event.bind(1, digest.data(), static_cast<int>(digest.size()));
            event.bind(2, id);
            event.bind(3, "messages:created:" + name);
            event.bind(4, id + std::to_string(n % 500));
            event.bind(5, id);
            event.bind(6, name);
            event.bind(7, at);
            event.bind(8, at);
            event.bind(9, body.data(), static_cast<int>(body.size()));
            event.exec();
            event.reset();
            attempt.bind(1, db.getLastInsertRowid());
            attempt.bind(2, at);
            attempt.exec();
            attempt.reset();
        }
        all.commit();
    }

    // As the journal's own: in the order of time, and unlike any other.
    static std::string digest_like(std::size_t n)
    {
        std::string digest(20, '\0');
        for (int byte = 0; byte < 8; ++byte)
            digest[static_cast<std::size_t>(byte)] = static_cast<char>(n >> (56 - 8 * byte));
        return digest;
    }

    static void print(const char* name, const figures& f)
    {
        std::cout << name << "  ready after " << std::chrono::duration<double, std::milli>(f.ready).count()
                  << " ms, " << static_cast<double>(f.kilobytes) / 1024 << " MB resident\n";
    }

    const big_options options_;
    emulated_cloud cloud_;
    servers servers_;
    std::size_t said_ = 0;
};

} // namespace

bool big(const big_options& options) { return comparison(options).run(); }

} // namespace postern::test
