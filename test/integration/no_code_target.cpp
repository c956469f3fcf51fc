#include "integration/no_code_target.hpp"

#include "postern/base/json.hpp"
#include "postern/base/within.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

namespace postern::test {

class no_code_target::paths final : public transport::http_handler
{
public:
    explicit paths(no_code_target& of) : of_(of) {}

    awaitable<transport::response> answer(transport::request r) override
    {
        const std::string path(r.path());
        const auto told = parse_json(r.body, "the event");
        const auto text = told && told->is_object() ? text_or(told->as_object(), "text") : "no event";
        {
            const std::lock_guard lock(of_.mutex_);
            of_.seen_.push_back(std::move(r));
        }
        of_.came_.notify_all();
        if (path == "/hangs")
            co_await pause_for(std::chrono::hours(1));
        if (path == "/breaks")
            co_return transport::make_response(500, "private trace", "text/plain");
        if (path == "/page")
            co_return transport::make_response(200, "<html>private page</html>", "text/html");
        if (path == "/later")
            co_return transport::make_response(202, {}, "text/plain");
        co_return transport::make_response(200, "hello **" + text + "**", "text/markdown");
    }

private:
    no_code_target& of_;
};

no_code_target::no_code_target()
{
    transport::http_server_options options;
    options.handler_timeout = std::chrono::hours(2);
    auto bound = transport::http_server::bind(io_.get_executor(), options, std::make_shared<paths>(*this),
                                              quiet_log());
    BOOST_TEST_REQUIRE(bound.has_value());
    server_ = std::move(*bound);
    server_->start();
    thread_ = std::thread([this] { io_.run(); });
}

no_code_target::~no_code_target()
{
    net::co_spawn(io_, server_->stop(std::chrono::milliseconds(1)), net::use_future).wait();
    thread_.join();
}

std::string no_code_target::url(const std::string& path) const
{
    return "http://" + server_->address() + path;
}

transport::request no_code_target::next()
{
    std::unique_lock lock(mutex_);
    const bool came =
        came_.wait_for(lock, std::chrono::seconds(30), [this] { return seen_.size() > handed_out_; });
    BOOST_TEST_REQUIRE(came, "the target was not asked");
    return seen_.at(handed_out_++);
}

} // namespace postern::test
