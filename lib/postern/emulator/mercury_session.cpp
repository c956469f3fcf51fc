#include "postern/emulator/mercury_session.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <string>
#include <utility>
#include <variant>

namespace postern::emulator {
namespace {

constexpr std::chrono::hours very_long(24 * 365);

class session : public std::enable_shared_from_this<session>
{
public:
    session(std::shared_ptr<cloud> c, transport::websocket_ptr socket, mercury_options options, log l)
        : cloud_(std::move(c)), socket_(std::move(socket)), options_(options), speak_(std::move(l)),
          something_new_(socket_->executor()), moves_again_(socket_->executor())
    {
    }

    ~session()
    {
        if (id_)
            cloud_->socket_gone(*id_);
    }
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    awaitable<void> run(cloud::admission a)
    {
        using namespace net::experimental::awaitable_operators;
        co_await net::this_coro::throw_if_cancelled(false);
        auto wake = [weak = weak_from_this(), ex = socket_->executor()] {
            net::post(ex, [weak] {
                if (const auto self = weak.lock())
                    self->woken();
            });
        };
        id_ = cloud_->open_socket(a, std::move(wake), options_.authorise_within);
        speak_.debug("a websocket opened", {{"peer", socket_->peer()}});
        co_await (hear() && say());
        speak_.debug("a websocket ended", {{"peer", socket_->peer()}, {"code", std::to_string(code_)}});
    }

private:
    void woken()
    {
        if (cloud_->to_be_cut(*id_)) // not after the write that may be under way
            end_now();
        something_new_.cancel();
        moves_again_.cancel();
    }

    void end_now()
    {
        over_ = true;
        socket_->cut();
        something_new_.cancel();
        moves_again_.cancel();
    }

    awaitable<void> hear()
    {
        co_await net::this_coro::throw_if_cancelled(false);
        while (!over_)
        {
            auto incoming = co_await socket_->read(deadline::after(very_long));
            if (const auto* end = std::get_if<transport::ws_end>(&incoming))
            {
                code_ = end->code;
                break;
            }
            while (!over_ && cloud_->stalled(*id_))
                co_await wait(moves_again_, deadline::clock::now() + very_long);
            if (!over_)
                cloud_->heard(*id_, std::get<transport::ws_message>(incoming).payload);
        }
        over_ = true;
        something_new_.cancel();
    }

    awaitable<void> say()
    {
        co_await net::this_coro::throw_if_cancelled(false);
        while (!over_)
        {
            auto step = cloud_->next_step(*id_);
            if (step.what == mercury_step::action::wait)
                co_await wait(something_new_, step.until.value_or(deadline::clock::now() + very_long));
            else if (step.what == mercury_step::action::send)
                co_await send(std::move(step.frame));
            else
                co_await end(std::move(step.end));
        }
    }

    awaitable<void> send(mercury_frame frame)
    {
        transport::ws_message message{std::move(frame.payload), frame.binary};
        const auto left =
            co_await socket_->write(std::move(message), deadline::after(options_.write_timeout));
        if (!left)
            end_now();
    }

    awaitable<void> end(mercury_end how)
    {
        if (!how.cut)
            co_await socket_->close(how.code, std::move(how.reason), deadline::after(options_.close_timeout));
        end_now();
    }

    // Ended by woken(), by the end of the other half, or by a cancellation.
    awaitable<void> wait(net::steady_timer& timer, deadline::clock::time_point until)
    {
        timer.expires_at(until);
        co_await timer.async_wait(as_result);
        const auto state = co_await net::this_coro::cancellation_state;
        if (state.cancelled() != net::cancellation_type::none)
            end_now();
    }

    std::shared_ptr<cloud> cloud_;
    transport::websocket_ptr socket_;
    mercury_options options_;
    log speak_;
    std::optional<socket_id> id_;
    net::steady_timer something_new_; // for say()
    net::steady_timer moves_again_;   // for hear(), when stalled
    bool over_ = false;
    std::uint16_t code_ = 0;
};

} // namespace

awaitable<void> serve_mercury(std::shared_ptr<cloud> c, cloud::admission a, transport::websocket_ptr socket,
                              mercury_options options, log l)
{
    const auto one = std::make_shared<session>(std::move(c), std::move(socket), options, std::move(l));
    co_await one->run(std::move(a));
}

} // namespace postern::emulator
