#pragma once

#include "content_urls.hpp"
#include "html.hpp"
#include "web.hpp"

#include <postern/bot.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace demobot {

struct picture
{
    postern::file_source file;
    std::string caption; // markdown
};

// What the bot tells, fetched from the sites of content_urls. Everything they say is foreign: bounded, and
// made harmless before it becomes markdown. Thread-safe. Errors: those of web::get, and bad_response for a
// page that is not what it was.
class content
{
public:
    content(content_urls sites, std::shared_ptr<const web> way)
        : sites_(std::move(sites)), web_(std::move(way))
    {
    }

    postern::awaitable<postern::result<std::string>> joke(postern::deadline) const;  // text
    postern::awaitable<postern::result<std::string>> quote(postern::deadline) const; // markdown
    postern::awaitable<postern::result<std::string>> fact(std::int64_t number, std::string kind,
                                                          postern::deadline) const; // text

    postern::awaitable<postern::result<picture>> dilbert(postern::deadline) const;
    postern::awaitable<postern::result<picture>> peanuts(postern::deadline) const;

    // Where the cameras' images are; each is fetched by photo(). At least one.
    postern::awaitable<postern::result<std::vector<page_image>>> cameras(postern::deadline) const;
    postern::awaitable<postern::result<picture>> photo(page_image, postern::deadline) const;

private:
    postern::awaitable<postern::result<std::string>> member(std::string url, std::string name,
                                                            postern::deadline) const;
    postern::awaitable<postern::result<std::vector<page_image>>> images(std::string url,
                                                                        std::string wanted_class,
                                                                        postern::deadline) const;
    postern::awaitable<postern::result<picture>> first_image(std::string url, std::string wanted_class,
                                                             postern::deadline) const;

    bool is_ours(const postern::transport::url&) const;

    const content_urls sites_;
    const std::shared_ptr<const web> web_;
};

// Foreign words as markdown that shows them and does nothing else.
std::string harmless(std::string_view words);

} // namespace demobot
