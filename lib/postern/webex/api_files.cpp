#include "postern/webex/content_disposition.hpp"
#include "postern/webex/rest_api.hpp"

#include <charconv>

namespace postern::webex {
namespace {

// The token may go to these hosts, but the text of a message must not choose what is asked of them: a "file"
// at /v1/webhooks would be the list of all webhooks with their secrets.
bool is_content_path(const transport::url& where)
{
    const auto path = std::string_view(where.target).substr(0, where.target.find('?'));
    const auto plain = transport::percent_decode(path);
    return path.find("/contents/") != path.npos && plain.find("/./") == plain.npos &&
           plain.find("/../") == plain.npos && !plain.ends_with("/..") && !plain.ends_with("/.");
}

file_info info_of(const transport::response& answer)
{
    file_info info;
    info.name = filename_of(answer.headers.get("Content-Disposition"));
    if (info.name.empty())
        info.name = "file";
    info.content_type = transport::media_type(answer.headers.get("Content-Type"));
    const auto length = answer.headers.get("Content-Length");
    std::size_t size = 0;
    const auto [end, ec] = std::from_chars(length.data(), length.data() + length.size(), size);
    if (ec == std::errc() && end == length.data() + length.size())
        info.size = size;
    return info;
}

} // namespace

awaitable<result<transport::response>> rest_api::ask_for_file(std::string method, std::string file_url,
                                                              std::optional<std::size_t> size_limit,
                                                              std::string doing, deadline limit)
{
    const auto where = transport::parse_url(file_url);
    if (!where)
        co_return error(errc::bad_input, doing).because("its address is no URL");
    if (!rest_.may_see_token(*where) || !is_content_path(*where))
        co_return error(errc::bad_input, doing).because("its address is not one of Webex' files");

    call what{std::move(method), *where, doing, "contents"};
    what.accept = "*/*";
    what.transfer = size_limit.has_value();
    what.response_limit = size_limit;
    auto answer = co_await rest_.send(std::move(what), limit);
    if (answer)
        co_return answer;

    // protocol/webex-rest.md 1.7
    auto why = answer.error();
    switch (why.status)
    {
    case 410: why.ours = "the file is infected"; break;
    case 423: why.ours = "the file is still being scanned for malware"; break;
    case 428: why.ours = "the file cannot be scanned for malware, it may be encrypted"; break;
    default: break;
    }
    co_return why;
}

awaitable<result<file_info>> rest_api::stat_file(std::string file_url, deadline limit)
{
    const auto answer =
        co_await ask_for_file("HEAD", std::move(file_url), std::nullopt, "asking about a file", limit);
    if (!answer)
        co_return answer.error();
    co_return info_of(*answer);
}

awaitable<result<file>> rest_api::get_file(std::string file_url, std::size_t size_limit, deadline limit)
{
    const std::string doing = "downloading a file";
    auto answer = co_await ask_for_file("GET", std::move(file_url), size_limit, doing, limit);
    if (!answer)
        co_return answer.error();
    if (answer->body.size() > size_limit)
        co_return error(errc::too_large, doing)
            .because("it has more than the " + std::to_string(size_limit) + " bytes allowed");
    file out;
    out.info = info_of(*answer);
    out.bytes = std::move(answer->body);
    out.info.size = out.bytes.size();
    co_return out;
}

} // namespace postern::webex
