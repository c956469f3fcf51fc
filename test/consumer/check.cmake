# Installs the build tree, builds the bot against what was installed, and runs it.
# Needs -D build=, work=, source=, generator=, compiler=, launcher=, type=

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${work}/prefix)  # nothing of an earlier install may help
run(${CMAKE_COMMAND} --install ${build} --prefix ${work}/prefix)
run(${CMAKE_COMMAND} --fresh -S ${source} -B ${work}/build -G ${generator}
    -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_CXX_COMPILER_LAUNCHER=${launcher} -D CMAKE_BUILD_TYPE=${type}
    -D CMAKE_PREFIX_PATH=${work}/prefix -D CMAKE_FIND_USE_PACKAGE_REGISTRY=OFF)
run(${CMAKE_COMMAND} --build ${work}/build)

# Without a token it must not start, and must say what is missing: that is the library at work.
execute_process(COMMAND env -i ${work}/build/lunch_bot RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT code EQUAL 2 OR NOT output MATCHES "WEBEX_ACCESS_TOKEN")
  message(FATAL_ERROR "the bot ended with ${code}, not 2, or does not name what it needs:\n${output}")
endif()
