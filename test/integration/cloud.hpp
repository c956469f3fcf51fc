#pragma once

#include "integration/child.hpp"

#include "postern/base/json.hpp"
#include "postern/transport/http_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace postern::test {

// HTTP from a test's straight-line code: one call, one answer. Not for more than one thread.
class caller
{
public:
    explicit caller(const std::string& ca_file = {});
    // `body`: JSON text, or empty. Fails the test if no answer comes.
    transport::response call(std::string method, std::string url, std::string token = {},
                             std::string body = {}, transport::header_fields more = {});
    // The same, and the answer must be JSON with that status.
    json::value json_call(std::string method, std::string url, std::string token = {},
                          json::value body = nullptr, unsigned expected = 200);

private:
    net::io_context io_{1};
    std::shared_ptr<transport::http_client> client_;
};

// `postern emulator`, as a process, with its people, driven as anybody would: by the public REST API and the
// control API.
class cloud
{
public:
    // `ca_file`: whom to trust when the arguments give it a certificate.
    explicit cloud(std::vector<std::string> arguments = {}, const std::string& ca_file = {});

    std::string token(const std::string& who) const;
    std::string api(const std::string& path) const { return api_ + path; }
    std::string control(const std::string& path) const { return control_ + path; }
    std::string api_url() const { return api_; }
    std::string u2c_url() const { return u2c_; }

    std::string id_of(const std::string& who);
    // A room that both see; direct, or the group room of that title.
    std::string direct_room(const std::string& who);
    std::string group_room(const std::string& who, const std::string& title);

    // Posts as that person and returns the message's id. Mentions are written out: "<@personEmail:…>".
    std::string post(const std::string& who, const std::string& room, const std::string& markdown);
    std::vector<std::string> texts_of_bot(const std::string& who, const std::string& room); // oldest first
    std::size_t messages_of_bot(const std::string& who, const std::string& room);
    // The text of the bot's first message in the room that is newer than `after`; empty if none came in time.
    std::string reply_after(const std::string& who, const std::string& room, const std::string& after,
                            std::chrono::seconds patience = std::chrono::seconds(30));

    json::array webhooks(); // of the bot
    void fault(json::object description);
    void heal();                                            // ends all faults
    void set(const std::string& switches, json::object to); // POST /_emulator/<switches>

    json::array devices();                                                    // of the bot, as WDM lists them
    std::size_t sockets_of_bot(bool authorised = true);                       // now
    bool connected(std::chrono::seconds patience = std::chrono::seconds(30)); // waits for the bot's socket

    caller http;
    child process;

private:
    json::array messages(const std::string& who, const std::string& room, unsigned max = 100);

    std::string api_, u2c_, control_;
    json::object tokens_;
};

// `postern run` against a cloud, in one of the modes. Its data directory goes with it, unless it was given.
class server
{
public:
    server(cloud&, const std::string& mode, std::vector<std::string> more = {},
           child::environment variables = {}, std::string data_dir = {}); // one of its own unless given
    ~server();

    // Waits until it takes events; fails the test otherwise.
    void ready();
    std::string webhook_url() const { return webhook_; }
    std::string address() const { return address_; }
    // SIGTERM; the process must end with 0.
    void stop();

    const std::string data_dir;
    std::unique_ptr<child> process;

private:
    const bool owns_data_dir_;
    std::string webhook_, address_;
};

// A subcommand that runs to its end: its exit code and what it said.
struct ending
{
    int code;
    std::string out, log;
};
ending run_to_end(std::vector<std::string> arguments, child::environment variables = {});

std::string postern_program(); // the binary under test
std::string mode_under_test(); // which mode this run of the suite is about

} // namespace postern::test
