#include "postern/source/tunnel/command_tunnel.hpp"

#include "postern/transport/url.hpp"

#include <boost/regex.hpp>

#include <algorithm>
#include <exception>

namespace postern::source {
namespace {

constexpr std::size_t searched = 4096; // bytes of a line

void replace_all(std::string& text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

} // namespace

struct url_pattern::compiled
{
    boost::regex expression;

    // Gives up, with an exception, on what would take too long.
    bool search(std::string_view line, boost::cmatch& found) const
    {
        if (line.empty())
            return false;
        line = line.substr(0, std::min(line.size(), searched));
        try
        {
            return boost::regex_search(line.data(), line.data() + line.size(), found, expression);
        }
        catch (const std::exception&)
        {
            return false;
        }
    }
};

result<url_pattern> url_pattern::make(const std::string& expression)
{
    try
    {
        auto c = std::make_shared<compiled>();
        c->expression.assign(expression);
        return url_pattern(std::move(c));
    }
    catch (const std::exception& e)
    {
        return error(errc::bad_configuration, "the pattern of the tunnel").because(printable(e.what()));
    }
}

std::string url_pattern::find(std::string_view line) const
{
    boost::cmatch found;
    if (!compiled_->search(line, found))
        return {};
    std::string url = found.size() > 1 ? found[1].str() : found[0].str();
    while (url.ends_with('/'))
        url.pop_back();
    return transport::parse_url(url) ? url : std::string();
}

bool url_pattern::matches(std::string_view line) const
{
    boost::cmatch found;
    return compiled_->search(line, found);
}

std::string fill_in(std::string text, const std::string& target)
{
    replace_all(text, "{url}", target);
    replace_all(text, "{port}", target.substr(target.rfind(':') + 1));
    return text;
}

command_tunnel::command_tunnel(setup s) : with_(std::move(s)) {}

tunnel_traits command_tunnel::traits() const
{
    tunnel_traits t;
    t.name = with_.name;
    t.last_line_tells = true;
    t.url_needs_connection = !with_.domain.empty() && with_.pattern.has_value();
    t.fixed_url = with_.domain;
    return t;
}

result<tunnel_program::launch> command_tunnel::prepare()
{
    launch l;
    for (const auto& argument : with_.arguments)
        l.arguments.push_back(fill_in(argument, with_.target));
    return l;
}

tunnel_news command_tunnel::read(std::string_view line)
{
    using kind = tunnel_news::kind;
    tunnel_news n;
    if (!with_.pattern)
        return n;
    if (!with_.domain.empty())
    {
        n.what = with_.pattern->matches(line) ? kind::connected : kind::nothing;
        return n;
    }
    n.url = with_.pattern->find(line);
    n.what = n.url.empty() ? kind::nothing : kind::url;
    return n;
}

awaitable<result<tunnel_view>> command_tunnel::look(deadline)
{
    co_return error(errc::bad_input, "a program of somebody has no local API");
}

} // namespace postern::source
