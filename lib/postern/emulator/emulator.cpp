#include "postern/emulator/emulator.hpp"

#include "postern/base/within.hpp"
#include "postern/emulator/canonical_json.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/transport/url.hpp"

namespace postern::emulator {
namespace {

constexpr std::size_t file_limit = 100u * 1024 * 1024;        // protocol/webex-rest.md 4.6
constexpr std::size_t upload_limit = file_limit + (10 << 20); // with the form around it
constexpr std::size_t json_limit = 1 << 20;
constexpr std::chrono::milliseconds goodbye{500};   // for websockets to end in peace
constexpr std::chrono::minutes handler_timeout{15}; // faults may hold an answer back for long

bool speaks_tls(const emulator_options& o) { return !o.certificate_file.empty() && !o.key_file.empty(); }

std::string last_part(std::string_view path)
{
    path = path.substr(0, path.find('?'));
    auto name = transport::percent_decode(path.substr(path.rfind('/') + 1));
    return name.empty() ? "file" : name;
}

void apply(const fault& f, transport::response& r)
{
    if (f.status)
    {
        auto sent = std::move(r.sent); // what took effect is told all the same
        r = f.body.empty() ? error_response({*f.status, std::string(transport::reason_phrase(*f.status))})
                           : transport::make_response(*f.status, f.body, "text/html");
        finish(r);
        r.sent = std::move(sent);
    }
    if (!f.content_type.empty())
        r.headers.set("Content-Type", f.content_type);
    for (const auto& [name, value] : f.headers)
        r.headers.add(name, value);
    if (f.truncate_after)
        r.cut_after = f.truncate_after;
    if (f.drop)
        r.cut_after = 0;
    if (r.cut_after)
        r.upgraded = nullptr;
}

transport::response without_a_byte()
{
    transport::response nothing;
    nothing.cut_after = 0;
    return nothing;
}

} // namespace

// What the handler and the sender share. The sender comes last: its reports use what stands above it.
struct emulator::core : std::enable_shared_from_this<core>
{
    core(net::any_io_executor ex, world_seed seed, emulator_options& o,
         std::shared_ptr<transport::http_client> fetcher, std::shared_ptr<transport::http_client> poster,
         log l)
        : speak(l.in("emulator")), mercury(o.mercury),
          clouds(std::move(seed), o.public_url, std::chrono::system_clock::now, speaks_tls(o)),
          fetch(std::move(fetcher)), post(poster), front(std::move(o.front)),
          front_owns(std::move(o.front_owns)),
          sender(
              std::move(ex), std::move(poster),
              [this](delivery_report report) { tell(clouds.delivery_ended(report)); }, l, o.delivery_timeout)
    {
        clouds.on_mode([this](delivery_mode mode) { sender.set_mode(mode); });
    }

    void tell(const observed& what)
    {
        std::shared_ptr<const std::function<void(observed)>> watcher;
        {
            const std::lock_guard lock(watch_mutex);
            watcher = watch;
        }
        if (watcher && *watcher)
            (*watcher)(what);
    }

    // The object is readable before anybody hears of it, and the caller has its answer
    // (protocol/webex-rest.md 10.3.19).
    transport::response release(cloud::settled done)
    {
        for (const auto& what : done.seen)
            tell(what);
        if (!done.deliveries.empty() || !done.tellings.empty())
            done.response.sent = [self = shared_from_this(), batch = std::move(done.deliveries),
                                  tellings = std::move(done.tellings)] {
                for (const auto& telling : tellings)
                    if (self->clouds.tell(telling))
                        self->tell(telling.about);
                for (const auto& delivery : batch)
                    self->deliver(delivery);
            };
        return std::move(done.response);
    }

    transport::response upgrade(const transport::request& r)
    {
        auto admission = clouds.knock(r);
        if (admission.refused)
            return std::move(*admission.refused);
        transport::response accepted;
        accepted.status = 101;
        accepted.upgraded = [self = shared_from_this(), a = std::move(admission)](auto socket) {
            const std::shared_ptr<cloud> shared(self, &self->clouds);
            return serve_mercury(shared, a, std::move(socket), self->mercury, self->speak);
        };
        return accepted;
    }

    void deliver(const cloud::dispatch& delivery)
    {
        clouds.delivery_began(delivery);
        tell(delivery.about);
        sender.send(delivery.what);
    }

    bool in_front(std::string_view path) const { return front && front_owns && front_owns(path); }

    log speak;
    mercury_options mercury;
    cloud clouds;
    std::shared_ptr<transport::http_client> fetch; // files that messages name by URL
    std::shared_ptr<transport::http_client> post;  // deliveries
    std::shared_ptr<transport::http_handler> front;
    std::function<bool(std::string_view)> front_owns;
    std::mutex watch_mutex;
    std::shared_ptr<const std::function<void(observed)>> watch;
    webhook_sender sender;
};

namespace {

awaitable<fetched_file> fetch_file(std::shared_ptr<transport::http_client> client, std::string from)
{
    fetched_file got;
    const auto where = transport::parse_url(from);
    if (!where)
        co_return got;
    transport::request ask;
    auto answer = co_await client->send(*where, std::move(ask), deadline::after(std::chrono::seconds(30)));
    if (!answer || answer->status != 200)
        co_return got;
    got.ok = true;
    got.file.name = last_part(where->target);
    got.file.type = answer->headers.has("Content-Type") ? std::string(answer->headers.get("Content-Type"))
                                                        : "application/octet-stream";
    got.file.bytes = std::make_shared<const std::string>(std::move(answer->body));
    co_return got;
}

} // namespace

class emulator_door final : public transport::http_handler
{
public:
    explicit emulator_door(std::shared_ptr<emulator::core> core) : core_(std::move(core)) {}

    admission admit(const transport::request& head) override
    {
        if (core_->in_front(head.path()))
            return core_->front->admit(head);
        admission a;
        a.body_limit =
            head.method == "POST" && head.path().starts_with("/v1/messages") ? upload_limit : json_limit;
        a.handler_timeout = handler_timeout;
        return a;
    }

    awaitable<transport::response> answer(transport::request r) override
    {
        if (core_->in_front(r.path()))
            co_return co_await core_->front->answer(std::move(r));
        if (cloud::controls(r.path()))
            co_return core_->release(core_->clouds.control(r));
        if (core_->clouds.in_outage())
        {
            core_->clouds.note_request(r, 0);
            co_return without_a_byte();
        }
        if (!rest_api::owns(r.path()))
        {
            auto unknown = error_response(refused::not_found());
            finish(unknown);
            co_return unknown;
        }
        co_return co_await play(std::move(r));
    }

private:
    // The request with what the faults in force make of it.
    awaitable<transport::response> play(transport::request r)
    {
        const auto hit = core_->clouds.faults.strike(r.method, r.path(), r.query());
        if (hit && hit->delay.count() > 0)
            co_await pause_for(hit->delay);
        const bool takes_effect = !hit || hit->after_effect || !(hit->status || hit->drop);
        transport::response response;
        if (takes_effect && cloud::is_socket(r))
            response = core_->upgrade(r);
        else if (takes_effect)
        {
            fetched_file file;
            const auto url = core_->clouds.wants_file(r);
            if (url)
                file = co_await fetch_file(core_->fetch, *url);
            response = core_->release(core_->clouds.answer(r, url ? &file : nullptr));
        }
        else
            core_->clouds.note_request(r, hit->drop ? 0 : *hit->status);
        if (hit)
            apply(*hit, response);
        co_return response;
    }

    std::shared_ptr<emulator::core> core_;
};

emulator::emulator(std::shared_ptr<core> c, std::unique_ptr<transport::http_server> server,
                   std::string origin, std::chrono::milliseconds patience)
    : core_(std::move(c)), server_(std::move(server)), origin_(std::move(origin)), patience_(patience)
{
}

emulator::~emulator() = default;

result<std::unique_ptr<emulator>> emulator::start(net::any_io_executor ex, emulator_options options, log l)
{
    if (options.seed.empty())
    {
        auto standard = parse_seed(default_seed(), "the default seed");
        if (!standard)
            return standard.error();
        options.seed = std::move(*standard);
    }
    while (options.public_url.ends_with('/'))
        options.public_url.pop_back();

    transport::http_client_options of_client;
    of_client.user_agent = "postern-emulator";
    of_client.ca_file = options.ca_file;
    auto poster = transport::make_http_client(ex, of_client, l);
    of_client.response_limit = file_limit;
    auto fetcher = transport::make_http_client(ex, of_client, l);
    if (!poster || !fetcher)
        return poster ? fetcher.error() : poster.error();

    const auto tls = speaks_tls(options);
    transport::http_server_options of_server;
    of_server.listen = options.listen;
    of_server.certificate_file = options.certificate_file;
    of_server.key_file = options.key_file;
    of_server.accept_chunked = true;
    of_server.body_limit = json_limit;
    of_server.read_timeout = std::chrono::minutes(2);
    of_server.write_timeout = std::chrono::minutes(2);

    const auto public_url = options.public_url;
    const auto patience = options.patience;
    auto seed = complete(std::move(options.seed), std::chrono::system_clock::now());
    auto shared =
        std::make_shared<core>(ex, std::move(seed), options, std::move(*fetcher), std::move(*poster), l);
    auto server = transport::http_server::bind(ex, of_server, std::make_shared<emulator_door>(shared), l);
    if (!server)
        return server.error();
    (*server)->start();
    auto origin = public_url.empty() ? (tls ? "https://" : "http://") + (*server)->address() : public_url;
    return std::unique_ptr<emulator>(
        new emulator(std::move(shared), std::move(*server), std::move(origin), patience));
}

awaitable<void> emulator::stop()
{
    core_->clouds.hang_up();
    const auto goodbyes = deadline::after(std::min<std::chrono::milliseconds>(patience_, goodbye));
    while (core_->clouds.has_sockets() && !goodbyes.passed()) // the server's stop would cut them
        co_await pause_for(std::chrono::milliseconds(5));
    co_await server_->stop(patience_);
    co_await core_->sender.stop(deadline::after(patience_));
    core_->post->close_idle();
    core_->fetch->close_idle();
}

void emulator::observe(std::function<void(observed)> watcher)
{
    const std::lock_guard lock(core_->watch_mutex);
    core_->watch = std::make_shared<const std::function<void(observed)>>(std::move(watcher));
}

awaitable<bool> emulator::idle(deadline limit)
{
    const bool quiet = co_await core_->sender.idle(limit);
    co_return quiet;
}

std::string emulator::api_url() const { return origin_ + "/v1"; }
std::string emulator::u2c_url() const { return origin_ + "/u2c/api/v1"; }
std::string emulator::control_url() const { return origin_ + "/_emulator"; }
std::string emulator::token(std::string_view name) const { return core_->clouds.token_of(name); }
std::string emulator::person_id(std::string_view name) const { return core_->clouds.person_id_of(name); }

std::string emulator::ready_line() const
{
    json::object line, tokens;
    for (const auto& [name, token] : core_->clouds.tokens())
        tokens[name] = token;
    line["listen"] = server_->address();
    line["api"] = api_url();
    line["control"] = control_url();
    line["u2c"] = u2c_url();
    line["tokens"] = std::move(tokens);
    return to_js_json(line);
}

} // namespace postern::emulator
