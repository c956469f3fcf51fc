#include "soak/audit.hpp"
#include "soak/big.hpp"
#include "soak/crash.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <random>

using namespace postern::test;

int main(int argc, char** argv)
{
    CLI::App app("The tests of postern that can be made longer", "soak");
    app.require_subcommand(1);
    std::string program = POSTERN_PROGRAM;
    app.add_option("--program", program, "the postern to test");

    crash_options crashing;
    crashing.seed = std::random_device()();
    std::string mode = "both";
    auto* crash_command = app.add_subcommand("crash", "kills servers at random moments; nothing may be lost");
    crash_command->add_option("--rounds", crashing.rounds, "servers to kill")
        ->take_last()
        ->capture_default_str();
    crash_command->add_option("--seed", crashing.seed, "of what is random, to draw the same again");
    crash_command->add_option("--mode", mode)
        ->check(CLI::IsMember({"webhook", "websocket", "both"}))
        ->capture_default_str();

    big_options big_one;
    auto* big_command = app.add_subcommand("big", "a journal with many events: its start and its memory");
    big_command->add_option("--events", big_one.events)->capture_default_str();

    audit_options auditing;
    auto* audit_command = app.add_subcommand("audit", "an audit of many rooms where requests are limited");
    audit_command->add_option("--rooms", auditing.rooms)->check(CLI::Range(1, 5000))->capture_default_str();
    audit_command->add_option("--rate", auditing.rate, "requests a second")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    audit_command->add_option("--bad", auditing.bad, "rooms with an outsider")->capture_default_str();
    CLI11_PARSE(app, argc, argv);

    try
    {
        bool good = false;
        if (app.got_subcommand(crash_command))
        {
            crashing.program = program;
            crashing.modes = mode == "both" ? std::vector<std::string>{"websocket", "webhook"}
                                            : std::vector<std::string>{mode};
            good = crash(crashing);
        }
        else if (app.got_subcommand(audit_command))
        {
            auditing.program = program;
            good = audit(auditing);
        }
        else
        {
            big_one.program = program;
            good = big(big_one);
        }
        return good ? 0 : 1;
    }
    catch (const std::exception& e)
    {
        std::cerr << "soak: " << e.what() << '\n';
        return 1;
    }
}
