#include "postern/transport/running_child.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <sys/wait.h>

namespace postern::transport {
namespace {

// How long the lines of a program that has ended are waited for, should somebody else hold its pipe open.
constexpr auto grace = std::chrono::milliseconds(200);

child_end read_status(int status)
{
    child_end end;
    if (WIFEXITED(status))
        end.code = WEXITSTATUS(status);
    else if (WIFSIGNALED(status))
        end.signal = WTERMSIG(status);
    return end;
}

void close(net::posix::stream_descriptor& descriptor)
{
    error_code ignored;
    descriptor.close(ignored);
}

void adopt(net::posix::stream_descriptor& into, unique_fd& from, error_code& failed)
{
    if (failed)
        return;
    into.assign(from.get(), failed);
    if (!failed)
        from.release();
}

} // namespace

running_child::running_child(net::any_io_executor strand, child_options options, log out)
    : strand_(std::move(strand)), program_(printable(options.program)), on_line_(std::move(options.on_line)),
      log_(std::move(out)), watch_(strand_),
      patience_(strand_), outputs_{output(strand_, child_options::stream::out, options.line_limit),
                                   output(strand_, child_options::stream::err, options.line_limit)}
{
}

error_code running_child::begin(int pid, unique_fd watch, unique_fd out, unique_fd err)
{
    pid_ = pid;
    error_code failed;
    adopt(watch_, watch, failed);
    adopt(outputs_[0].pipe, out, failed);
    adopt(outputs_[1].pipe, err, failed);
    if (failed)
        return failed;
    for (auto& from : outputs_)
        read(from);
    watch_.async_wait(descriptor::wait_read,
                      [self = shared_from_this()](error_code) { self->program_ended(); });
    log_.debug("child started", {{"program", program_}, {"pid", pid_}});
    return {};
}

void running_child::signal(int number)
{
    if (!exists()) // once collected, the number may be somebody else's
        return;
    ::kill(-pid_, number);
    if (::getpgid(pid_) != pid_) // it has left its own group
        ::kill(pid_, number);
}

void running_child::abandon()
{
    abandoned_ = true;
    collect();
    for (auto& from : outputs_)
        close(from.pipe);
}

awaitable<result<child_end>> running_child::ended(std::shared_ptr<running_child> self, deadline limit)
{
    if (self->end_)
        co_return *self->end_;
    auto timer = std::make_shared<net::steady_timer>(self->strand_, limit.at());
    self->waiters_.push_back(timer);
    const auto [cancelled] = co_await timer->async_wait(as_result);
    std::erase(self->waiters_, timer);
    if (self->end_)
        co_return *self->end_;
    co_return error(cancelled ? errc::stopped : errc::timed_out, "waiting for the end of " + self->program_);
}

awaitable<child_end> running_child::stop(std::shared_ptr<running_child> self,
                                         std::chrono::milliseconds patience)
{
    const bool throwing = co_await net::this_coro::throw_if_cancelled();
    co_await net::this_coro::throw_if_cancelled(false);
    self->signal(SIGTERM);
    auto end = co_await ended(self, deadline::after(patience));
    if (!end)
        self->signal(SIGKILL);
    while (!end) // only a child that hangs in the kernel takes longer than an instant
        end = co_await ended(self, deadline::after(std::chrono::hours(1)));
    co_await net::this_coro::throw_if_cancelled(throwing);
    co_return *end;
}

void running_child::read(output& from)
{
    from.pipe.async_read_some(
        net::buffer(from.buffer),
        [self = shared_from_this(), &from](error_code ec, std::size_t size) { self->came(from, ec, size); });
}

void running_child::came(output& from, error_code ec, std::size_t size)
{
    hand_over(from, size);
    if (abandoned_)
        return;
    if (!ec && !out_of_patience_)
        return read(from);
    if (out_of_patience_)
        drain(from);
    from.lines.finish([&](std::string_view line) { tell(from, line); });
    close(from.pipe);
    if (program_ended_ && all_read())
        collect();
}

// What the program itself wrote is in the pipe, however late we are; more than that is not its own.
void running_child::drain(output& from)
{
    error_code ec;
    from.pipe.non_blocking(true, ec);
    auto budget = static_cast<std::size_t>(std::max(::fcntl(from.pipe.native_handle(), F_GETPIPE_SZ), 0));
    while (!ec && budget > 0 && !abandoned_)
    {
        const auto room = std::min(budget, from.buffer.size());
        const auto size = from.pipe.read_some(net::buffer(from.buffer.data(), room), ec);
        hand_over(from, size);
        budget -= size;
    }
}

void running_child::hand_over(output& from, std::size_t size)
{
    from.lines.feed({from.buffer.data(), size}, [&](std::string_view line) { tell(from, line); });
}

void running_child::tell(const output& from, std::string_view line)
{
    if (abandoned_ || !on_line_)
        return;
    try
    {
        on_line_(from.name, line);
    }
    catch (const std::exception& e)
    {
        log_.error("a line of a child was lost",
                   {{"program", program_}, {"pid", pid_}, {"reason", printable(e.what())}});
    }
}

// Its status stays with the kernel until the outputs are read: so long nobody else can get its number.
void running_child::program_ended()
{
    if (abandoned_)
        return;
    program_ended_ = true;
    if (all_read())
        return collect();
    patience_.expires_after(grace);
    patience_.async_wait([self = shared_from_this()](error_code cancelled) {
        if (cancelled)
            return;
        self->out_of_patience_ = true;
        for (auto& from : self->outputs_)
            if (from.pipe.is_open())
                from.pipe.cancel();
    });
}

bool running_child::all_read() const { return !outputs_[0].pipe.is_open() && !outputs_[1].pipe.is_open(); }

void running_child::collect()
{
    if (!exists())
        return;
    signal(SIGKILL); // what is left of the group, before its number is free for others
    int status = 0;
    pid_t got;
    while ((got = ::waitpid(pid_, &status, 0)) < 0 && errno == EINTR)
        ;
    end_ = got == pid_ ? read_status(status) : child_end{};
    close(watch_);
    patience_.cancel();
    log_.debug("child ended", {{"program", program_}, {"pid", pid_}, {"end", end_->words()}});
    for (const auto& waiter : waiters_)
        waiter->cancel();
}

} // namespace postern::transport
