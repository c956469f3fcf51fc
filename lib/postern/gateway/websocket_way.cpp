#include "postern/gateway/websocket_way.hpp"

#include "postern/base/ids.hpp"
#include "postern/gateway/device_files.hpp"
#include "postern/source/device/device_source.hpp"

namespace postern {
namespace {

// The cloud keeps what is said while a channel is away for a moment, and says so; for how long is not known
// (protocol/mercury.md 4.9).
constexpr std::chrono::seconds trusted_buffer(5);

std::optional<source::missed_time> missed_in(const source::channel_state& now)
{
    const auto& lost = now.last_gap;
    if (!lost || (lost->buffered && lost->to - lost->from < trusted_buffer))
        return std::nullopt;
    return source::missed_time{lost->from, lost->to, "the channel was lost"};
}

// They went missing between two frames, and the channel's pings see to it that those are close in time.
source::missed_time frames_missing()
{
    const auto now = std::chrono::system_clock::now();
    return {now - std::chrono::minutes(2), now,
            "the numbers of the channel's frames say that some are missing"};
}

class websocket_way final : public way_in
{
public:
    websocket_way(const gateway_options& options, std::shared_ptr<transport::http_client> client,
                  std::shared_ptr<admin::health> health, std::function<void()> on_token_rejected, log out)
        : options_(options), client_(std::move(client)), health_(std::move(health)),
          on_token_rejected_(std::move(on_token_rejected)), log_(std::move(out))
    {
        health_->set("channel", false, "not connected yet");
    }

    awaitable<void> run(webex::person me, std::shared_ptr<intake_port> intake, way_in_ears ears) override
    {
        ears_ = std::move(ears);
        auto made = source::device_source::make(setup_for(me, std::move(intake)), log_);
        if (made.has_error()) // check() has looked at the URLs: a defect, and nothing to retry
        {
            health_->set("channel", false, made.error().code.message());
            log_.error(describe(made.error()));
            co_return;
        }
        source_ = std::move(*made);
        co_await source_->run();
    }

    awaitable<void> tidy(deadline limit) override
    {
        if (!source_)
            co_return;
        const auto deleted = co_await source_->tidy(limit);
        if (deleted.has_error())
            log_.warning("our device could not be deleted; the next start takes it over",
                         {{"reason", describe(deleted.error())}});
    }

private:
    source::device_source::setup setup_for(const webex::person& me, std::shared_ptr<intake_port> intake)
    {
        source::device_source::setup s;
        s.options = options_.device;
        if (s.options.name.empty())
            s.options.name = default_device_name(me.id);
        s.client = client_;
        s.token = options_.token;
        s.me = {me.id, me.org_id, me.type == "bot"};
        s.memory = remembered_device(options_.data_dir, log_);
        s.intake = std::move(intake);
        s.on_token_rejected = on_token_rejected_;
        s.watch = [this](const source::channel_state& now) { channel_is(now); };
        return s;
    }

    void channel_is(const source::channel_state& now)
    {
        const bool up = now.phase == source::channel_phase::ready;
        health_->set("channel", up, up ? std::string() : words_for(now));
        if (up && now.connections != connections_)
            ears_.back(missed_in(now));
        else if (!up && up_)
            ears_.lost();
        else if (up && now.sequence_gaps != sequence_gaps_)
            ears_.doubtful(frames_missing());
        up_ = up;
        connections_ = now.connections;
        sequence_gaps_ = now.sequence_gaps;
    }

    const gateway_options options_;
    const std::shared_ptr<transport::http_client> client_;
    const std::shared_ptr<admin::health> health_;
    const std::function<void()> on_token_rejected_;
    const log log_;
    way_in_ears ears_;
    std::unique_ptr<source::device_source> source_;

    // Of the channel, when it last told.
    bool up_ = false;
    std::uint64_t connections_ = 0;
    std::uint64_t sequence_gaps_ = 0;
};

} // namespace

std::unique_ptr<way_in> make_websocket_way(const gateway_options& options,
                                           std::shared_ptr<transport::http_client> client,
                                           std::shared_ptr<admin::health> health,
                                           std::function<void()> on_token_rejected, const log& out)
{
    return std::make_unique<websocket_way>(options, std::move(client), std::move(health),
                                           std::move(on_token_rejected), out);
}

std::string words_for(const source::channel_state& now)
{
    switch (now.phase)
    {
    case source::channel_phase::idle: return "not connected";
    case source::channel_phase::discovering: return "asking the service catalogue";
    case source::channel_phase::registering: return "registering the device";
    case source::channel_phase::connecting: return "connecting";
    case source::channel_phase::authorising: return "connected, not authorised yet";
    case source::channel_phase::waiting: return "lost; trying again";
    case source::channel_phase::ready: break;
    }
    return {};
}

} // namespace postern
