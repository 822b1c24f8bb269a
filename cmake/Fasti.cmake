# The two shapes every target of this build has: a layer (one static library per folder) and the
# tests of a layer (one program per folder of tests/).

# fasti_layer(NAME DEPS a b): a static library of every .cc directly in this folder.
function(fasti_layer name)
  cmake_parse_arguments(ARG "" "" "DEPS;PRIVATE_DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE fasti_warnings ${ARG_PRIVATE_DEPS})
    target_precompile_headers(${name} REUSE_FROM fasti_precompiled_layers)
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${ARG_DEPS})
  endif()
endfunction()

# Tells the thread sanitizer what it cannot see of the locks that the program NAME uses.
function(fasti_tell_tsan name)
  if(FASTI_SANITIZE MATCHES thread)
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/tsan/absl_mutex.cc)
    target_link_libraries(${name} PRIVATE ${CMAKE_DL_LIBS})
  endif()
endfunction()

# fasti_test_program(NAME DEPS a b): a program that tests run, from NAME.cc.
function(fasti_test_program name)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  add_executable(${name} ${name}.cc)
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} fasti_test_support fasti_warnings)
  fasti_tell_tsan(${name})
endfunction()

# fasti_test(NAME DEPS a b): a test program of every *_test.cc directly in this folder.  Each of its
# tests runs in a process of its own, or with ONE_PROCESS all in one, if what they share is dear.
function(fasti_test name)
  cmake_parse_arguments(ARG "ONE_PROCESS" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} fasti_warnings fasti_test_support GTest::gmock GTest::gtest_main)
  fasti_tell_tsan(${name})
  # Tests are compiled quickly; what they test is compiled as it ships.
  target_compile_options(${name} PRIVATE -O0)
  target_precompile_headers(${name} REUSE_FROM fasti_precompiled_tests)
  if(ARG_ONE_PROCESS)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 900 LABELS unit COST 100)  # begins first
  else()
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300 LABELS unit)
  endif()
endfunction()
