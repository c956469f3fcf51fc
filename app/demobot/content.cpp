#include "content.hpp"

#include <postern/base/json.hpp>

#include <boost/json/object.hpp>

#include <utility>

namespace demobot {

using namespace postern;

namespace {

constexpr std::size_t longest_answer = 64 * 1024; // bytes, of JSON
constexpr std::size_t longest_page = 1024 * 1024;
constexpr std::size_t largest_picture = 8 * 1024 * 1024;

error not_understood(std::string why)
{
    return error(errc::bad_response, "reading a site").because(std::move(why));
}

void fill_in(std::string& url, std::string_view place, const std::string& value)
{
    if (const auto at = url.find(place); at != url.npos)
        url.replace(at, place.size(), transport::percent_encode(value));
}

std::string file_name(const transport::url& where)
{
    auto path = where.target.substr(0, where.target.find('?'));
    return path.substr(path.rfind('/') + 1);
}

} // namespace

awaitable<result<std::string>> content::joke(deadline until) const
{
    auto said = co_await member(sites_.chuck, "value", until);
    co_return said;
}

awaitable<result<std::string>> content::quote(deadline until) const
{
    const auto page = co_await web_->get(sites_.quote, longest_answer, until);
    if (!page)
        co_return page.error();
    const auto said = parse_json(page->body, "the quote");
    if (!said || !said->is_object())
        co_return not_understood("the quote is no JSON object");
    const auto words = text_or(said->get_object(), "content");
    if (words.empty())
        co_return not_understood("the quote has no words");
    const auto author = text_or(said->get_object(), "author", "somebody");
    co_return "> " + harmless(words) + "\n>\n> — *" + harmless(author) + '*';
}

awaitable<result<std::string>> content::fact(std::int64_t number, std::string kind, deadline until) const
{
    auto url = sites_.number;
    fill_in(url, "{number}", std::to_string(number));
    fill_in(url, "{kind}", kind);
    auto said = co_await member(std::move(url), "text", until);
    co_return said;
}

awaitable<result<picture>> content::dilbert(deadline until) const
{
    auto shown = co_await first_image(sites_.dilbert, "img-comic", until);
    co_return shown;
}

awaitable<result<picture>> content::peanuts(deadline until) const
{
    auto shown = co_await first_image(sites_.peanuts, "item-comic-image", until);
    co_return shown;
}

awaitable<result<std::vector<page_image>>> content::cameras(deadline until) const
{
    auto found = co_await images(sites_.traffic, "camera", until);
    co_return found;
}

// Webex gets the bytes, not the address: it could not reach a site of the intranet. A page may name any
// address, also one that only we can reach; so what is not on one of our sites is left to the library, which
// asks public ones only.
awaitable<result<picture>> content::photo(page_image image, deadline until) const
{
    const auto caption = harmless(image.words);
    if (!is_ours(image.where))
        co_return picture{file_source::url(image.where.str()), caption};
    auto got = co_await web_->get(image.where.str(), largest_picture, until);
    if (!got)
        co_return got.error();
    if (!got->type.starts_with("image/"))
        co_return not_understood("what should be a picture is none");
    auto file = file_source::bytes(file_name(image.where), got->type, std::move(got->body));
    co_return picture{std::move(file), caption};
}

bool content::is_ours(const transport::url& where) const
{
    for (const auto& page : {sites_.dilbert, sites_.peanuts, sites_.traffic})
        if (const auto ours = transport::parse_url(page); ours && ours->origin() == where.origin())
            return true;
    return false;
}

// One text of a JSON object.
awaitable<result<std::string>> content::member(std::string url, std::string name, deadline until) const
{
    const auto page = co_await web_->get(std::move(url), longest_answer, until);
    if (!page)
        co_return page.error();
    const auto said = parse_json(page->body, "the answer");
    if (!said || !said->is_object())
        co_return not_understood("the answer is no JSON object");
    auto words = text_or(said->get_object(), name);
    if (words.empty())
        co_return not_understood("the answer has no \"" + name + '"');
    co_return words;
}

awaitable<result<std::vector<page_image>>> content::images(std::string url, std::string wanted_class,
                                                           deadline until) const
{
    const auto page = co_await web_->get(std::move(url), longest_page, until);
    if (!page)
        co_return page.error();
    auto found = images_in(page->body, page->where, wanted_class);
    if (!found)
        co_return found.error();
    if (found->empty())
        co_return not_understood("the page has no such image");
    co_return found;
}

awaitable<result<picture>> content::first_image(std::string url, std::string wanted_class,
                                                deadline until) const
{
    const auto found = co_await images(std::move(url), std::move(wanted_class), until);
    if (!found)
        co_return found.error();
    auto shown = co_await photo(found->front(), until);
    co_return shown;
}

std::string harmless(std::string_view words)
{
    std::string out;
    for (const char c : words)
    {
        if (c == '<' || c == '>') // mentions are made of these
            continue;
        if (std::string_view("\\`*_[]#|~&!").find(c) != std::string_view::npos)
            out += '\\';
        out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return out;
}

} // namespace demobot
