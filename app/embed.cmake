# The files of page/ become a part of the program: postern_embed_page(TARGET) makes page_assets.hpp and page_assets.cpp
# in the build tree from them and adds both to TARGET. The same file, run as a script, does the making.

if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(POSTERN_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

  function(postern_embed_page target)
    cmake_path(GET POSTERN_EMBED_SCRIPT PARENT_PATH app)
    file(GLOB files CONFIGURE_DEPENDS ${app}/postern/page/*.html ${app}/postern/page/*.css ${app}/postern/page/*.js)
    set(made ${CMAKE_CURRENT_BINARY_DIR}/page)
    add_custom_command(OUTPUT ${made}/page_assets.cpp ${made}/page_assets.hpp
      COMMAND ${CMAKE_COMMAND} -D "files=${files}" -D made=${made} -P ${POSTERN_EMBED_SCRIPT}
      DEPENDS ${files} ${POSTERN_EMBED_SCRIPT} COMMENT "Embedding the page of the demo" VERBATIM)
    target_sources(${target} PRIVATE ${made}/page_assets.cpp ${made}/page_assets.hpp)
    target_include_directories(${target} PRIVATE ${made})
  endfunction()
  return()
endif()

set(type_of_html "text/html; charset=utf-8")
set(type_of_css "text/css; charset=utf-8")
set(type_of_js "text/javascript; charset=utf-8")

# Bytes as string literals, a line of them at a time: compilers take these far quicker than lists of numbers.
set(bodies "")
set(rows "")
set(count 0)
foreach(file IN LISTS files)
  cmake_path(GET file FILENAME name)
  cmake_path(GET file EXTENSION LAST_ONLY extension)
  string(SUBSTRING "${extension}" 1 -1 extension)
  if(NOT DEFINED type_of_${extension})
    message(FATAL_ERROR "${file}: embed.cmake has no content type for .${extension}")
  endif()
  file(READ ${file} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "\\\\x\\1" body "${hex}")
  string(REPEAT "...." 32 line) # 32 bytes, as \x and two digits each
  string(REGEX REPLACE "(${line})" "\\1\"\n    \"" body "${body}")
  string(APPEND bodies "constexpr char body_${count}[] =\n    \"${body}\";\n")
  string(APPEND rows "    {\"/${name}\", \"${type_of_${extension}}\", {body_${count}, ${size}}},\n")
  math(EXPR count "${count} + 1")
endforeach()

file(WRITE ${made}/page_assets.hpp
"#pragma once

#include <span>
#include <string_view>

namespace postern::demo {

struct asset
{
    std::string_view path; // \"/app.js\"
    std::string_view content_type;
    std::string_view body;
};

std::span<const asset> page_assets();

} // namespace postern::demo
")
file(WRITE ${made}/page_assets.cpp
"#include \"page_assets.hpp\"

namespace postern::demo {
namespace {

${bodies}
constexpr asset assets[] = {
${rows}};

} // namespace

std::span<const asset> page_assets() { return assets; }

} // namespace postern::demo
")
