// What the hot loops need to become vector code without compiler flags.
//
// DISTILQA_CLONES in front of a function compiles it for several instruction sets; the loader takes the best that the
// machine has. Where the toolchain cannot (no x86-64, no glibc, an old compiler), or where a sanitizer does not survive the
// choice, there is one plain version. Matrix products have the same bits in all versions: sums are in one order, and products
// of operands with 8-bit mantissas are exact, fused with an addition or not. Elsewhere a fused addition may change the last
// place of a float32 before it is rounded.
#ifndef DISTILQA_TT_EMULATOR_SIMD_H
#define DISTILQA_TT_EMULATOR_SIMD_H

#include <cstdlib>  // defines __GLIBC__ where it is

#if !defined(__x86_64__) || !defined(__GLIBC__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DISTILQA_CLONES
#elif defined(__clang__) && __clang_major__ >= 14
#define DISTILQA_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#elif !defined(__clang__) && __GNUC__ >= 12
#define DISTILQA_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DISTILQA_CLONES
#endif

#define DISTILQA_INLINE inline __attribute__((always_inline))

#endif
