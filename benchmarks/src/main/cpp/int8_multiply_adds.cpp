// Chains of multiply-adds of bytes with sums in 32 bits, that do not wait for each other, in registers alone: what
// MultiplyAdds.java says of float32, for the instructions that the JDK's vectors do not have. What a processor lacks is
// found out at run time, so that the file compiles for any x86-64 or ARM64 without options.
#include <cstdint>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#if defined(__linux__)
#include <sys/auxv.h>
#endif
#endif

namespace {

// The same loop for every instruction: the macro is given the type of a register, how to fill one with a number in 32 bits,
// the multiply-add and how to add a register up. Chain i starts with i in every sum.
#define DISTILQA_CHAINS(NAME, TARGET, COUNT, VECTOR, FILL, MULTIPLY_ADD, TOTAL)                        \
    TARGET float NAME(int32_t iterations, int32_t four_bytes) {                                        \
        const VECTOR factor = FILL(four_bytes);                                                        \
        VECTOR sums[COUNT];                                                                            \
        _Pragma("GCC unroll 24") for (int i = 0; i < COUNT; ++i) sums[i] = FILL(i);                    \
        for (int32_t n = 0; n < iterations; ++n) {                                                     \
            _Pragma("GCC unroll 24") for (int i = 0; i < COUNT; ++i)                                   \
                    sums[i] = MULTIPLY_ADD(sums[i], factor, factor);                                   \
        }                                                                                              \
        int64_t total = 0;                                                                             \
        _Pragma("GCC unroll 24") for (int i = 0; i < COUNT; ++i) total += TOTAL(sums[i]);              \
        return static_cast<float>(total);                                                              \
    }

#if defined(__x86_64__)

#define AVX512_VNNI __attribute__((target("avx512f,avx512vnni")))
#define AVX_VNNI __attribute__((target("avx2,avxvnni")))

AVX512_VNNI inline int64_t total512(__m512i sums) {
    alignas(64) int32_t parts[16];
    _mm512_store_si512(parts, sums);
    int64_t total = 0;
    for (int32_t part : parts) total += part;
    return total;
}

DISTILQA_CHAINS(few512, AVX512_VNNI, 12, __m512i, _mm512_set1_epi32, _mm512_dpbusd_epi32, total512)
DISTILQA_CHAINS(many512, AVX512_VNNI, 24, __m512i, _mm512_set1_epi32, _mm512_dpbusd_epi32, total512)

// The compilers that know AVX-VNNI.
#if (defined(__clang__) && __clang_major__ >= 12) || (!defined(__clang__) && __GNUC__ >= 11)
#define HAVE_AVX_VNNI 1

AVX_VNNI inline int64_t total256(__m256i sums) {
    alignas(32) int32_t parts[8];
    _mm256_store_si256(reinterpret_cast<__m256i*>(parts), sums);
    int64_t total = 0;
    for (int32_t part : parts) total += part;
    return total;
}

DISTILQA_CHAINS(few256, AVX_VNNI, 12, __m256i, _mm256_set1_epi32, _mm256_dpbusd_avx_epi32, total256)
DISTILQA_CHAINS(many256, AVX_VNNI, 24, __m256i, _mm256_set1_epi32, _mm256_dpbusd_avx_epi32, total256)
#endif

bool has_avx512_vnni() { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni"); }

bool has_avx_vnni() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __builtin_cpu_supports("avx2") && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1) != 0;
}

#elif defined(__aarch64__)

#if defined(__clang__)
#define DOT_PRODUCT __attribute__((target("dotprod")))
#else
#define DOT_PRODUCT __attribute__((target("arch=armv8.2-a+dotprod")))
#endif

DOT_PRODUCT inline int8x16_t bytes(int32x4_t words) { return vreinterpretq_s8_s32(words); }
DOT_PRODUCT inline int32x4_t dot(int32x4_t sums, int32x4_t left, int32x4_t right) {
    return vdotq_s32(sums, bytes(left), bytes(right));
}
inline int64_t total128(int32x4_t sums) { return vaddlvq_s32(sums); }

DISTILQA_CHAINS(few128, DOT_PRODUCT, 12, int32x4_t, vdupq_n_s32, dot, total128)
DISTILQA_CHAINS(many128, DOT_PRODUCT, 24, int32x4_t, vdupq_n_s32, dot, total128)

bool has_dot_product() {
#if defined(__linux__)
    return (getauxval(AT_HWCAP) >> 20 & 1) != 0;  // HWCAP_ASIMDDP
#else
    return true;  // Every ARM64 Mac has them.
#endif
}

#endif

using Chains = float (*)(int32_t, int32_t);

struct Kernels {
    int32_t lanes;
    Chains few;
    Chains many;
};

Kernels choose() {
#if defined(__x86_64__)
    if (has_avx512_vnni()) return {64, few512, many512};
#if defined(HAVE_AVX_VNNI)
    if (has_avx_vnni()) return {32, few256, many256};
#endif
#elif defined(__aarch64__)
    if (has_dot_product()) return {16, few128, many128};
#endif
    return {0, nullptr, nullptr};
}

const Kernels kernels = choose();

}  // namespace

// How many bytes an instruction multiplies and adds; 0 where there is no such instruction, and then nothing else works.
extern "C" int32_t distilqa_int8_lanes() { return kernels.lanes; }

extern "C" float distilqa_int8_few(int32_t iterations, int32_t four_bytes) {
    return kernels.few(iterations, four_bytes);
}

extern "C" float distilqa_int8_many(int32_t iterations, int32_t four_bytes) {
    return kernels.many(iterations, four_bytes);
}
