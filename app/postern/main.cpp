#include "commands.hpp"

#include "postern/gateway/command_line.hpp"
#include "postern/gateway/process.hpp"
#include "postern/gateway/settings.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>

namespace {

using namespace postern;
using namespace postern::app;

constexpr auto about = R"(postern brings Webex events to bots that live behind a firewall.
Begin with "postern demo": it needs no account. "postern COMMAND --help" teaches each command.)";

constexpr auto exit_codes = R"(Exit codes:
  0  stopped as asked (SIGINT, SIGTERM)
  1  a defect of postern, or the command could not do its work
  2  a wrong flag, variable or file: the line on standard error names it
  3  the listening address is in use or not ours
  4  Webex rejects the access token
  5  a second signal came while stopping
  6  of postern audit: not all rooms could be looked at or mended
Whatever else Webex or the network do is logged, shown in /ready and tried again.)";

constexpr auto run_about = R"(Takes the events of Webex and hands them to the bot (/help, /echo).

The access token comes from WEBEX_ACCESS_TOKEN (older names are read too: WEBEX_TEAMS_ACCESS_TOKEN,
WEBEX_BOT_TOKEN, SPARK_ACCESS_TOKEN, TEAMS_BOT_TOKEN, BOT_ACCESS_TOKEN ...) or from --token-file; never from
a flag, where every user of the machine could read it.

  WEBEX_ACCESS_TOKEN=... postern run                            over a websocket: outbound HTTPS is enough
  WEBEX_ACCESS_TOKEN=... postern run --mode webhook --public-url https://bots.example.com
  postern run --config /etc/postern.toml
  HTTPS_PROXY=http://USER:PASSWORD@proxy:3128 postern run       the way out, for every connection
  postern run --api-url http://127.0.0.1:43210/v1 --u2c-url http://127.0.0.1:43210/u2c/api/v1 \
      --listen 127.0.0.1:0                                      against postern emulator

In websocket mode it registers a device with Webex, named after this host and the bot, and deletes it at stop;
after a crash the next start takes it over (postern devices list|prune). In webhook mode it makes the webhooks
it needs, and removes them at stop. When it is ready it prints one JSON line with its addresses to standard
output; the log goes to standard error. GET /healthz tells that it lives, GET /ready whether it can do its
work, and if not, why.)";

constexpr auto devices_about =
    R"(In websocket mode events come in through a device that is registered with Webex. A user may have only so many;
with too many of them Webex refuses to register another.

  postern devices list               all devices of the token's user, other programs' too
  postern devices prune              deletes those with the name of this host's postern; others stay

The token comes from where postern run takes it.)";

constexpr auto webhooks_about =
    R"(In webhook mode postern keeps its webhooks right by itself; this is for looking, and for mending by hand.

  postern webhooks list                              all webhooks of the token, other programs' too
  postern webhooks sync --public-url https://...     makes ours deliver there, signed with our secret
  postern webhooks remove                            removes ours; others stay

Ours are those of the instance that --data-dir belongs to. The token comes from where postern run takes it.)";

constexpr auto events_about =
    R"(What came in and what became of it, from the journal in --data-dir; a running postern is not disturbed. No token
is needed.

  postern events list                            the newest 50
  postern events list --since 30m --state ignored
  postern events list --verdict refused          what the guard did not let through
  postern events list --room 6a0c5d60 --limit 500 --json
  postern events why 4711                        the story of one event: how it came, who tried what, what the
                                                 guard said, what was answered, or why nothing was
  postern events why 8f14e45f-0728-11f1-...      the same by a message: its id or UUID, or that of the reply
  postern events show 4711                       as JSON, with the notification as it came
  postern events dead                            what was given up, with the reasons
  postern events retry 4711                      goes on where it ended; retry --all: with all that are dead
  postern events replay 4711 4712                as if they had never been: the bot answers again
  postern events replay --since 2h --room 6a0c5d60

ID is the number of the list, a key, the id or UUID of a message, card action or membership, or the id of a reply.
TIME is an age (90s, 30m, 2h, 3d), a day or a moment (2026-02-11, 2026-02-11T09:14:27Z). Replays and retries are done
by the postern that runs on this journal, at once; if none does, at its next start.
Exit code 0: something was found (or asked for); 1: nothing was; 2: a wrong flag, or no journal that can be read.)";

constexpr auto audit_about =
    R"(Looks at the members of all rooms that the bot is in, once, and reports the rooms with somebody who may not be
there by the guard's rules (guard.* of the configuration, or the flags above). Nothing is changed without --fix.

  postern audit --allow-org own                  rooms with people of other organisations
  postern audit --config bot.toml --json         one JSON object on standard output; for cron, a file a bot
  postern audit --config bot.toml --fix          leaves these rooms

With guard.action remove, --fix removes the outsiders where the bot is moderator, and leaves elsewhere. With leave, and
with ignore or tell as well, it leaves: who asks for --fix wants something done. A direct room that Webex does not let
the bot out of is reported as failed. With guard.check sender, where rooms with outsiders are intended, there is no
--fix.
A message in a room that is bad is not acted on, whether or not the room was audited: that is the guard's work.

Rate limits of Webex are waited out. An audit that is interrupted (Ctrl-C, a crash, Webex away) is gone on with by the
next one with the same rules and token within a day; what it saw is in data_dir. --restart begins anew.
The token comes from where postern run takes it.

Exit codes:
  0  no room is bad, or all that were are mended
  1  bad rooms were found, and nothing was done about them
  2  a wrong flag, variable or file, or no rules: the line on standard error names it
  4  Webex rejects the access token
  6  rooms are not looked at, not decided or not mended: the report says which and why, or the audit was interrupted)";

constexpr auto emulator_about =
    R"(A local Webex cloud in memory: REST API, webhooks with signatures, service catalogue, device registration
and websockets, people of several organisations, bots.
Prints one JSON line when ready: {"api": ..., "control": ..., "u2c": ..., "tokens": {"bot": ..., "alice": ...}}

  postern emulator --port 0
  curl -H "Authorization: Bearer $ALICE" "$API/rooms"
  curl "$CONTROL/"                  lists what no client can do: faults, sockets, clock, state, reset)";

constexpr auto demo_about =
    R"(An emulated cloud, the gateway and a bot in one process. Open the printed page, write to the bot and see
each hop of your message with its time. Nothing leaves this machine.)";

// The files' keys, the variables and the flags are one table; so is this help.
std::string settings_help()
{
    return std::string(run_about) +
           "\n\nEvery setting is a key of the configuration file and a variable as well; a flag wins over "
           "the variable,\nthe variable over the file:\n" +
           table_of_settings() + '\n' + exit_codes;
}

void add_run(CLI::App& app, run_arguments& into)
{
    auto* command =
        app.add_subcommand("run", "The server: takes the events of Webex and hands them to the bot");
    command->footer(settings_help);
    add_settings(*command, into);
}

// The settings of `run` that say whose devices these are.
void add_devices(CLI::App& app, devices_arguments& into)
{
    auto* command = app.add_subcommand("devices", "The devices that Webex has registered for this token");
    command->footer(std::string(devices_about) + "\n\n" + exit_codes);
    command->require_subcommand(1);
    command->add_subcommand("list", "all devices of the token's user")->fallthrough();
    command->add_subcommand("prune", "deletes the devices of this host's postern")
        ->fallthrough()
        ->callback([&into] { into.prune = true; });
    command->add_flag("--json", into.as_json, "JSON instead of a table");
    command->add_option("-c,--config", into.config, "TOML file, as for postern run")->type_name("FILE");
    for (const auto key : {"webex.api_url", "device.u2c_url", "device.name", "webex.token_file",
                           "webex.ca_file", "network.proxy", "network.no_proxy", "data_dir", "log.level"})
        for (const auto& s : settings())
            if (s.key == key)
                add_setting(*command, s, into.flags);
}

void add_webhooks(CLI::App& app, webhooks_arguments& into)
{
    using task = webhooks_arguments::task;
    auto* command = app.add_subcommand("webhooks", "The webhooks that Webex has for this token");
    command->footer(std::string(webhooks_about) + "\n\n" + exit_codes);
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* help, task what) {
        command->add_subcommand(name, help)->fallthrough()->callback([&into, what] { into.what = what; });
    };
    add("list", "all webhooks of the token", task::list);
    add("sync", "makes ours right for --public-url", task::sync);
    add("remove", "removes ours", task::remove);
    command->add_flag("--json", into.as_json, "JSON instead of a table");
    command->add_option("-c,--config", into.config, "TOML file, as for postern run")->type_name("FILE");
    for (const auto key : {"webex.api_url", "webhook.public_url", "webhook.path", "webex.token_file",
                           "webex.ca_file", "network.proxy", "data_dir", "log.level"})
        for (const auto& s : settings())
            if (s.key == key)
                add_setting(*command, s, into.flags);
}

void add_filters(CLI::App& command, events_arguments& into)
{
    const auto add = [&](const char* flag, std::string& text, const char* value, const char* help) {
        command.add_option(flag, text, help)->type_name(value);
    };
    add("--state", into.state, "STATE", "waiting, done, ignored or dead");
    add("--verdict", into.verdict, "VERDICT", "what the guard said last: admitted, refused or undecided");
    add("--since", into.since, "TIME", "received since then: 30m, 2h, 3d, or a day or moment");
    add("--until", into.until, "TIME", "received before then");
    add("--room", into.room, "ROOM", "of this room: its id, its UUID, or as the list shows it");
    add("--kind", into.kind, "KIND", "of this kind: messages:created, memberships:created, ...");
    add("--consumer", into.consumer, "NAME", "for this consumer (default: every one)");
    command.add_option("--limit", into.limit, "at most so many, the newest")
        ->type_name("N")
        ->check(CLI::Range(1, 10'000'000));
}

void add_events(CLI::App& app, events_arguments& into)
{
    using task = events_arguments::task;
    auto* command = app.add_subcommand("events", "What came in, and what became of it");
    command->footer(events_about);
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* help, task what) {
        auto* one = command->add_subcommand(name, help)->fallthrough();
        one->callback([&into, what] { into.what = what; });
        return one;
    };
    const auto add_names = [&](CLI::App* one) { return one->add_option("ID", into.names, "which"); };
    add_filters(*add("list", "the newest events, a line each", task::list), into);
    add_names(add("show", "all of one event, as JSON", task::show))->required();
    add_names(add("why", "the story of one event, in words", task::why))->required();
    auto* dead = add("dead", "what was given up: list --state dead", task::list);
    dead->parse_complete_callback([&into] { into.state = "dead"; });
    add_filters(*dead, into);
    auto* replay = add("replay", "has events handled as if they had never been", task::replay);
    auto* retry = add("retry", "goes on with what was given up", task::retry);
    for (auto* one : {replay, retry})
    {
        add_names(one);
        add_filters(*one, into);
    }
    retry->add_flag("--all", into.all, "all that are dead");
    command->add_flag("--json", into.as_json, "JSON instead of lines");
    command->add_option("-c,--config", into.config, "TOML file, as for postern run")->type_name("FILE");
    for (const auto& s : settings())
        if (s.key == "data_dir")
            add_setting(*command, s, into.flags);
}

void add_audit(CLI::App& app, audit_arguments& into)
{
    auto* command = app.add_subcommand("audit", "Which rooms have members who may not be there");
    command->footer(audit_about);
    command->add_flag("--fix", into.fix, "leaves bad rooms, or removes the outsiders; see below");
    command->add_flag("--restart", into.restart, "does not go on where an audit was interrupted");
    command->add_flag("--json", into.as_json, "JSON instead of a table");
    command->add_option("-c,--config", into.config, "TOML file, as for postern run")->type_name("FILE");
    for (const auto key :
         {"guard.organisations", "guard.domains", "guard.people", "guard.rooms", "guard.bots",
          "guard.monitors", "guard.action", "webex.api_url", "webex.token_file", "webex.ca_file",
          "network.proxy", "network.no_proxy", "data_dir", "log.level"})
        for (const auto& s : settings())
            if (s.key == key && !s.flag.empty())
                add_setting(*command, s, into.flags);
}

void add_log_options(CLI::App& command, severity& level)
{
    command
        .add_option_function<std::string>(
            "--log-level",
            [&level](const std::string& text) {
                const auto parsed = parse_severity(text);
                if (!parsed)
                    throw CLI::ValidationError("--log-level", "expected error, warning, info or debug");
                level = *parsed;
            },
            "error, warning, info (default) or debug")
        ->type_name("LEVEL");
}

void add_emulator(CLI::App& app, emulator_arguments& into)
{
    auto* command =
        app.add_subcommand("emulator", "A local Webex cloud in memory, to develop and test against");
    command->footer(std::string(emulator_about) + "\n\n" + exit_codes);
    command->add_option("--listen", into.listen, "where to listen (default 127.0.0.1:0, any free port)")
        ->type_name("ADDR:PORT");
    command
        ->add_option_function<unsigned>(
            "--port", [&into](unsigned port) { into.listen = "127.0.0.1:" + std::to_string(port); },
            "the same on loopback; 0 takes any free port")
        ->type_name("PORT")
        ->check(CLI::Range(0, 65535));
    command
        ->add_option("--seed", into.seed_file, "JSON file with organisations, people and rooms to begin with")
        ->type_name("FILE");
    auto* certificate =
        command
            ->add_option("--certificate-file", into.certificate_file, "PEM certificate: it then speaks TLS")
            ->type_name("FILE");
    auto* key =
        command->add_option("--key-file", into.key_file, "PEM key of the certificate")->type_name("FILE");
    certificate->needs(key);
    key->needs(certificate);
    command
        ->add_option("--ca-file", into.ca_file,
                     "PEM certificates to trust besides the system's where webhooks are delivered")
        ->type_name("FILE");
    command->add_flag("--print-seed", into.print_seed,
                      "print the built-in seed, to begin a file of your own with");
    add_log_options(*command, into.level);
}

void add_demo(CLI::App& app, demo_arguments& into)
{
    auto* command =
        app.add_subcommand("demo", "Cloud, gateway and bot in one process, with a page to try them");
    command->footer(std::string(demo_about) + "\n\n" + exit_codes);
    command->add_option("--listen", into.listen, "where the page is (default 127.0.0.1:0, any free port)")
        ->type_name("ADDR:PORT");
    command->add_option("--mode", into.mode, "how events reach the bot: websocket (default) or webhook")
        ->type_name("MODE");
    add_log_options(*command, into.level);
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app(about, "postern");
    app.footer(exit_codes);
    app.set_version_flag("--version", std::string("postern " POSTERN_VERSION));
    app.require_subcommand(1);
    app.get_formatter()->column_width(32);

    run_arguments run;
    devices_arguments devices;
    webhooks_arguments webhooks;
    events_arguments events;
    audit_arguments audit;
    emulator_arguments emulator;
    demo_arguments demo;
    add_run(app, run);
    add_devices(app, devices);
    add_webhooks(app, webhooks);
    add_events(app, events);
    add_audit(app, audit);
    add_emulator(app, emulator);
    add_demo(app, demo);

    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::Success& asked) // --help and --version
    {
        return app.exit(asked);
    }
    catch (const CLI::ParseError& wrong)
    {
        const auto chosen = app.get_subcommands();
        const auto name = chosen.empty() ? std::string("postern") : "postern " + chosen.front()->get_name();
        std::cerr << name << ": " << wrong.what() << "; " << name << " --help lists what there is\n";
        return exit_usage;
    }
    if (app.got_subcommand("run"))
        return run_command(run);
    if (app.got_subcommand("devices"))
        return devices_command(devices);
    if (app.got_subcommand("webhooks"))
        return webhooks_command(webhooks);
    if (app.got_subcommand("events"))
        return events_command(events);
    if (app.got_subcommand("audit"))
        return audit_command(audit);
    if (app.got_subcommand("emulator"))
        return emulator_command(emulator);
    return demo_command(demo);
}
