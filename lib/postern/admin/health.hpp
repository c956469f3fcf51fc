#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace postern::admin {

// What every part of the house says of itself. A part that can't do its work says why, in words that may be
// shown to anybody who reaches the listener: no secrets, no ids. Thread-safe.
class health
{
public:
    struct part
    {
        std::string name;
        bool ok{};
        std::string why; // empty if ok
    };

    // Announces a part or changes what it says: set("webhooks", false, "the tunnel has no address yet").
    void set(std::string_view name, bool ok, std::string why = {});

    // The part is not needed any more.
    void remove(std::string_view name);

    std::vector<part> parts() const; // by name

    // Ready: at least one part has spoken, and none complains.
    bool ready() const;

private:
    struct state
    {
        bool ok{};
        std::string why;
    };

    mutable std::mutex mutex_;
    std::map<std::string, state, std::less<>> parts_;
};

} // namespace postern::admin
