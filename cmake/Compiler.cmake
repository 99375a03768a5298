# Flags and tools for every target of the project. Third-party headers come as SYSTEM and are not warned about.

add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnull-dereference -Werror)
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 misreads inlined std::string concatenation and assignment once it optimises (GCC PR105329, PR105651).
  add_compile_options(-Wno-restrict)
  if(EMBARGOD_SANITIZE)
    # Instrumentation hides initialisations and checks from the optimiser: both are reported without cause.
    add_compile_options(-Wno-null-dereference -Wno-maybe-uninitialized)
  elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    # Inlined library code (std::vector, mustache) gives false positives: tell, but do not stop.
    add_compile_options(-Wno-error=null-dereference)
  endif()
endif()

if(EMBARGOD_UNITY_LIBRARIES AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # A private part (`Inner`) may use its own file's unnamed namespace; gcc sees a file that includes that file.
  add_compile_options(-Wno-subobject-linkage)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's std::stable_sort and std::stable_partition call what the same library has marked deprecated.
  add_compile_options(-Wno-deprecated-declarations)
endif()

if(EMBARGOD_SANITIZE)
  add_compile_options(-fsanitize=${EMBARGOD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${EMBARGOD_SANITIZE})
  if(EMBARGOD_SANITIZE MATCHES "address")
    add_compile_definitions(_GLIBCXX_ASSERTIONS)
  endif()
endif()

if(EMBARGOD_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "EMBARGOD_FUZZ needs clang: use the preset `fuzz`")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link,address -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()

if(EMBARGOD_HARDEN)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection
                      -fcf-protection -fPIE)
  add_link_options(-pie -Wl,-z,relro,-z,now)
  # No path of the build machine in what is shipped, and the same bytes from any folder.
  add_compile_options(-ffile-prefix-map=${PROJECT_BINARY_DIR}=build -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
endif()

find_program(EMBARGOD_CCACHE ccache)
if(EMBARGOD_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The two variables make a compilation of one clone or build folder a hit in every other.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${EMBARGOD_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

find_program(EMBARGOD_MOLD mold)
if(EMBARGOD_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
