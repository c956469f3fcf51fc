#pragma once

#include <functional>
#include <string>

namespace demobot {

// Where the bot's content comes from. The sites that bots like this one were written for come and go, so each
// address can be set.
struct content_urls
{
    std::string chuck;   // JSON: {"value": "a joke"}
    std::string quote;   // JSON: {"content": "…", "author": "…"}
    std::string number;  // JSON: {"text": "…"}; {number} and {kind} in it are filled in
    std::string dilbert; // an HTML page with <img class="img-comic">
    std::string peanuts; // an HTML page with an image in <… class="item-comic-image">
    std::string traffic; // an HTML page with images in <… class="camera">

    // All of one site that is laid out as the stand-in is (stand_in/stand_in.hpp): "http://127.0.0.1:8090".
    static content_urls at(const std::string& site);

    // DEMOBOT_SITE is such a site; DEMOBOT_CHUCK_URL, DEMOBOT_QUOTE_URL and so on replace single addresses.
    using environment = std::function<const char*(const char*)>;
    static content_urls from(const environment&, const std::string& otherwise_at);
};

} // namespace demobot
