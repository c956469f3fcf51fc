#pragma once

#include "integration/child.hpp"
#include "postern/base/json.hpp"
#include "postern/transport/http.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postern::test {

// A directory of its own for one test.
class scratch
{
public:
    scratch();
    ~scratch();
    scratch(const scratch&) = delete;

    std::string path(const std::string& name) const { return (where_ / name).string(); }
    std::string write(const std::string& name, const std::string& text) const; // its path

private:
    std::filesystem::path where_;
};

std::string read_file(const std::string& path);

// The stand-in as postern would start it: a generated configuration, a loopback upstream.
class running
{
public:
    struct options
    {
        child::environment environment; // beside FAKE_NGROK_STATE and NGROK_AUTHTOKEN
        std::vector<std::string> flags = {"--log=stdout", "--log-format=json"};
        std::string upstream = "http://127.0.0.1:9"; // nobody listens there
        std::string configuration =                  // web_addr and all
            "version: 3\nagent:\n  web_addr: 127.0.0.1:0\n  update_check: false\n";
        std::optional<std::vector<std::string>> command; // instead of http UPSTREAM
    };

    explicit running(options);
    running();

    child& process() { return *process_; }
    // The next record on standard output that contains the words; fails the test if none comes.
    std::string line(const std::string& words);
    void online() { line("started tunnel"); }

    json::object state();                            // FAKE_NGROK_STATE, once it is there
    std::string api_url(const std::string& path);    // "http://127.0.0.1:4040/api..."
    std::string public_url(const std::string& path); // of the public side, as it can be reached
    void strike(const std::string& fault);           // POST /_fake/FAULT

    const scratch& files() const { return files_; }

private:
    scratch files_;
    std::unique_ptr<child> process_;
};

using headers = std::vector<std::pair<std::string, std::string>>;

// One request; an error becomes status 0 with its description as the body.
transport::response call(const std::string& method, const std::string& url, headers = {},
                         std::string body = {},
                         std::chrono::milliseconds patience = std::chrono::seconds(10));
json::value body_of(const transport::response&);

} // namespace postern::test
