#pragma once

#include "postern/source/alarm.hpp"
#include "postern/source/tunnel/last_lines.hpp"
#include "postern/source/tunnel/redaction.hpp"
#include "postern/source/tunnel/tunnel.hpp"
#include "postern/source/tunnel/tunnel_policy.hpp"
#include "postern/source/tunnel/tunnel_program.hpp"
#include "postern/transport/child_process.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace postern::source {

// Carries out what tunnel_policy decides, for any kind of program: starts the child, reads its lines, asks
// its local API, stops it, and tells of every change.
class supervisor final : public tunnel
{
public:
    struct setup
    {
        tunnel_options options;
        std::string program;                            // an absolute path
        std::map<std::string, std::string> environment; // of every child
        redaction hide;
        std::function<void(const tunnel_state&)> watch;
    };

    supervisor(net::any_io_executor strand, setup, std::unique_ptr<tunnel_program>, log);

    awaitable<void> run() override;
    tunnel_state state() const override;

private:
    using child_ptr = std::unique_ptr<transport::child_process>;

    awaitable<bool> clear_the_way();
    awaitable<void> ask_version();
    awaitable<void> start(child_ptr&);
    awaitable<void> stop(child_ptr&);
    awaitable<void> look();
    awaitable<void> wait(child_ptr&);
    awaitable<void> shut_down(child_ptr&);

    result<child_ptr> launch();
    void write_note(int pid);
    transport::child_options options_of(std::vector<std::string> arguments) const;
    void heard(std::string_view line);
    void ended(const transport::child_end&, child_ptr&);
    void show();
    void tell(const tunnel_state& before, const tunnel_state& now);
    tunnel_state current() const;
    std::string note_file() const;

    const setup with_;
    const log log_;
    const std::unique_ptr<tunnel_program> program_;
    const net::any_io_executor strand_;
    alarm changed_;

    tunnel_policy policy_;
    last_lines lines_;
    std::set<std::string> notices_; // that were logged
    std::string version_;
    std::string web_addr_; // of this child's local API
    std::optional<int> pid_;
    bool closing_ = false;
    bool lost_ = false; // the last child was online
    std::chrono::steady_clock::time_point phase_since_{};

    mutable std::mutex mutex_;
    tunnel_state state_;
};

} // namespace postern::source
