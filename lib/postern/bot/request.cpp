#include "postern/bot/request.hpp"

#include "postern/bot/commands/help_text.hpp"
#include "postern/bot/conversation.hpp"

namespace postern {
namespace matching {

bool may_see(const request& asked, const command& c)
{
    return !c.only_for || c.only_for->judge(asked.who).what == permit::kind::granted;
}

const conversation& behind(const context& ctx) noexcept { return *ctx.shared_; }

} // namespace matching

const parsed_arguments& context::parsed() const { return shared_->asked.parsed; }
const postern::event& context::event() const { return shared_->asked.what; }
const webex::membership& context::member() const { return shared_->asked.member; }

std::string context::capture(std::size_t group) const
{
    const auto& texts = shared_->asked.groups.texts;
    return group < texts.size() ? texts[group] : std::string();
}

std::string context::capture(std::string_view group) const
{
    const auto& names = shared_->asked.groups.names;
    const auto found = names.find(group);
    return found == names.end() ? std::string() : capture(found->second);
}

std::string context::help() const
{
    return matching::help_text(
        *shared_->known, [this](const matching::command& c) { return matching::may_see(shared_->asked, c); });
}

} // namespace postern
