// What the hot loops need to become vector code without compiler flags.
//
// DISTILQA_CLONES in front of a function compiles it for several instruction sets; the loader takes the best that the
// machine has. Where the toolchain cannot (no GCC, no x86-64, no glibc, or a sanitizer, which the resolvers do not survive),
// there is one plain version. All versions give the same bits: no sum is reordered, and products of at most 24 bits are
// exact whether or not they are fused with an addition.
#ifndef DISTILQA_TT_EMULATOR_SIMD_H
#define DISTILQA_TT_EMULATOR_SIMD_H

#include <cstdlib>

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if __GNUC__ >= 12
#define DISTILQA_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DISTILQA_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#else
#define DISTILQA_CLONES
#endif

#define DISTILQA_INLINE inline __attribute__((always_inline))

#endif
