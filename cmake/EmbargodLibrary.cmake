# embargod_library(NAME FLOOR n [SOURCES ...] [PUBLIC ...] [PRIVATE ...])
#   Static library embargod_NAME, alias embargod::NAME; without SOURCES an INTERFACE library of headers.
#   PUBLIC = named in our headers, PRIVATE = the rest. An embargod library may link only lower floors; anything else
#   (the same floor too) ends the configuration.
#
# embargod_test(NAME SOURCES ... [LIBS ...] [LABEL unit|integration|e2e|slow] [THREADS] [TIMEOUT seconds] [SERIAL]
#               [LONG])
#   gtest binary NAME, one ctest that runs in the project's root with EMBARGOD_BIN_DIR set. With EMBARGOD_TESTS_APART
#   each case becomes a ctest NAME.Suite.Case instead: a process for each of thousands of cases costs a third of the
#   whole time of tests/run. TIMEOUT is a case's then, and that of the binary otherwise (by default ten minutes).
#   THREADS makes the label `LABEL-threads`: those cases also run under ThreadSanitizer.
#   Labels other than unit may start embargod and embargoctl: both are built first.
#   SERIAL: never beside any other test. LONG: begins first, so that the others run beside it.
#
# embargod_fuzzer(NAME SOURCES ... [LIBS ...])
#   LLVMFuzzerTestOneInput target fuzz_NAME with the corpus tests/fuzz/corpus/NAME. The preset `fuzz` links libFuzzer;
#   every other preset links a main that replays the corpus, as ctest `fuzz_NAME.corpus`.

include(GoogleTest)

function(embargod_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FLOOR" "SOURCES;PUBLIC;PRIVATE")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "embargod_library(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_FLOOR MATCHES "^[0-9]+$")
    message(FATAL_ERROR "embargod_library(${name}): FLOOR must be a number")
  endif()
  set(target embargod_${name})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${EMBARGOD_UNITY_LIBRARIES} UNITY_BUILD_BATCH_SIZE 8)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${arg_PUBLIC} ${arg_PRIVATE})
  endif()
  add_library(embargod::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EMBARGOD_FLOOR ${arg_FLOOR})
  set_property(GLOBAL APPEND PROPERTY EMBARGOD_LIBRARIES ${target})
endfunction()

# Runs when all folders have been read, so that the order of add_subdirectory() does not matter.
function(embargod_check_floors)
  get_property(libraries GLOBAL PROPERTY EMBARGOD_LIBRARIES)
  set(faults "")
  foreach(user IN LISTS libraries)
    get_target_property(user_floor ${user} EMBARGOD_FLOOR)
    set(links "")
    foreach(property IN ITEMS LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
      get_target_property(value ${user} ${property})
      if(value)
        list(APPEND links ${value})
      endif()
    endforeach()
    list(TRANSFORM links REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1")
    list(REMOVE_DUPLICATES links)
    foreach(used IN LISTS links)
      if(NOT TARGET ${used})
        continue()
      endif()
      get_target_property(aliased ${used} ALIASED_TARGET)
      if(aliased)
        set(used ${aliased})
      endif()
      get_target_property(used_floor ${used} EMBARGOD_FLOOR)
      if(used_floor MATCHES "^[0-9]+$" AND used_floor GREATER_EQUAL user_floor)
        string(APPEND faults "  ${user} (floor ${user_floor}) links ${used} (floor ${used_floor})\n")
      endif()
    endforeach()
  endforeach()
  if(faults)
    message(FATAL_ERROR "A library may use only lower floors:\n${faults}"
                        "Move the door to its lowest user, or pass what is needed in from daemon/wiring.cpp.")
  endif()
endfunction()
cmake_language(DEFER DIRECTORY ${PROJECT_SOURCE_DIR} CALL embargod_check_floors)

function(embargod_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "THREADS;SERIAL;LONG" "LABEL;TIMEOUT" "SOURCES;LIBS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "embargod_test(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  set(timeout_unit 30)
  set(timeout_integration 60)
  set(timeout_e2e 180)
  set(timeout_slow 600)
  if(NOT DEFINED timeout_${arg_LABEL})
    message(FATAL_ERROR "embargod_test(${name}): LABEL must be unit, integration, e2e or slow, not ${arg_LABEL}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT ${timeout_${arg_LABEL}})
    if(EMBARGOD_SANITIZE)
      math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 4")
    endif()
  endif()
  if(NOT EMBARGOD_TESTS_APART AND arg_TIMEOUT LESS 600)
    set(arg_TIMEOUT 600)
  endif()
  set(label ${arg_LABEL})
  if(arg_THREADS)
    # One word, since gtest_discover_tests() flattens lists; `ctest -L threads` matches by expression and finds it.
    set(label ${arg_LABEL}-threads)
  endif()
  set(serial FALSE)
  if(arg_SERIAL)
    set(serial TRUE)
  endif()

  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gmock_main)
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${EMBARGOD_UNITY_TESTS} UNITY_BUILD_BATCH_SIZE 8
                                           UNITY_BUILD_UNIQUE_ID EMBARGOD_UNITY_ID)
  if(arg_THREADS)
    add_dependencies(thread_tests ${name})
  endif()
  if(NOT arg_LABEL STREQUAL "unit")
    foreach(program IN ITEMS embargod embargoctl)
      if(TARGET ${program})
        add_dependencies(${name} ${program})
      endif()
    endforeach()
  endif()
  set(environment "EMBARGOD_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  if(EMBARGOD_TESTS_APART)
    gtest_discover_tests(${name}
      TEST_PREFIX ${name}.
      DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES
      DISCOVERY_TIMEOUT 60
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
      PROPERTIES LABELS ${label} TIMEOUT ${arg_TIMEOUT} RUN_SERIAL ${serial} ENVIRONMENT ${environment})
  else()
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT ${arg_TIMEOUT} RUN_SERIAL ${serial}
                                            ENVIRONMENT ${environment})
    if(arg_LONG)
      set_tests_properties(${name} PROPERTIES COST 500)
    endif()
  endif()
endfunction()

function(embargod_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
  set(target fuzz_${name})
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LIBS})
  if(EMBARGOD_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers ${target})
    add_test(NAME ${target}.corpus COMMAND ${target} -runs=0 ${corpus})
  else()
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
    add_test(NAME ${target}.corpus COMMAND ${target} ${corpus})
  endif()
  set_tests_properties(${target}.corpus PROPERTIES LABELS "unit;fuzz" TIMEOUT 120)
endfunction()

add_custom_target(thread_tests)  # what the build preset `tsan` builds
if(EMBARGOD_FUZZ)
  add_custom_target(fuzzers)  # what the build preset `fuzz` builds
endif()
