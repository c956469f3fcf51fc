#include "postern/emulator/delivery_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace postern::emulator {

delivery_queue::admission delivery_queue::push(outgoing what)
{
    admission out;
    const auto [at, fresh] = lanes_.try_emplace(what.webhook_id);
    out.start = fresh;
    auto& [waiting, overtaken] = at->second;
    waiting.push_back(std::move(what));
    if (waiting.size() > bound_)
    {
        out.displaced = std::move(waiting.front());
        waiting.pop_front();
        overtaken = false;
    }
    return out;
}

std::optional<std::chrono::milliseconds> delivery_queue::pause_before(const std::string& webhook_id)
{
    const auto at = lanes_.find(webhook_id);
    if (at == lanes_.end())
        return std::nullopt;
    if (at->second.waiting.empty())
    {
        lanes_.erase(at);
        return std::nullopt;
    }
    return mode_.delay;
}

std::optional<delivery_queue::step> delivery_queue::take(const std::string& webhook_id)
{
    const auto at = lanes_.find(webhook_id);
    if (at == lanes_.end() || at->second.waiting.empty())
        return std::nullopt;
    auto& [waiting, overtaken] = at->second;

    const bool overtakes = mode_.reorder && !overtaken && waiting.size() > 1;
    const auto chosen = waiting.begin() + (overtakes ? 1 : 0);
    step out{std::move(*chosen), mode_.duplicate ? 2u : 1u};
    waiting.erase(chosen);
    overtaken = overtakes;

    if (mode_.drop_next > 0)
    {
        --mode_.drop_next;
        out.copies = 0;
    }
    return out;
}

std::vector<outgoing> delivery_queue::take_all()
{
    std::vector<outgoing> out;
    for (auto& [id, l] : lanes_)
    {
        std::move(l.waiting.begin(), l.waiting.end(), std::back_inserter(out));
        l.waiting.clear();
    }
    return out;
}

} // namespace postern::emulator
