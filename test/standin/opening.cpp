#include "standin/opening.hpp"

#include "postern/base/crypto.hpp"

namespace postern::standin {
namespace {

// A free account has one domain, the same at every start (protocol/ngrok.md 6).
constexpr auto account_domain = "humble-heron-standin.ngrok-free.test";

std::string random_url(const std::string& scheme)
{
    return scheme + "://" + random_hex(6) + ".ngrok-free.test";
}

std::string choose_url(const world& w, const endpoint_spec& spec, const std::string& scheme)
{
    const auto& forced = w.env.url;
    const bool first = w.tunnels.empty();
    if (first && (forced == "public" || (forced.empty() && spec.url.empty())))
        return w.public_origin;
    if (first && forced.find("://") != forced.npos)
        return forced;
    if (spec.url == "https://" || spec.url == "http://" || (spec.url.empty() && forced == "random"))
        return random_url(spec.url == "http://" ? "http" : scheme);
    if (spec.url.empty())
        return scheme + "://" + account_domain;
    return spec.url.find("://") == spec.url.npos ? scheme + "://" + spec.url : spec.url;
}

tunnel make_tunnel(const endpoint_spec& spec, std::string name, std::string url)
{
    tunnel t;
    t.name = std::move(name);
    t.id = random_hex(16);
    t.url = std::move(url);
    t.proto = t.url.substr(0, t.url.find(':'));
    t.upstream = upstream_url(spec.upstream);
    t.inspect = spec.inspect;
    t.pooling = spec.pooling;
    t.metadata = spec.metadata;
    t.description = spec.description;
    t.traffic_policy = spec.traffic_policy;
    t.webhook_secret = webhook_secret_of(spec.traffic_policy).first;
    t.host_header = spec.host_header;
    return t;
}

std::optional<remote_refusal> objection(world& w, const endpoint_spec& spec, const std::string& url)
{
    auto facts = w.facts();
    facts.url = url;
    facts.limit = w.env.endpoints;
    if (w.tunnels.all().size() >= static_cast<std::size_t>(w.env.endpoints))
        return make_refusal(324, facts);
    const auto* ours = w.tunnels.at_url(url);
    if ((ours && !(ours->pooling && spec.pooling)) || !w.service.claim(url, spec.pooling))
        return make_refusal(334, facts);
    return std::nullopt;
}

} // namespace

opened open_tunnels(world& w, const endpoint_spec& spec)
{
    struct wanted
    {
        std::string name;
        std::string url;
    };
    std::vector<wanted> list;
    if (spec.schemes != "https")
        list.push_back(
            {spec.schemes == "both" ? spec.name + " (http)" : spec.name, choose_url(w, spec, "http")});
    if (spec.schemes != "http")
        list.push_back({spec.name, choose_url(w, spec, "https")});

    opened done;
    for (const auto& one : list)
        if (one.url != list.front().url || &one == &list.front())
            if (done.refused = objection(w, spec, one.url); done.refused)
                return done;
    for (const auto& one : list)
    {
        const auto& t = w.tunnels.add(make_tunnel(spec, one.name, one.url));
        done.names.push_back(t.name);
        w.out.info("started tunnel",
                   {{"obj", "tunnels"}, {"name", t.name}, {"addr", t.upstream}, {"url", t.url}});
    }
    write_state(w);
    return done;
}

bool close_tunnel(world& w, std::string_view name)
{
    const auto* t = w.tunnels.find(name);
    if (t == nullptr)
        return false;
    w.service.release(t->url);
    w.tunnels.remove(name);
    write_state(w);
    return true;
}

} // namespace postern::standin
