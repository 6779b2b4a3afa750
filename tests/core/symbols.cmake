# Every symbol that the static library shows begins with unroll_, so that it can be linked into any program.
execute_process(COMMAND ${NM} --extern-only --defined-only --format=posix ${LIBRARY}
    OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "(^|\n)[^\n:]+ [A-Z] [^\n]*" lines "${symbols}")
list(LENGTH lines count)
list(TRANSFORM lines STRIP)
list(FILTER lines EXCLUDE REGEX "^_?unroll_")
if(count LESS 50)
    message(FATAL_ERROR "${LIBRARY} shows ${count} symbols, fewer than there are functions")
elseif(lines)
    message(FATAL_ERROR "without the prefix unroll_: ${lines}")
endif()
