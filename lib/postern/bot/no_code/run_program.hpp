#pragma once

#include "postern/bot/no_code/answer_of.hpp"
#include "postern/bot/no_code/no_code_options.hpp"
#include "postern/bot/no_code/telling.hpp"

namespace postern::no_code {

// Runs the program of a command once: in a process group of its own, with the event on its standard input and
// in variables, in an environment that holds nothing else of ours. What it writes is the answer. It is
// stopped, with all its group, when `limit` passes, when it floods, or when the caller is cancelled; what is
// left of its group when it ends goes with it. Runs on a strand.
awaitable<answer_of> run_program(program_call what, telling about, no_code_options how, deadline limit,
                                 log out);

// What it wrote, in the form that the command asks for.
spoken as_spoken(program_call::format, std::string text, bool cut);

} // namespace postern::no_code
