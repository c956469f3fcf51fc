#include "stand_in.hpp"

#include "drawings.hpp"
#include "facts.hpp"
#include "pages.hpp"

#include <postern/transport/http_server.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <charconv>

namespace demobot {

using namespace postern;
using transport::make_response;

namespace {

constexpr std::string_view numbers = "/numbers/";
constexpr std::string_view cameras = "/pictures/camera-";

class site final : public transport::http_handler
{
public:
    awaitable<transport::response> answer(transport::request asked) override
    {
        const bool reads = asked.method == "GET" || asked.method == "HEAD";
        auto found = reads ? find(asked.path()) : make_response(405, "Method Not Allowed\n", "text/plain");
        co_return found;
    }

private:
    transport::response find(std::string_view path)
    {
        if (path == "/jokes/random")
            return json_answer(joke(jokes_told_++));
        if (path == "/quotes/random")
            return json_answer(quote(quotes_told_++));
        if (path.starts_with(numbers))
            return fact(path.substr(numbers.size()));
        if (path == "/dilbert")
            return make_response(200, std::string(office_page()), "text/html; charset=utf-8");
        if (path == "/peanuts/")
            return make_response(200, std::string(garden_page()), "text/html; charset=utf-8");
        if (path == "/traffic/cameras.html")
            return make_response(200, std::string(traffic_page()), "text/html; charset=utf-8");
        return picture(path);
    }

    static transport::response fact(std::string_view asked)
    {
        std::int64_t number{};
        const auto* end = asked.data() + asked.size();
        const auto [rest, failed] = std::from_chars(asked.data(), end, number);
        const std::string_view kind(rest, static_cast<std::size_t>(end - rest));
        if (failed != std::errc() || (kind != "/math" && kind != "/trivia"))
            return nothing();
        return json_answer(kind == "/math" ? math_fact(number) : trivia(number));
    }

    static transport::response picture(std::string_view path)
    {
        if (path == "/pictures/office.png")
            return make_response(200, as_png(office_strip()), "image/png");
        if (path == "/pictures/garden.gif")
            return make_response(200, as_gif(garden_strip()), "image/gif");
        if (path.size() == cameras.size() + 5 && path.starts_with(cameras) && path.ends_with(".png"))
            if (const char which = path[cameras.size()]; which >= '1' && which <= '4')
                return make_response(200, as_png(camera_view(static_cast<unsigned>(which - '0'))),
                                     "image/png");
        return nothing();
    }

    static transport::response json_answer(std::string body)
    {
        return make_response(200, std::move(body), "application/json");
    }
    static transport::response nothing() { return make_response(404, "Not Found\n", "text/plain"); }

    std::atomic<unsigned> jokes_told_ = 0;
    std::atomic<unsigned> quotes_told_ = 0;
};

class running final : public stand_in
{
public:
    result<> start(const log& out)
    {
        auto bound = transport::http_server::bind(thread_.get_executor(), {}, std::make_shared<site>(),
                                                  out.in("stand-in"));
        if (!bound)
            return bound.error();
        server_ = std::move(*bound);
        server_->start();
        return {};
    }

    ~running() override
    {
        if (server_)
            net::co_spawn(thread_, server_->stop(std::chrono::milliseconds(0)), net::use_future).wait();
        thread_.join();
    }

    std::string url() const override { return "http://" + server_->address(); }

private:
    net::thread_pool thread_{1};
    std::unique_ptr<transport::http_server> server_;
};

} // namespace

result<std::unique_ptr<stand_in>> stand_in::start(const log& out)
{
    auto made = std::make_unique<running>();
    const auto started = made->start(out);
    if (!started)
        return started.error();
    return made;
}

} // namespace demobot
