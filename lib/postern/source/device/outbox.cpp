#include "postern/source/device/outbox.hpp"

namespace postern::source {
namespace {

constexpr std::size_t most_waiting = 4096;

} // namespace

void outbox::send(std::string text)
{
    if (closed_ || waiting_.size() >= most_waiting)
        return;
    waiting_.push_back(std::move(text));
    filled_.ring();
}

awaitable<std::optional<std::string>> outbox::next()
{
    while (waiting_.empty() && !closed_)
    {
        const bool rung = co_await filled_.wait();
        if (!rung)
            co_return std::nullopt;
    }
    if (closed_)
        co_return std::nullopt;
    auto text = std::move(waiting_.front());
    waiting_.pop_front();
    co_return text;
}

void outbox::close()
{
    closed_ = true;
    waiting_.clear();
    filled_.ring();
}

} // namespace postern::source
