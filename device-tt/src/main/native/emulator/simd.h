// What the hot loops need to become vector code without compiler flags.
//
// DISTILQA_CLONES in front of a function compiles it for several instruction sets; the loader takes the best that the
// machine has. Where the toolchain cannot (no x86-64, no glibc, an old compiler), or where a sanitizer does not survive the
// choice, there is one plain version. All versions give the same bits: no sum is reordered, and no product is fused with an
// addition.
#ifndef DISTILQA_TT_EMULATOR_SIMD_H
#define DISTILQA_TT_EMULATOR_SIMD_H

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF  // as with GCC's -std=c++17
#endif

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
