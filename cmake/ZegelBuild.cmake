# How every target of the house is built, and the two functions that make them.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

option(ZEGEL_TESTS "Build the tests" ON)
option(ZEGEL_BENCH "Build the benchmarks" ON)
option(ZEGEL_FUZZ "Build the fuzz targets (libFuzzer)" OFF)
set(ZEGEL_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

find_program(ZEGEL_LLD NAMES ld.lld-19)
if(ZEGEL_LLD)
  add_link_options(--ld-path=${ZEGEL_LLD})
endif()

add_library(zegel_flags INTERFACE)
target_compile_options(zegel_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Wimplicit-fallthrough -Wthread-safety -Werror -fstack-protector-strong -fcf-protection)
target_compile_definitions(zegel_flags INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2> _GLIBCXX_ASSERTIONS)
target_link_options(zegel_flags INTERFACE -Wl,-z,relro,-z,now)
if(ZEGEL_SANITIZE)
  target_compile_options(zegel_flags INTERFACE -fsanitize=${ZEGEL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(zegel_flags INTERFACE -fsanitize=${ZEGEL_SANITIZE})
endif()
if(ZEGEL_FUZZ)
  target_compile_options(zegel_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# zegel_library(NAME SOURCES a.cpp … [DEPENDS other …] [PRIVATE lib …])
# One folder, one library `zegel_NAME`. Headers are included as "NAME/header.h".
function(zegel_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  add_library(zegel_${name} STATIC ${arg_SOURCES})
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR PARENT_PATH root)
  target_include_directories(zegel_${name} PUBLIC "${root}")
  list(TRANSFORM arg_DEPENDS PREPEND zegel_)
  target_link_libraries(zegel_${name} PUBLIC ${arg_DEPENDS} PRIVATE zegel_flags ${arg_PRIVATE})
endfunction()

# ThreadSanitizer does not see how libstdc++ counts the owners of an exception that went from thread to thread, and
# takes its end for a race. What is done inside libraries that were built without it is left out, locks are not.
set(zegel_test_environment "")
if(ZEGEL_SANITIZE MATCHES "thread")
  set(zegel_test_environment ENVIRONMENT TSAN_OPTIONS=ignore_noninstrumented_modules=1)
endif()

# zegel_test(NAME SOURCES a_test.cpp … [DEPENDS mail …] [PRIVATE lib …]) makes the GoogleTest program NAME_test.
function(zegel_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  add_executable(${name}_test ${arg_SOURCES})
  list(TRANSFORM arg_DEPENDS PREPEND zegel_)
  target_include_directories(${name}_test PRIVATE "${CMAKE_SOURCE_DIR}/tests")
  target_compile_definitions(${name}_test PRIVATE ZEGEL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name}_test PRIVATE ${arg_DEPENDS} zegel_flags ${arg_PRIVATE} GTest::gtest_main)
  gtest_discover_tests(${name}_test DISCOVERY_TIMEOUT 60 DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300 ${zegel_test_environment})
endfunction()

# zegel_bench(NAME SOURCES … [DEPENDS …] [PRIVATE …]) makes bench_NAME, which `./dev bench NAME` runs.
function(zegel_bench name)
  if(NOT ZEGEL_BENCH)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  add_executable(bench_${name} EXCLUDE_FROM_ALL ${arg_SOURCES})
  list(TRANSFORM arg_DEPENDS PREPEND zegel_)
  target_compile_definitions(bench_${name} PRIVATE ZEGEL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(bench_${name} PRIVATE ${arg_DEPENDS} zegel_flags ${arg_PRIVATE})
endfunction()

# zegel_fuzz(NAME SOURCES … [DEPENDS …]) makes fuzz_NAME: under libFuzzer with the fuzz preset. In the others
# tests/fuzz/replay.cpp runs every file of tests/fuzz/corpus/NAME through the same target once, as a test.
function(zegel_fuzz name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  list(TRANSFORM arg_DEPENDS PREPEND zegel_)
  if(NOT ZEGEL_FUZZ)
    list(APPEND arg_SOURCES "${CMAKE_SOURCE_DIR}/tests/fuzz/replay.cpp")
  endif()
  add_executable(fuzz_${name} ${arg_SOURCES})
  target_link_libraries(fuzz_${name} PRIVATE ${arg_DEPENDS} zegel_flags ${arg_PRIVATE})
  if(ZEGEL_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_test(NAME fuzz_${name}.replay COMMAND fuzz_${name} "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name}")
    set_tests_properties(fuzz_${name}.replay PROPERTIES TIMEOUT 120)
  endif()
endfunction()
