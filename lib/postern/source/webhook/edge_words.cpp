#include "postern/source/webhook/edge_words.hpp"

#include <algorithm>
#include <array>

namespace postern::source {
namespace {

struct row
{
    std::string_view code;
    path_break at;
    const char* what;
    const char* advice;
};

constexpr const char* start_tunnel =
    "check that the tunnel is running and that the public URL is the one it got";
constexpr const char* one_owner = "end the other agent, or give this one a name of its own";
constexpr const char* see_plan = "see the limits of the account in ngrok's dashboard";

constexpr std::array rows{
    row{"ERR_NGROK_3200", path_break::edge, "the tunnel is offline", start_tunnel},
    row{"ERR_NGROK_8012", path_break::tunnel, "the agent is connected but can't reach our listener",
        "check that the tunnel points to the address we listen at"},
    row{"ERR_NGROK_3004", path_break::tunnel, "what the agent reaches does not speak HTTP",
        "check that the tunnel points to our listener, and http:// against https://"},
    row{"ERR_NGROK_3204", path_break::edge, "the edge's own webhook verification refuses it",
        "give the traffic policy the webhooks' secret, or take the rule away: postern verifies itself"},
    row{"ERR_NGROK_6024", path_break::edge, "the edge shows its page for browsers",
        "something between changes User-Agent and drops ngrok-skip-browser-warning"},
    row{"ERR_NGROK_6022", path_break::edge, "the edge serves no pages without an account",
        "give the agent an authtoken"},
    row{"ERR_NGROK_6025", path_break::edge, "several agents claim this name", one_owner},
    row{"ERR_NGROK_6030", path_break::edge, "several agents claim this name", one_owner},
    row{"ERR_NGROK_702", path_break::edge, "the edge's rate limit is reached", see_plan},
    row{"ERR_NGROK_734", path_break::edge, "the edge's rate limit is reached", see_plan},
};

} // namespace

std::optional<path_finding> edge_words(std::string_view code)
{
    if (code.empty())
        return std::nullopt;
    const auto name = printable(code, 40);
    const auto known = std::find_if(rows.begin(), rows.end(), [&](const row& r) { return r.code == code; });
    if (known != rows.end())
        return path_finding{known->at, std::string(known->what) + " (" + name + ')', known->advice};
    return path_finding{path_break::edge, "the edge refuses it (" + name + ')',
                        "look the code up in ngrok's documentation"};
}

} // namespace postern::source
