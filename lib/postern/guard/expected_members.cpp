#include "postern/guard/expected_members.hpp"

#include <algorithm>

namespace postern::guard {
namespace {

constexpr std::size_t most_people = 10'000;
constexpr unsigned believed = 3; // lists without him

} // namespace

void expected_members::expect(const std::string& room, std::uint64_t mark)
{
    if (size_ >= most_people)
    {
        rooms_.clear();
        size_ = 0;
    }
    const auto [where, fresh] = rooms_[room].insert_or_assign(mark, 0u);
    size_ += fresh ? 1 : 0;
}

void expected_members::left(const std::string& room, std::uint64_t mark)
{
    const auto found = rooms_.find(room);
    if (found == rooms_.end())
        return;
    size_ -= found->second.erase(mark);
    if (found->second.empty())
        rooms_.erase(found);
}

expected_members::answer expected_members::compare(const std::string& room,
                                                   const std::vector<std::uint64_t>& members)
{
    const auto found = rooms_.find(room);
    if (found == rooms_.end())
        return answer::complete;
    unsigned fewest = believed; // lists without somebody who is still expected
    for (auto& [mark, missed] : found->second)
    {
        const bool there = std::binary_search(members.begin(), members.end(), mark);
        missed = there ? believed : missed + 1;
        fewest = std::min(fewest, missed);
    }
    size_ -= std::erase_if(found->second, [](const auto& one) { return one.second >= believed; });
    if (found->second.empty())
        rooms_.erase(found);
    if (fewest >= believed)
        return answer::complete;
    return fewest == 1 ? answer::look_again : answer::too_early;
}

} // namespace postern::guard
