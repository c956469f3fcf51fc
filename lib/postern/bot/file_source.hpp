#pragma once

#include <string>
#include <utility>

namespace postern {

// A file that is to be sent: out of memory, from disk, or from the web. Nothing is read before it is sent.
class file_source
{
public:
    enum class kind
    {
        bytes,
        disk,
        url
    };

    // `type` is the media type; empty: told by the name's ending.
    static file_source bytes(std::string name, std::string type, std::string bytes)
    {
        return {kind::bytes, std::move(name), std::move(type), std::move(bytes)};
    }
    // Streamed, never in memory as a whole. An empty name is the path's last part.
    static file_source disk(std::string path, std::string name = {})
    {
        return {kind::disk, std::move(name), {}, std::move(path)};
    }
    // Fetched by us, http or https, from public addresses only (bot/say/safe_url.hpp). An empty name is the
    // one that the server tells, or else the last part of the URL's path.
    static file_source url(std::string url, std::string name = {})
    {
        return {kind::url, std::move(name), {}, std::move(url)};
    }

    kind what() const noexcept { return what_; }
    const std::string& name() const noexcept { return name_; }
    const std::string& type() const noexcept { return type_; }
    const std::string& from() const noexcept { return from_; } // the bytes, the path or the URL
    std::string take() && { return std::move(from_); }

private:
    file_source(kind k, std::string name, std::string type, std::string from)
        : what_(k), name_(std::move(name)), type_(std::move(type)), from_(std::move(from))
    {
    }

    kind what_;
    std::string name_;
    std::string type_;
    std::string from_;
};

} // namespace postern
