#pragma once

// Before a function whose loops are worth vectors: it is compiled for several generations of
// processors, and which of them runs is decided when the program is loaded.  The compiler uses
// vectors freely at -O3 only.
//
// Sanitizers cannot follow such a decision.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define FASTI_FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FASTI_FOR_EACH_PROCESSOR
#endif
