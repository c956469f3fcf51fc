#include "postern/bot/say/send_file.hpp"

#include "postern/bot/say/say.hpp"
#include "postern/bot/say/split_text.hpp"
#include "postern/bot/speech.hpp"

#include <utility>
#include <vector>

namespace postern::matching {
namespace {

using shared = std::shared_ptr<conversation>;

awaitable<result<webex::file_upload>> upload_of(shared c, file_source what)
{
    webex::file_upload out;
    out.filename = what.name();
    out.content_type = what.type();
    switch (what.what())
    {
    case file_source::kind::bytes: out.bytes = std::move(what).take(); break;
    case file_source::kind::disk: out.path = std::move(what).take(); break;
    case file_source::kind::url:
    {
        if (!c->notes.with || !c->notes.with->web)
            co_return error(errc::bad_input).because("this bot fetches nothing from the web");
        auto fetched = co_await c->notes.with->web->fetch(what.from(), what.name(), c->limit);
        co_return fetched;
    }
    }
    co_return out;
}

} // namespace

awaitable<result<webex::message>> send_file(shared c, file_source what, std::string markdown)
{
    const unsigned number = c->replies.take(1);
    if (markdown.size() > longest_message)
    {
        auto refused = co_await refuse(
            c, error(errc::bad_input).because("the text beside a file is longer than a message may be"));
        co_return refused;
    }
    const auto earlier = c->replies.earlier(number);
    const bool is_out = earlier && !earlier->id.empty();
    result<webex::file_upload> upload = webex::file_upload();
    if (!is_out)
        upload = co_await upload_of(c, std::move(what));
    if (!upload)
    {
        auto refused = co_await refuse(c, upload.error());
        co_return refused;
    }
    std::vector<saying> one(1);
    one.front().words = answer_to(*c);
    one.front().words.markdown = std::move(markdown);
    one.front().file = std::move(*upload);
    auto said = co_await say(c, std::move(one), number);
    co_return said;
}

} // namespace postern::matching
