// Chains of multiply-adds of float32, bfloat16 and int8 that do not wait for each other, in registers alone. A processor may have
// several instructions for a precision, of which one does the most at a time: tiles (AMX), then vectors. What a processor lacks is
// found out at run time, so that the file compiles for any x86-64 or ARM64 without options.
//
// A processor that begins two multiply-adds a clock and takes four or five clocks for each needs eight to ten chains to be busy, one
// that begins four needs up to twenty; but what has only 16 registers must keep the chains of the longer loop in memory. So there are
// two loops.
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#elif defined(__aarch64__)
#include <arm_neon.h>
#if defined(__linux__)
#include <sys/auxv.h>
#endif
#endif

namespace {

// How many chains, as MultiplyAdds.java has them too.
constexpr int FEW = 12;
constexpr int MANY = 24;

// The same loop for every instruction of vectors: the macro is given the type of a register, how to fill one with the sum's first
// value, how to fill one with four bytes of factors, the multiply-add and how to add a register up. Chain i starts with i in every
// sum, so that no two chains are the same; what they start with is taken off the result again.
#define DISTILQA_CHAINS(NAME, TARGET, COUNT, SUMS, FIRST, FACTORS, FILL, MULTIPLY_ADD, TOTAL)          \
    TARGET double NAME(int32_t iterations, int32_t four_bytes) {                                       \
        const FACTORS factor = FILL(four_bytes);                                                       \
        SUMS sums[COUNT];                                                                              \
        _Pragma("GCC unroll 24") for (int i = 0; i < COUNT; ++i) sums[i] = FIRST(i);                   \
        for (int32_t n = 0; n < iterations; ++n) {                                                     \
            _Pragma("GCC unroll 24") for (int i = 0; i < COUNT; ++i)                                   \
                    sums[i] = MULTIPLY_ADD(sums[i], factor, factor);                                   \
        }                                                                                              \
        double total = 0;                                                                              \
        _Pragma("GCC unroll 24") for (int i = 0; i < COUNT; ++i)                                       \
                total += TOTAL(sums[i]) - i * static_cast<double>(sizeof(SUMS) / 4);                   \
        return total;                                                                                  \
    }

#if defined(__x86_64__)

#define AVX512 __attribute__((target("avx512f")))
#define AVX2_FMA __attribute__((target("avx2,fma")))
#define AVX512_VNNI __attribute__((target("avx512f,avx512vnni")))
#define AVX_VNNI __attribute__((target("avx2,avxvnni")))
#define AVX512_BF16 __attribute__((target("avx512f,avx512bf16")))
#define AMX_INT8 __attribute__((target("amx-tile,amx-int8")))
#define AMX_BF16 __attribute__((target("amx-tile,amx-bf16")))

template <typename Element, typename Register>
inline double total_of(const Register& sums) {
    Element parts[sizeof(Register) / sizeof(Element)];
    std::memcpy(parts, &sums, sizeof(Register));
    double total = 0;
    for (Element part : parts) total += part;
    return total;
}

#define TOTAL_INT32_512(SUMS) total_of<int32_t>(SUMS)
#define TOTAL_INT32_256(SUMS) total_of<int32_t>(SUMS)
#define TOTAL_FLOAT(SUMS) total_of<float>(SUMS)

AVX512 inline __m512 floats512(int32_t bits) { return _mm512_castsi512_ps(_mm512_set1_epi32(bits)); }
AVX512 inline __m512 fma512(__m512 sums, __m512 left, __m512 right) { return _mm512_fmadd_ps(left, right, sums); }

DISTILQA_CHAINS(few512_float, AVX512, FEW, __m512, _mm512_set1_ps, __m512, floats512, fma512, TOTAL_FLOAT)
DISTILQA_CHAINS(many512_float, AVX512, MANY, __m512, _mm512_set1_ps, __m512, floats512, fma512, TOTAL_FLOAT)

AVX2_FMA inline __m256 floats256(int32_t bits) { return _mm256_castsi256_ps(_mm256_set1_epi32(bits)); }
AVX2_FMA inline __m256 fma256(__m256 sums, __m256 left, __m256 right) { return _mm256_fmadd_ps(left, right, sums); }

DISTILQA_CHAINS(few256_float, AVX2_FMA, FEW, __m256, _mm256_set1_ps, __m256, floats256, fma256, TOTAL_FLOAT)
DISTILQA_CHAINS(many256_float, AVX2_FMA, MANY, __m256, _mm256_set1_ps, __m256, floats256, fma256, TOTAL_FLOAT)

DISTILQA_CHAINS(few512, AVX512_VNNI, FEW, __m512i, _mm512_set1_epi32, __m512i, _mm512_set1_epi32, _mm512_dpbusd_epi32,
                TOTAL_INT32_512)
DISTILQA_CHAINS(many512, AVX512_VNNI, MANY, __m512i, _mm512_set1_epi32, __m512i, _mm512_set1_epi32, _mm512_dpbusd_epi32,
                TOTAL_INT32_512)

AVX512_BF16 inline __m512bh bfloat16s(int32_t two) {
    const __m512i filled = _mm512_set1_epi32(two);
    __m512bh result;
    std::memcpy(&result, &filled, sizeof(result));
    return result;
}

DISTILQA_CHAINS(few512_bf16, AVX512_BF16, FEW, __m512, _mm512_set1_ps, __m512bh, bfloat16s, _mm512_dpbf16_ps, TOTAL_FLOAT)
DISTILQA_CHAINS(many512_bf16, AVX512_BF16, MANY, __m512, _mm512_set1_ps, __m512bh, bfloat16s, _mm512_dpbf16_ps, TOTAL_FLOAT)

// The compilers that know AVX-VNNI.
#if (defined(__clang__) && __clang_major__ >= 12) || (!defined(__clang__) && __GNUC__ >= 11)
#define HAVE_AVX_VNNI 1

DISTILQA_CHAINS(few256, AVX_VNNI, FEW, __m256i, _mm256_set1_epi32, __m256i, _mm256_set1_epi32, _mm256_dpbusd_avx_epi32,
                TOTAL_INT32_256)
DISTILQA_CHAINS(many256, AVX_VNNI, MANY, __m256i, _mm256_set1_epi32, __m256i, _mm256_set1_epi32, _mm256_dpbusd_avx_epi32,
                TOTAL_INT32_256)
#endif

// The compilers that know AMX, and the system that lends the tiles to a process.
#if defined(__linux__) && \
    ((defined(__clang__) && __clang_major__ >= 12) || (!defined(__clang__) && __GNUC__ >= 11))
#define HAVE_AMX 1

constexpr int TILE_ROWS = 16;
constexpr int TILE_ROW_BYTES = 64;
constexpr int TILE_BYTES = TILE_ROWS * TILE_ROW_BYTES;

// Of the eight tiles two hold the factors and six the sums. An instruction takes some three times as
// long as the next has to wait for the unit, so six chains keep it busy; twice or four times six are as many as vectors' chains.
#define DISTILQA_TILES(NAME, TARGET, COUNT, ELEMENT, MULTIPLY_ADD)                                     \
    TARGET double NAME(int32_t iterations, int32_t four_bytes) {                                       \
        alignas(64) uint8_t shapes[64] = {1};                                                          \
        for (int tile = 0; tile < 8; ++tile) {                                                         \
            shapes[16 + 2 * tile] = TILE_ROW_BYTES;                                                    \
            shapes[48 + tile] = TILE_ROWS;                                                             \
        }                                                                                              \
        _tile_loadconfig(shapes);                                                                      \
        alignas(64) int32_t factors[TILE_BYTES / 4];                                                   \
        for (int32_t& factor : factors) factor = four_bytes;                                           \
        _tile_loadd(6, factors, TILE_ROW_BYTES);                                                       \
        _tile_loadd(7, factors, TILE_ROW_BYTES);                                                       \
        _tile_zero(0);                                                                                 \
        _tile_zero(1);                                                                                 \
        _tile_zero(2);                                                                                 \
        _tile_zero(3);                                                                                 \
        _tile_zero(4);                                                                                 \
        _tile_zero(5);                                                                                 \
        for (int32_t n = 0; n < iterations * (COUNT / 6); ++n) {                                       \
            MULTIPLY_ADD(0, 6, 7);                                                                     \
            MULTIPLY_ADD(1, 6, 7);                                                                     \
            MULTIPLY_ADD(2, 6, 7);                                                                     \
            MULTIPLY_ADD(3, 6, 7);                                                                     \
            MULTIPLY_ADD(4, 6, 7);                                                                     \
            MULTIPLY_ADD(5, 6, 7);                                                                     \
        }                                                                                              \
        alignas(64) ELEMENT sums[6][TILE_BYTES / 4];                                                   \
        _tile_stored(0, sums[0], TILE_ROW_BYTES);                                                      \
        _tile_stored(1, sums[1], TILE_ROW_BYTES);                                                      \
        _tile_stored(2, sums[2], TILE_ROW_BYTES);                                                      \
        _tile_stored(3, sums[3], TILE_ROW_BYTES);                                                      \
        _tile_stored(4, sums[4], TILE_ROW_BYTES);                                                      \
        _tile_stored(5, sums[5], TILE_ROW_BYTES);                                                      \
        _tile_release();                                                                               \
        double total = 0;                                                                              \
        for (const auto& tile : sums) {                                                                \
            for (ELEMENT sum : tile) total += sum;                                                     \
        }                                                                                              \
        return total;                                                                                  \
    }

DISTILQA_TILES(few_tiles, AMX_INT8, FEW, int32_t, _tile_dpbssd)
DISTILQA_TILES(many_tiles, AMX_INT8, MANY, int32_t, _tile_dpbssd)
DISTILQA_TILES(few_tiles_bf16, AMX_BF16, FEW, float, _tile_dpbf16ps)
DISTILQA_TILES(many_tiles_bf16, AMX_BF16, MANY, float, _tile_dpbf16ps)

// Linux lends the tiles to a process that asks for them (arch_prctl, ARCH_REQ_XCOMP_PERM, the component XTILEDATA).
bool may_use_tiles() { return syscall(SYS_arch_prctl, 0x1023, 18) == 0; }
#endif

// Bits of CPUID's leaf 7, of which not every compiler knows the names.
bool has_feature_7(int subleaf, int index, int bit) {
    unsigned registers[4] = {0, 0, 0, 0};
    return __get_cpuid_count(7, subleaf, &registers[0], &registers[1], &registers[2], &registers[3]) &&
           (registers[index] >> bit & 1) != 0;
}

bool has_avx512() { return __builtin_cpu_supports("avx512f"); }
bool has_avx2_fma() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
bool has_avx512_vnni() { return has_avx512() && __builtin_cpu_supports("avx512vnni"); }
bool has_avx512_bf16() { return has_avx512() && has_feature_7(1, 0, 5); }
bool has_avx_vnni() { return __builtin_cpu_supports("avx2") && has_feature_7(1, 0, 4); }
bool has_amx_int8() { return has_feature_7(0, 3, 24) && has_feature_7(0, 3, 25); }
bool has_amx_bf16() { return has_feature_7(0, 3, 24) && has_feature_7(0, 3, 22); }

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

DISTILQA_CHAINS(few128, DOT_PRODUCT, FEW, int32x4_t, vdupq_n_s32, int32x4_t, vdupq_n_s32, dot, total128)
DISTILQA_CHAINS(many128, DOT_PRODUCT, MANY, int32x4_t, vdupq_n_s32, int32x4_t, vdupq_n_s32, dot, total128)

inline float32x4_t floats128(int32_t bits) { return vreinterpretq_f32_s32(vdupq_n_s32(bits)); }
inline float32x4_t fma128(float32x4_t sums, float32x4_t left, float32x4_t right) { return vfmaq_f32(sums, left, right); }
inline double total_float128(float32x4_t sums) { return vaddvq_f32(sums); }

DISTILQA_CHAINS(few128_float, , FEW, float32x4_t, vdupq_n_f32, float32x4_t, floats128, fma128, total_float128)
DISTILQA_CHAINS(many128_float, , MANY, float32x4_t, vdupq_n_f32, float32x4_t, floats128, fma128, total_float128)

bool has_dot_product() {
#if defined(__linux__)
    return (getauxval(AT_HWCAP) >> 20 & 1) != 0;  // HWCAP_ASIMDDP
#else
    return true;  // Every ARM64 Mac has them.
#endif
}

#endif

using Chains = double (*)(int32_t, int32_t);

struct Kernels {
    const char* name;
    int32_t lanes;
    Chains few;
    Chains many;
};

Kernels choose_float32() {
#if defined(__x86_64__)
    if (has_avx512()) return {"AVX-512", 16, few512_float, many512_float};
    if (has_avx2_fma()) return {"AVX2 with FMA", 8, few256_float, many256_float};
#elif defined(__aarch64__)
    return {"NEON", 4, few128_float, many128_float};
#endif
    return {"", 0, nullptr, nullptr};
}

Kernels choose_int8() {
#if defined(__x86_64__)
#if defined(HAVE_AMX)
    if (has_amx_int8() && may_use_tiles()) return {"AMX", TILE_ROWS * TILE_BYTES, few_tiles, many_tiles};
#endif
    if (has_avx512_vnni()) return {"AVX-512 VNNI", 64, few512, many512};
#if defined(HAVE_AVX_VNNI)
    if (has_avx_vnni()) return {"AVX-VNNI", 32, few256, many256};
#endif
#elif defined(__aarch64__)
    if (has_dot_product()) return {"dot product", 16, few128, many128};
#endif
    return {"", 0, nullptr, nullptr};
}

Kernels choose_bfloat16() {
#if defined(__x86_64__)
#if defined(HAVE_AMX)
    if (has_amx_bf16() && may_use_tiles()) return {"AMX", TILE_ROWS * TILE_BYTES / 2, few_tiles_bf16, many_tiles_bf16};
#endif
    if (has_avx512_bf16()) return {"AVX-512 BF16", 32, few512_bf16, many512_bf16};
#endif
    return {"", 0, nullptr, nullptr};
}

const Kernels float32_kernels = choose_float32();
const Kernels int8_kernels = choose_int8();
const Kernels bfloat16_kernels = choose_bfloat16();

}  // namespace

// Of each precision: the name of the instruction, how many products it makes and adds up (0 where there is none, and then nothing
// else works), and the loops: the sum of all products of iterations times FEW or MANY instructions, whose factors are all the same,
// a whole number that is given as four bytes of them.
#define DISTILQA_EXPORT(PRECISION)                                                                           \
    extern "C" const char* distilqa_##PRECISION##_name() { return PRECISION##_kernels.name; }                \
    extern "C" int32_t distilqa_##PRECISION##_lanes() { return PRECISION##_kernels.lanes; }                  \
    extern "C" double distilqa_##PRECISION##_few(int32_t iterations, int32_t four_bytes) {                   \
        return PRECISION##_kernels.few(iterations, four_bytes);                                              \
    }                                                                                                        \
    extern "C" double distilqa_##PRECISION##_many(int32_t iterations, int32_t four_bytes) {                  \
        return PRECISION##_kernels.many(iterations, four_bytes);                                             \
    }

DISTILQA_EXPORT(float32)
DISTILQA_EXPORT(int8)
DISTILQA_EXPORT(bfloat16)
