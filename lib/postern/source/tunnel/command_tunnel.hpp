#pragma once

#include "postern/base/result.hpp"
#include "postern/source/tunnel/tunnel_program.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::source {

// A user's regular expression that finds a URL in what a program prints.
class url_pattern
{
public:
    // Errors: bad_configuration, with what is wrong with it.
    static result<url_pattern> make(const std::string& expression);

    // What matches in the first 4 KiB of the line, without a slash at its end; empty if nothing does, or if
    // that is no URL of http or https. Total.
    std::string find(std::string_view line) const;
    bool matches(std::string_view line) const;

private:
    struct compiled;
    explicit url_pattern(std::shared_ptr<const compiled> c) : compiled_(std::move(c)) {}
    std::shared_ptr<const compiled> compiled_;
};

// "{port}" and "{url}" replaced by those of our listener, wherever they stand.
std::string fill_in(std::string text, const std::string& target);

// Any program that makes a tunnel and prints its URL: it is up when the pattern matches, and lost when the
// program ends.
class command_tunnel final : public tunnel_program
{
public:
    struct setup
    {
        std::string name; // of the program, for words
        std::vector<std::string> arguments;
        std::string target;
        std::string domain;                 // the URL, if it is known beforehand
        std::optional<url_pattern> pattern; // what tells the URL, or, with `domain`, that the tunnel is up
    };

    explicit command_tunnel(setup);

    tunnel_traits traits() const override;
    result<launch> prepare() override;
    tunnel_news read(std::string_view line) override;
    awaitable<result<tunnel_view>> look(deadline limit) override;

private:
    setup with_;
};

} // namespace postern::source
