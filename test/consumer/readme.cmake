# The bot in README.md is the one that is built here, letter by letter. Needs -D readme=, source=
file(READ ${source} code)
string(REGEX MATCH "// \\[bot\\]\n(.*)// \\[bot\\]" marked "${code}")
set(shown "${CMAKE_MATCH_1}")
file(READ ${readme} text)
string(FIND "${text}" "```cpp\n${shown}```" at)
if(shown STREQUAL "" OR at EQUAL -1)
  message(FATAL_ERROR "the bot in README.md differs from the lines between the marks of ${source}:\n${shown}")
endif()
