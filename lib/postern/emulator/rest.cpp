#include "postern/emulator/rest.hpp"

#include "postern/emulator/routes.hpp"

#include <algorithm>
#include <array>

namespace postern::emulator {
namespace {

refusal unauthorised()
{
    return {401, "The request requires a valid access token set in the Authorization request header."};
}

bool plausible_host(std::string_view host)
{
    return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-._:[]").find(c) != std::string_view::npos;
    });
}

} // namespace

bool rest_api::owns(std::string_view path)
{
    constexpr std::array<std::string_view, 6> services{
        "/v1/", "/u2c/", "/wdm/", "/wdm-elsewhere/", "/conversation/", "/metrics/"};
    return path == "/v1" || std::any_of(services.begin(), services.end(),
                                        [&](std::string_view s) { return path.starts_with(s); });
}

bool allows(const token_grant& grant, std::string_view scope)
{
    const auto has = [&](std::string_view s) {
        return std::find(grant.scopes.begin(), grant.scopes.end(), s) != grant.scopes.end();
    };
    return scope.empty() || grant.scopes.empty() || has(scope) || has("spark:all");
}

std::string rest_api::origin_of(const transport::request& r) const
{
    if (!public_url_.empty())
        return public_url_;
    const auto host = r.headers.get("Host");
    return (tls_ ? "https://" : "http://") + (plausible_host(host) ? std::string(host) : "localhost");
}

granted<const token_grant*> rest_api::authenticate(const transport::request& r) const
{
    constexpr std::string_view scheme = "Bearer ";
    auto given = r.headers.get("Authorization");
    if (!transport::equal_ignoring_case(given.substr(0, scheme.size()), scheme))
        return unauthorised();
    given.remove_prefix(scheme.size());
    const auto* grant = state_.find_token(given);
    if (!grant || grant->expired || !state_.find_person(grant->person))
        return unauthorised();
    return grant;
}

const person* rest_api::caller(const transport::request& r) const
{
    const auto grant = authenticate(r);
    return grant ? state_.find_person((*grant)->person) : nullptr;
}

granted<transport::response> rest_api::dispatch(const transport::request& r, const fetched_file* fetched,
                                                outcome& done)
{
    auto way = find_route(r.method, r.path());
    if (way.verdict == lookup::wrong_path)
        return refused::not_found();
    if (way.verdict == lookup::wrong_method)
        return refusal{405, "The HTTP method is not supported for this resource."};
    static const token_grant no_grant;
    static const person nobody;
    const auto* grant = &no_grant;
    const auto* who = &nobody;
    if (way.to->scope != without_token)
    {
        const auto shown = authenticate(r);
        if (!shown)
            return shown.error();
        grant = *shown;
        who = state_.find_person(grant->person);
        if (!allows(*grant, way.to->scope))
            return refused::not_allowed();
    }

    state_.accept_bare_uuids_everywhere(odd.bare_uuids_everywhere);
    call c{state_,       devices_, odd, r, *who, *grant, origin_of(r), transport::parse_query(r.query()),
           way.captured, fetched,  {}};
    auto answer = way.to->handle(c);
    done.activities = std::move(c.activities);
    return answer;
}

rest_api::outcome rest_api::answer(const transport::request& r, const fetched_file* fetched)
{
    outcome done;
    auto answer = dispatch(r, fetched, done);
    done.response = answer ? std::move(*answer) : error_response(answer.error());
    finish(done.response);
    return done;
}

} // namespace postern::emulator
