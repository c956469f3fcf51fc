#include "postern/bot/say/reply_steps.hpp"

namespace postern::matching {
namespace {

constexpr unsigned most_posts = 2;

} // namespace

reply_steps::next reply_steps::start() const
{
    if (!sought_)
        return next::note;
    return sought_->id.empty() ? next::look_up : next::known;
}

reply_steps::next reply_steps::noted(effect e)
{
    sought_ = std::move(e);
    ours_ = true;
    return next::post;
}

reply_steps::next reply_steps::not_noted(const error& why) { return hold_back(why); }

reply_steps::next reply_steps::looked(const sighting& s)
{
    switch (s.what)
    {
    case sighting::kind::found: return next::found;
    case sighting::kind::absent:
        if (!ours_)
            return next::note;
        return posts_ < most_posts ? next::post : next::withdraw;
    case sighting::kind::unknown:
        if (!ours_)
        {
            maybe_twice_ = s.why;
            return next::note;
        }
        in_doubt_ = true;
        return next::give_up;
    case sighting::kind::failed:
        if (!ours_)
            return hold_back(error(s.why).during("looking for an earlier reply"));
        return next::give_up; // why_ is still why it could not be posted
    }
    return next::give_up;
}

reply_steps::next reply_steps::posted() { return next::sent; }

reply_steps::next reply_steps::not_posted(const error& why)
{
    ++posts_;
    why_ = why;
    if (why.is(errc::stopped))
        return why.maybe_sent ? next::give_up : next::withdraw; // the next attempt looks for it
    if (why.maybe_sent)
        return next::look_up;
    return maybe_twice_ ? next::give_up : next::withdraw; // the earlier one may still be there
}

reply_steps::next reply_steps::hold_back(error why)
{
    why_ = std::move(why);
    held_back_ = true;
    return next::give_up;
}

} // namespace postern::matching
