#include "postern/emulator/rest.hpp"

#include "postern/emulator/routes.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

// The service catalogue, as far as the REST side of the SDKs needs it (protocol/webex-rest.md 10.1).
transport::response catalogue(std::string_view origin)
{
    json::object links;
    links["hydra"] = std::string(origin) + "/v1";
    json::object body;
    body["serviceLinks"] = std::move(links);
    body["hostCatalog"] = json::object();
    return json_response(body);
}

bool is_catalogue(std::string_view path)
{
    return match_path("/u2c/api/v1/limited/catalog", path) || match_path("/u2c/api/v1/catalog", path);
}

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
    return path == "/v1" || path.starts_with("/v1/") || path.starts_with("/u2c/");
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
    return "http://" + (plausible_host(host) ? std::string(host) : "localhost");
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
    if (r.method == "GET" && is_catalogue(r.path()))
        return catalogue(origin_of(r));
    auto way = find_route(r.method, r.path());
    if (way.verdict == lookup::wrong_path)
        return refused::not_found();
    if (way.verdict == lookup::wrong_method)
        return refusal{405, "The HTTP method is not supported for this resource."};
    const auto grant = authenticate(r);
    if (!grant)
        return grant.error();
    const auto& who = *state_.find_person((*grant)->person);
    if (!allows(**grant, way.to->scope))
        return refused::not_allowed();

    state_.accept_bare_uuids_everywhere(odd.bare_uuids_everywhere);
    call c{state_,       odd,     r, who, **grant, origin_of(r), transport::parse_query(r.query()),
           way.captured, fetched, {}};
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
