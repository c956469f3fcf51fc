#include "postern/transport/elsewhere.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace postern::transport {
namespace {

// Shared by the caller's side and the work's; all but the pointer itself belongs to the work's strand.
struct errand
{
    std::function<awaitable<void>()> work;
    net::cancellation_signal stop;
    bool over = false;
    std::exception_ptr thrown;
};

template <class Handler>
void begin(net::any_io_executor strand, std::shared_ptr<errand> task, Handler handler)
{
    auto slot = net::get_associated_cancellation_slot(handler);
    if (slot.is_connected())
        slot.assign([strand, task](net::cancellation_type type) {
            net::post(strand, [task, type] {
                if (!task->over)
                    task->stop.emit(type);
            });
        });
    const auto back = net::get_associated_executor(handler, strand);
    net::co_spawn(strand, task->work,
                  net::bind_cancellation_slot(task->stop.slot(), [task, back, handler = std::move(handler)](
                                                                     std::exception_ptr thrown) mutable {
                      task->over = true;
                      task->thrown = std::move(thrown);
                      net::dispatch(back, std::move(handler));
                  }));
}

} // namespace

awaitable<void> run_elsewhere(net::any_io_executor strand, std::function<awaitable<void>()> work)
{
    const auto task = std::make_shared<errand>();
    task->work = std::move(work);
    auto initiation = [](auto handler, net::any_io_executor where, std::shared_ptr<errand> what) {
        begin(std::move(where), std::move(what), std::move(handler));
    };
    co_await net::async_initiate<const net::use_awaitable_t<>, void()>(initiation, net::use_awaitable, strand,
                                                                       task);
    if (task->thrown)
        std::rethrow_exception(task->thrown);
}

} // namespace postern::transport
