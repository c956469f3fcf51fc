#include "commands.hpp"

#include "demo_feed.hpp"
#include "demo_server.hpp"
#include "demo_stand_in.hpp"

#include "demobot/bot.hpp"
#include "demobot/stand_in/stand_in.hpp"

#include "postern/base/crypto.hpp"
#include "postern/bot/bot.hpp"
#include "postern/emulator/emulator.hpp"
#include "postern/emulator/seed.hpp"
#include "postern/gateway/gateway.hpp"
#include "postern/gateway/process.hpp"
#include "postern/journal/archive.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <optional>

namespace postern::app {
namespace {

// The gateway's files for the time of one demo.
struct passing_directory
{
    std::string path = (std::filesystem::temp_directory_path() / ("postern-demo-" + random_hex(6))).string();
    ~passing_directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

// One cloud and one bot; one gateway after the other, each in the mode that the page asked for.
class demo
{
public:
    demo(demo_arguments given, mode first, log out) : given_(std::move(given)), out_(std::move(out))
    {
        way_.now = first;
    }

    awaitable<int> run(net::any_io_executor executor)
    {
        const auto sites = demobot::stand_in::start(out_);
        const auto web = demobot::web::make([](const char* name) { return std::getenv(name); }, out_);
        if (sites.has_error() || web.has_error())
            co_return fail(sites.has_error() ? sites.error() : web.error());
        const auto urls = demobot::content_urls::at((*sites)->url());
        demobot::teach(*who_, std::make_shared<demobot::content>(urls, *web));

        auto seed = emulator::parse_seed(emulator::default_seed(), "the built-in seed");
        if (seed.has_error())
            co_return fail(seed.error());
        auto started = start_cloud(executor, *seed);
        if (started.has_error())
            co_return fail(started.error());
        const auto cloud = std::move(*started);
        front_->introduce(*cloud, seed->people);
        stand_in_ = co_await stand_in_on_path(out_);
        show();

        int code = exit_ok;
        for (bool on = true; on;)
        {
            auto made = gateway::make(executor, gateway_for(*cloud), who_, out_, watching());
            if (made.has_error())
            {
                code = fail(made.error());
                break;
            }
            const auto page =
                cloud->api_url().substr(0, cloud->api_url().size() - std::string_view("v1").size());
            (*made)->on_ready([this, page] { ready(page); });
            auto serving = begin(std::move(*made));
            const auto ended = co_await serving->run();
            serving.reset(); // while the event loop it lives on still runs
            on = next();
            if (ended.has_error())
            {
                code = fail(ended.error());
                break;
            }
        }
        co_await cloud->stop();
        co_return code;
    }

    void stop()
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        if (served_)
            served_->stop();
    }

private:
    std::shared_ptr<gateway> begin(std::shared_ptr<gateway> made)
    {
        const std::lock_guard lock(mutex_);
        served_ = made;
        if (stopping_)
            served_->stop();
        return made;
    }

    // After a gateway has ended: is there to be another one?
    bool next()
    {
        {
            const std::lock_guard lock(mutex_);
            served_.reset();
            if (stopping_ || !wanted_)
                return false;
            way_.now = *std::exchange(wanted_, std::nullopt);
        }
        show();
        return true;
    }

    void ready(const std::string& page)
    {
        {
            const std::lock_guard lock(mutex_);
            way_.switching = false;
        }
        show();
        if (std::exchange(introduced_, true))
            return;
        std::cout << R"({"page": ")" << page << "\"}" << std::endl;
        std::cerr << "\n    The demo is ready: open " << page << " in a browser. Ctrl-C ends it.\n\n";
    }

    // Called by the page's server, on any thread.
    bool ask_for(mode wanted)
    {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_ || way_.switching || !served_)
                return false;
            if (wanted != way_.now)
            {
                wanted_ = wanted;
                way_.switching = true;
                served_->stop();
            }
        }
        show(); // a page that asks for what is there already has missed something
        return true;
    }

    bool through_stand_in() const { return way_.now == mode::webhook && !stand_in_.empty(); }

    void show()
    {
        const std::lock_guard lock(mutex_);
        way_.through = through_stand_in() ? "ngrok's stand-in" : "";
        front_->show(way_);
    }

    int fail(const error& why) const
    {
        out_.error(describe(why));
        return exit_code_for(why);
    }

    result<std::unique_ptr<emulator::emulator>> start_cloud(net::any_io_executor executor,
                                                            emulator::world_seed seed)
    {
        emulator::emulator_options options;
        options.listen = given_.listen;
        options.seed = std::move(seed);
        options.front = front_;
        options.front_owns = demo_server::serves;
        auto started = emulator::emulator::start(executor, std::move(options), out_.in("emulator"));
        if (started.has_value())
            (*started)->observe([f = feed_](const emulator::observed& seen) { publish(*f, seen); });
        return started;
    }

    gateway_options at_home() const
    {
        gateway_options options;
        options.data_dir = files_.path;
        return options;
    }

    gateway_options gateway_for(const emulator::emulator& cloud) const
    {
        auto options = at_home();
        options.api.base_url = cloud.api_url();
        options.token = secret(cloud.token("bot"));
        options.token_source = "the emulator";
        options.way = way_.now;
        options.device.u2c_url = cloud.u2c_url();
        options.listener.listen = "127.0.0.1:0";
        options.guard.organisations = {"own"}; // the page can invite somebody of another one
        options.guard.action = guard::on_refusal::tell;
        if (through_stand_in())
        {
            options.tunnel.kind = source::tunnel_kind::ngrok;
            options.tunnel.program = stand_in_;
            options.tunnel.token = secret("demo"); // it takes any
        }
        return options;
    }

    // Called by the page's server, on any thread. Each time anew: it reads beside the gateway, which has the
    // file.
    result<std::vector<journal::story>> known(const std::string& id) const
    {
        const auto where = at_home();
        if (where.journal.engine == journal_engine::memory)
            return error(errc::not_found, "telling why")
                .because("this demo's journal is in memory, and can't be read");
        const auto opened = journal::archive::open(journal_file(where));
        if (opened.has_error())
            return opened.error();
        return (*opened)->find(id);
    }

    trail watching() const
    {
        return [f = feed_](const hop_record& h) { publish(*f, h); };
    }

    const demo_arguments given_;
    const log out_;
    const passing_directory files_;
    const std::shared_ptr<demo_feed> feed_ = std::make_shared<demo_feed>();
    const std::shared_ptr<bot> who_ = std::make_shared<bot>();
    const std::shared_ptr<demo_server> front_ = std::make_shared<demo_server>(
        feed_, [this](mode m) { return ask_for(m); }, [this](const std::string& id) { return known(id); });
    std::string stand_in_; // its path, if it is on PATH
    bool introduced_ = false;

    std::mutex mutex_; // for what follows
    demo_way way_;
    std::optional<mode> wanted_;
    std::shared_ptr<gateway> served_;
    bool stopping_ = false;
};

} // namespace

int demo_command(const demo_arguments& given)
{
    const auto way = parse_mode(given.mode);
    if (!way)
    {
        std::cerr << "postern demo: --mode " << printable(given.mode) << ": expected websocket or webhook\n";
        return exit_usage;
    }
    demo one(given, *way, log(given.level, stderr_sink(log_format::human)));
    return run_process(
        2, [&one](net::any_io_executor executor) { return one.run(std::move(executor)); },
        [&one] { one.stop(); }, log(given.level, stderr_sink(log_format::human)));
}

} // namespace postern::app
