#pragma once

#include "standin/record.hpp"

#include <chrono>
#include <set>
#include <string>
#include <string_view>

namespace postern::standin {

// Where records go, and in which of their odd shapes (ST-5, ST-18, ST-19). Every record is one blocking
// write: whoever doesn't read our pipe stops us, as it stops the agent.
class recorder
{
public:
    struct options
    {
        record_format format = record_format::logfmt;
        level threshold = level::info;
        int descriptor = 1;          // -1: nowhere
        bool early_terminal = false; // before 3.2.1: what is printed before the configuration is known
        std::set<std::string, std::less<>> quirks; // FAKE_NGROK_RECORDS
    };

    recorder() = default;
    explicit recorder(options);

    void write(level, std::string msg, record_fields fields = {});
    void info(std::string msg, record_fields fields = {})
    {
        write(level::info, std::move(msg), std::move(fields));
    }
    void error(std::string msg, record_fields fields = {})
    {
        write(level::error, std::move(msg), std::move(fields));
    }
    // The lines before the configuration is known; written to standard output whatever its form.
    void early(std::string msg, record_fields fields = {});

    bool has(std::string_view quirk) const { return options_.quirks.contains(quirk); }
    std::string line(const record&) const; // as it would be written, with its line end
    void print(std::string_view bytes);    // just so, to where records go, or to standard output

    void set_crlf(bool on) { crlf_ = on; }
    void set_split(bool on) { split_ = on; }
    void jump_clock(std::chrono::seconds by) { jump_ += by; }

private:
    record in_shape(record) const;
    void put(const std::string& line);

    options options_;
    bool crlf_ = false;
    bool split_ = false;
    std::size_t next_cut_ = 0;
    std::chrono::seconds jump_{0};
};

// All of it, whatever the descriptor thinks of it; a reader that has gone is no reason to stop.
void write_fully(int descriptor, std::string_view bytes);

} // namespace postern::standin
