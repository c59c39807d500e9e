// The steps of a network on the tile unit of x86-64 processors (AMX), in bfloat16 and int8; see tiles.h.
//
// A product is computed in blocks of 32 rows and 32 columns: four tiles of sums, two of the input's rows, two of weights. What
// follows the product (scales, bias, activation, residual connection, rounding) is done on the block while it is in the first
// cache.
#include "tiles.h"

#include <immintrin.h>

namespace {

constexpr int ROWS = 16;               // of a tile
constexpr int TILE_BYTES = ROWS * 64;  // 64 bytes a row
constexpr int BLOCK = 2 * ROWS;        // rows and columns of a block

// The tiles by name: compilers want their numbers as literals.
#define SUM_00 0
#define SUM_01 1
#define SUM_10 2
#define SUM_11 3
#define ROWS_0 4
#define ROWS_1 5
#define WEIGHTS_0 6
#define WEIGHTS_1 7

// The tiles of this thread, all of 16 rows of 64 bytes, for as long as this object lives. What another library (oneDNN) had
// configured is as before afterwards: it takes it for granted.
class TileUnit {
    struct alignas(64) Configuration {
        uint8_t palette = 0;
        uint8_t start = 0;
        uint8_t reserved[14] = {};
        uint16_t columnBytes[16] = {};
        uint8_t rows[16] = {};
    };
    Configuration before;

public:
    TileUnit() {
        _tile_storeconfig(&before);
        Configuration own;
        own.palette = 1;
        for (int tile = 0; tile < 8; tile++) {
            own.columnBytes[tile] = 64;
            own.rows[tile] = ROWS;
        }
        _tile_loadconfig(&own);
    }
    ~TileUnit() {
        if (before.palette == 0) {
            _tile_release();
        } else {
            _tile_loadconfig(&before);
        }
    }
    TileUnit(const TileUnit &) = delete;
    TileUnit &operator=(const TileUnit &) = delete;
};

#define MULTIPLY(KIND, SUM, LEFT, RIGHT) \
    if constexpr ((KIND) == DISTILQA_TILES_BFLOAT16) { \
        _tile_dpbf16ps(SUM, LEFT, RIGHT); \
    } else if constexpr ((KIND) == DISTILQA_TILES_SIGNED) { \
        _tile_dpbssd(SUM, LEFT, RIGHT); \
    } else { \
        _tile_dpbusd(SUM, LEFT, RIGHT); \
    }

// Reads ahead a part of what the next blocks need.
struct Ahead {
    const uint8_t *next;
    long bytes;

    inline void fetch(long perStep) {
        for (long fetched = 0; fetched < perStep && bytes > 0; fetched += 64) {
            _mm_prefetch(reinterpret_cast<const char *>(next), _MM_HINT_T1);
            next += 64;
            bytes -= 64;
        }
    }
};

// A block of sums: of 32 or fewer rows with steps of 64 bytes each, and as many pairs of tiles of weights. The tile unit takes 16
// cycles for a product of two tiles, in which the core's vectors have time for other work: between(step) is called after each step.
template <int KIND, typename Between>
inline void block(const uint8_t *input, long inputStride, int rows, const uint8_t *weights, int steps, void *sums, long sumsStride,
        Between between) {
    const uint8_t *later = input + ROWS * inputStride;
    uint8_t *laterSums = static_cast<uint8_t *>(sums) + ROWS * sumsStride;
    _tile_zero(SUM_00);
    _tile_zero(SUM_01);
    if (rows > ROWS) {
        _tile_zero(SUM_10);
        _tile_zero(SUM_11);
        for (int step = 0; step < steps; step++) {
            _tile_loadd(ROWS_0, input + 64L * step, inputStride);
            _tile_loadd(WEIGHTS_0, weights + 2L * TILE_BYTES * step, 64);
            _tile_loadd(WEIGHTS_1, weights + 2L * TILE_BYTES * step + TILE_BYTES, 64);
            _tile_loadd(ROWS_1, later + 64L * step, inputStride);
            MULTIPLY(KIND, SUM_00, ROWS_0, WEIGHTS_0)
            MULTIPLY(KIND, SUM_01, ROWS_0, WEIGHTS_1)
            MULTIPLY(KIND, SUM_10, ROWS_1, WEIGHTS_0)
            MULTIPLY(KIND, SUM_11, ROWS_1, WEIGHTS_1)
            between(step);
        }
        _tile_stored(SUM_10, laterSums, sumsStride);
        _tile_stored(SUM_11, laterSums + 64, sumsStride);
    } else {
        for (int step = 0; step < steps; step++) {
            _tile_loadd(ROWS_0, input + 64L * step, inputStride);
            _tile_loadd(WEIGHTS_0, weights + 2L * TILE_BYTES * step, 64);
            _tile_loadd(WEIGHTS_1, weights + 2L * TILE_BYTES * step + TILE_BYTES, 64);
            MULTIPLY(KIND, SUM_00, ROWS_0, WEIGHTS_0)
            MULTIPLY(KIND, SUM_01, ROWS_0, WEIGHTS_1)
            between(step);
        }
    }
    _tile_stored(SUM_00, sums, sumsStride);
    _tile_stored(SUM_01, static_cast<uint8_t *>(sums) + 64, sumsStride);
}

// Polynomials in the square of x, over [-4.5, 4.5], for half of erf(x / sqrt(2)) / x, and for the same of gelu's form with tanh:
// fitted so that the largest error of gelu, 3.3e-5 and 4.2e-5 there, is as small as it can be.
constexpr float GATE_LIMIT = 4.5f;
constexpr int GATE_TERMS = 9;
constexpr float ERF_GATE[GATE_TERMS] = {3.987126005e-01f, -6.598464688e-02f, 9.585198258e-03f, -1.037590091e-03f, 8.142499269e-05f,
    -4.451714680e-06f, 1.590989714e-07f, -3.314640873e-09f, 3.036397268e-11f};
constexpr float TANH_GATE[GATE_TERMS] = {3.986564303e-01f, -6.619939526e-02f, 9.739806352e-03f, -1.077302574e-03f, 8.671417483e-05f,
    -4.858148092e-06f, 1.773252382e-07f, -3.758662032e-09f, 3.491053111e-11f};

template <int ACTIVATION>
inline __m512 activated(__m512 x) {
    if constexpr (ACTIVATION == DISTILQA_TILES_RELU) {
        // In this order what is not a number stays so.
        return _mm512_max_ps(_mm512_setzero_ps(), x);
    } else if constexpr (ACTIVATION == DISTILQA_TILES_NONE) {
        return x;
    } else {
        const float *terms = ACTIVATION == DISTILQA_TILES_GELU ? ERF_GATE : TANH_GATE;
        const __m512 limit = _mm512_set1_ps(GATE_LIMIT);
        __m512 inside = _mm512_min_ps(limit, _mm512_max_ps(_mm512_sub_ps(_mm512_setzero_ps(), limit), x));
        __m512 square = _mm512_mul_ps(inside, inside);
        __m512 gate = _mm512_set1_ps(terms[GATE_TERMS - 1]);
        for (int term = GATE_TERMS - 2; term >= 0; term--) {
            gate = _mm512_fmadd_ps(gate, square, _mm512_set1_ps(terms[term]));
        }
        return _mm512_mul_ps(x, _mm512_fmadd_ps(inside, gate, _mm512_set1_ps(0.5f)));
    }
}

inline void storeBfloat16(uint8_t *target, __m512 first, __m512 second) {
    _mm512_storeu_si512(target, reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(second, first)));
}

// A block of sums that were computed, and where it belongs.
struct Pending {
    const void *sums;
    int rows;
    int done;
    long column;
    const float *rowScales;
    uint8_t *result;
};

// What follows the product, for some more rows of a block.
template <int KIND, int ACTIVATION>
inline void finish(const DistilqaTilesLinear &map, Pending &block, int end) {
    const long column = block.column;
    const __m512 bias0 = _mm512_loadu_ps(map.bias + column);
    const __m512 bias1 = _mm512_loadu_ps(map.bias + column + ROWS);
    for (; block.done < end; block.done++) {
        __m512 x0;
        __m512 x1;
        if constexpr (KIND == DISTILQA_TILES_BFLOAT16) {
            const float *sum = static_cast<const float *>(block.sums) + block.done * BLOCK;
            x0 = _mm512_add_ps(_mm512_load_ps(sum), bias0);
            x1 = _mm512_add_ps(_mm512_load_ps(sum + ROWS), bias1);
        } else {
            const int32_t *sum = static_cast<const int32_t *>(block.sums) + block.done * BLOCK;
            const __m512 rowScale = _mm512_set1_ps(block.rowScales[block.done]);
            const __m512 scale0 = _mm512_mul_ps(rowScale, _mm512_loadu_ps(map.scales + column));
            const __m512 scale1 = _mm512_mul_ps(rowScale, _mm512_loadu_ps(map.scales + column + ROWS));
            x0 = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_load_si512(sum)), scale0, bias0);
            x1 = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_load_si512(sum + ROWS)), scale1, bias1);
        }
        x0 = activated<ACTIVATION>(x0);
        x1 = activated<ACTIVATION>(x1);
        uint8_t *target = block.result + block.done * map.resultStride;
        if (map.resultIsBfloat16) {
            storeBfloat16(target + 2 * column, x0, x1);
        } else {
            float *floats = reinterpret_cast<float *>(target) + column;
            if (map.isAdded) {
                x0 = _mm512_add_ps(x0, _mm512_loadu_ps(floats));
                x1 = _mm512_add_ps(x1, _mm512_loadu_ps(floats + ROWS));
            }
            _mm512_storeu_ps(floats, x0);
            _mm512_storeu_ps(floats + ROWS, x1);
        }
    }
}

template <int KIND, int ACTIVATION>
void linear(const DistilqaTilesLinear &map, long rows, long firstPanel, long endPanel, const uint8_t *input,
        const float *rowScales, uint8_t *result) {
    constexpr int elementBytes = KIND == DISTILQA_TILES_BFLOAT16 ? 2 : 1;
    const int steps = static_cast<int>(map.depth * elementBytes / 64);
    const long panelBytes = 2L * TILE_BYTES * steps;
    const long blocks = (rows + BLOCK - 1) / BLOCK;
    const long aheadPerStep = (panelBytes / 64 / (blocks * steps) + 1) * 64;
    const int rowsPerStep = (BLOCK + steps - 1) / steps;
    alignas(64) int32_t sums[2][BLOCK * BLOCK];
    int current = 0;
    Pending pending{};
    for (long panel = firstPanel; panel < endPanel; panel++) {
        const uint8_t *weights = map.weights + panel * panelBytes;
        Ahead ahead{weights + panelBytes, panel + 1 < endPanel ? panelBytes : 0};
        for (long row = 0; row < rows; row += BLOCK) {
            const int count = static_cast<int>(rows - row < BLOCK ? rows - row : BLOCK);
            block<KIND>(input + row * map.inputStride, map.inputStride, count, weights, steps, sums[current],
                    BLOCK * sizeof(int32_t), [&](int step) {
                        ahead.fetch(aheadPerStep);
                        const int end = (step + 1) * rowsPerStep;
                        finish<KIND, ACTIVATION>(map, pending, end < pending.rows ? end : pending.rows);
                    });
            pending = Pending{sums[current], count, 0, panel * BLOCK, rowScales + row, result + row * map.resultStride};
            current = 1 - current;
        }
    }
    finish<KIND, ACTIVATION>(map, pending, pending.rows);
}

using Linear = void (*)(const DistilqaTilesLinear &, long, long, long, const uint8_t *, const float *, uint8_t *);

template <int KIND>
Linear linearFor(long activation) {
    switch (activation) {
        case DISTILQA_TILES_RELU: return linear<KIND, DISTILQA_TILES_RELU>;
        case DISTILQA_TILES_GELU: return linear<KIND, DISTILQA_TILES_GELU>;
        case DISTILQA_TILES_GELU_TANH: return linear<KIND, DISTILQA_TILES_GELU_TANH>;
        default: return linear<KIND, DISTILQA_TILES_NONE>;
    }
}

inline __m512 loadFloats(const void *row, long column, bool isBfloat16) {
    if (isBfloat16) {
        const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(static_cast<const uint16_t *>(row) + column));
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
    }
    return _mm512_loadu_ps(static_cast<const float *>(row) + column);
}

// Widths are multiples of this many elements; what is added up or compared over a row is so in as many vectors, so that one need
// not wait for the one before.
constexpr long STEP = 64;

// Makes bytes of a row, and returns their scale.
inline float quantizedRow(const void *source, bool isBfloat16, long width, float shift, bool isUnsigned, uint8_t *target) {
    const __m512 added = _mm512_set1_ps(shift);
    __m512 largest[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
    __mmask16 noNumbers = 0;
    for (long column = 0; column < width; column += STEP) {
        for (int i = 0; i < 4; i++) {
            const __m512 x = _mm512_add_ps(loadFloats(source, column + 16 * i, isBfloat16), added);
            largest[i] = _mm512_max_ps(_mm512_abs_ps(x), largest[i]);
            noNumbers = _kor_mask16(noNumbers, _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q));
        }
    }
    if (noNumbers != 0) {
        // No byte says it, so the scale does: whatever is multiplied with this row is no number either.
        return __builtin_nanf("");
    }
    const float maximum =
            _mm512_reduce_max_ps(_mm512_max_ps(_mm512_max_ps(largest[0], largest[1]), _mm512_max_ps(largest[2], largest[3])));
    const float steps = isUnsigned ? 255.0f : 127.0f;
    float factor = steps / maximum;
    // A row of zeros, or of next to nothing, becomes one of zeros.
    factor = factor <= 3.4e38f ? factor : 0;
    const __m512 factors = _mm512_set1_ps(factor);
    for (long column = 0; column < width; column += 16) {
        const __m512 x = _mm512_add_ps(loadFloats(source, column, isBfloat16), added);
        const __m512i bytes = _mm512_cvtps_epi32(_mm512_mul_ps(x, factors));
        const __m128i packed = isUnsigned ? _mm512_cvtusepi32_epi8(_mm512_max_epi32(bytes, _mm512_setzero_si512()))
                                          : _mm512_cvtsepi32_epi8(bytes);
        _mm_storeu_si128(reinterpret_cast<__m128i *>(target + column), packed);
    }
    return maximum / steps;
}

inline float sumOf(const __m512 (&parts)[4]) {
    return _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(parts[0], parts[1]), _mm512_add_ps(parts[2], parts[3])));
}

inline void normalizedRow(const float *source, long width, const float *weight, const float *bias, float epsilon, float *target) {
    __m512 sums[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
    for (long column = 0; column < width; column += STEP) {
        for (int i = 0; i < 4; i++) {
            sums[i] = _mm512_add_ps(sums[i], _mm512_loadu_ps(source + column + 16 * i));
        }
    }
    const __m512 mean = _mm512_set1_ps(sumOf(sums) / static_cast<float>(width));
    __m512 squares[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
    for (long column = 0; column < width; column += STEP) {
        for (int i = 0; i < 4; i++) {
            const __m512 x = _mm512_sub_ps(_mm512_loadu_ps(source + column + 16 * i), mean);
            squares[i] = _mm512_fmadd_ps(x, x, squares[i]);
        }
    }
    const float variance = sumOf(squares) / static_cast<float>(width);
    const __m512 inverse = _mm512_set1_ps(1 / __builtin_sqrtf(variance + epsilon));
    for (long column = 0; column < width; column += 16) {
        const __m512 x = _mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(source + column), mean), inverse);
        _mm512_storeu_ps(target + column,
                _mm512_fmadd_ps(x, _mm512_loadu_ps(weight + column), _mm512_loadu_ps(bias + column)));
    }
}

// 2^x for x <= 0, as accurate as bfloat16 needs: 7.5e-5.
inline __m512 power(__m512 x) {
    const __m512 rest = _mm512_reduce_ps(x, 1);  // less the whole number below
    __m512 result = _mm512_set1_ps(0.0780244995f);
    result = _mm512_fmadd_ps(result, rest, _mm512_set1_ps(0.2260671884f));
    result = _mm512_fmadd_ps(result, rest, _mm512_set1_ps(0.6958335292f));
    result = _mm512_fmadd_ps(result, rest, _mm512_set1_ps(0.9999252191f));
    return _mm512_scalef_ps(result, x);
}

// Turns 16 rows of 16 numbers into 16 columns.
inline void transpose(__m512i (&rows)[16]) {
    __m512i other[16];
    for (int i = 0; i < 8; i++) {
        other[2 * i] = _mm512_unpacklo_epi32(rows[2 * i], rows[2 * i + 1]);
        other[2 * i + 1] = _mm512_unpackhi_epi32(rows[2 * i], rows[2 * i + 1]);
    }
    for (int i = 0; i < 4; i++) {
        rows[4 * i] = _mm512_unpacklo_epi64(other[4 * i], other[4 * i + 2]);
        rows[4 * i + 1] = _mm512_unpackhi_epi64(other[4 * i], other[4 * i + 2]);
        rows[4 * i + 2] = _mm512_unpacklo_epi64(other[4 * i + 1], other[4 * i + 3]);
        rows[4 * i + 3] = _mm512_unpackhi_epi64(other[4 * i + 1], other[4 * i + 3]);
    }
    // rows[4 g + c]: of each quarter q, column 4 q + c of rows 4 g to 4 g + 3.
    for (int c = 0; c < 4; c++) {
        const __m512i low = _mm512_shuffle_i32x4(rows[c], rows[4 + c], 0x88);    // columns c, 8 + c of rows 0 to 7
        const __m512i high = _mm512_shuffle_i32x4(rows[c], rows[4 + c], 0xdd);   // columns 4 + c, 12 + c of rows 0 to 7
        const __m512i low2 = _mm512_shuffle_i32x4(rows[8 + c], rows[12 + c], 0x88);
        const __m512i high2 = _mm512_shuffle_i32x4(rows[8 + c], rows[12 + c], 0xdd);
        other[c] = _mm512_shuffle_i32x4(low, low2, 0x88);
        other[8 + c] = _mm512_shuffle_i32x4(low, low2, 0xdd);
        other[4 + c] = _mm512_shuffle_i32x4(high, high2, 0x88);
        other[12 + c] = _mm512_shuffle_i32x4(high, high2, 0xdd);
    }
    for (int i = 0; i < 16; i++) {
        rows[i] = other[i];
    }
}

// The keys of a head as weights of the product with queries: for 32 keys, a pair of tiles for each 32 numbers of a head.
void packKeys(const uint16_t *keys, long stride, int length, int headSize, uint8_t *packed) {
    for (int first = 0; first < length; first += ROWS) {
        for (int column = 0; column < headSize; column += 32) {
            __m512i rows[ROWS];
            for (int i = 0; i < ROWS; i++) {
                rows[i] = first + i < length ? _mm512_loadu_si512(keys + (first + i) * stride + column) : _mm512_setzero_si512();
            }
            transpose(rows);
            const long block = first / BLOCK * (headSize / 32) + column / 32;
            uint8_t *tile = packed + (2 * block + first / ROWS % 2) * TILE_BYTES;
            for (int i = 0; i < ROWS; i++) {
                _mm512_store_si512(tile + 64 * i, rows[i]);
            }
        }
    }
    if ((length - 1) / ROWS % 2 == 0) {
        for (int column = 0; column < headSize; column += 32) {
            const long block = (length - 1) / BLOCK * (headSize / 32) + column / 32;
            for (int i = 0; i < ROWS; i++) {
                _mm512_store_si512(packed + (2 * block + 1) * TILE_BYTES + 64 * i, _mm512_setzero_si512());
            }
        }
    }
}

// The values of a head as weights of the product with the keys' shares: for 32 numbers of a head, a pair of tiles for each 32 keys.
void packValues(const uint16_t *values, long stride, int length, int headSize, uint8_t *packed) {
    const int steps = (length + BLOCK - 1) / BLOCK;
    alignas(64) static const uint16_t order[2][32] = {
        {0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5, 37, 6, 38, 7, 39, 8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47},
        {16, 48, 17, 49, 18, 50, 19, 51, 20, 52, 21, 53, 22, 54, 23, 55, 24, 56, 25, 57, 26, 58, 27, 59, 28, 60, 29, 61, 30, 62,
         31, 63}};
    const __m512i first = _mm512_load_si512(order[0]);
    const __m512i second = _mm512_load_si512(order[1]);
    for (int column = 0; column < headSize; column += 32) {
        for (int pair = 0; pair < steps * ROWS; pair++) {
            const int key = 2 * pair;
            const uint16_t *row = values + key * stride + column;
            const __m512i even = key < length ? _mm512_loadu_si512(row) : _mm512_setzero_si512();
            const __m512i odd = key + 1 < length ? _mm512_loadu_si512(row + stride) : _mm512_setzero_si512();
            const long step = static_cast<long>(column / 32) * steps + pair / ROWS;
            uint8_t *tile = packed + 2 * step * TILE_BYTES + 64 * (pair % ROWS);
            _mm512_store_si512(tile, _mm512_permutex2var_epi16(even, first, odd));
            _mm512_store_si512(tile + TILE_BYTES, _mm512_permutex2var_epi16(even, second, odd));
        }
    }
}

// From the scores of a row, in powers of two, each key's share times the sum that is returned.
inline float shares(const float *scores, int length, int keys, uint16_t *result) {
    __m512 largest = _mm512_set1_ps(-3.4e38f);
    const __mmask16 last = static_cast<__mmask16>((1u << ((length - 1) % 16 + 1)) - 1);
    const int whole = (length - 1) / 16 * 16;
    for (int key = 0; key < whole; key += 16) {
        largest = _mm512_max_ps(largest, _mm512_load_ps(scores + key));
    }
    largest = _mm512_mask_max_ps(largest, last, largest, _mm512_load_ps(scores + whole));
    const __m512 maximum = _mm512_set1_ps(_mm512_reduce_max_ps(largest));
    __m512 sum = _mm512_setzero_ps();
    int key = 0;
    for (; key + BLOCK <= length; key += BLOCK) {
        const __m512 first = power(_mm512_sub_ps(_mm512_load_ps(scores + key), maximum));
        const __m512 second = power(_mm512_sub_ps(_mm512_load_ps(scores + key + 16), maximum));
        sum = _mm512_add_ps(sum, _mm512_add_ps(first, second));
        storeBfloat16(reinterpret_cast<uint8_t *>(result + key), first, second);
    }
    if (key < keys) {
        const int left = length - key;
        const __mmask16 mask0 = static_cast<__mmask16>(left >= 16 ? 0xffff : (1u << left) - 1);
        const __mmask16 mask1 = static_cast<__mmask16>(left > 16 ? (1u << (left - 16)) - 1 : 0);
        const __m512 first = _mm512_maskz_mov_ps(mask0, power(_mm512_sub_ps(_mm512_load_ps(scores + key), maximum)));
        const __m512 second = _mm512_maskz_mov_ps(mask1, power(_mm512_sub_ps(_mm512_load_ps(scores + key + 16), maximum)));
        sum = _mm512_add_ps(sum, _mm512_add_ps(first, second));
        storeBfloat16(reinterpret_cast<uint8_t *>(result + key), first, second);
    }
    return _mm512_reduce_add_ps(sum);
}

}  // namespace

void distilqa_tiles_linear(const DistilqaTilesLinear *map, long rows, long firstPanel, long endPanel, const void *input,
        const float *rowScales, void *result) {
    TileUnit unit;
    const Linear linear = map->kind == DISTILQA_TILES_BFLOAT16 ? linearFor<DISTILQA_TILES_BFLOAT16>(map->activation)
            : map->kind == DISTILQA_TILES_SIGNED               ? linearFor<DISTILQA_TILES_SIGNED>(map->activation)
                                                               : linearFor<DISTILQA_TILES_UNSIGNED>(map->activation);
    linear(*map, rows, firstPanel, endPanel, static_cast<const uint8_t *>(input), rowScales, static_cast<uint8_t *>(result));
}

void distilqa_tiles_pack(const void *rows, long depth, long isBfloat16, void *panel) {
    if (isBfloat16) {
        const float *from = static_cast<const float *>(rows);
        uint16_t *to = static_cast<uint16_t *>(panel);
        for (long column = 0; column < BLOCK; column++) {
            for (long i = 0; i < depth; i++) {
                const __m128bh rounded = _mm_cvtneps_pbh(_mm_set_ss(from[column * depth + i]));
                const long tile = 2 * (i / 32) + column / ROWS;
                to[tile * (TILE_BYTES / 2) + i % 32 / 2 * 32 + column % ROWS * 2 + i % 2] =
                        static_cast<uint16_t>(_mm_extract_epi16(reinterpret_cast<__m128i>(rounded), 0));
            }
        }
    } else {
        const uint8_t *from = static_cast<const uint8_t *>(rows);
        uint8_t *to = static_cast<uint8_t *>(panel);
        for (long column = 0; column < BLOCK; column++) {
            for (long i = 0; i < depth; i++) {
                const long tile = 2 * (i / 64) + column / ROWS;
                to[tile * TILE_BYTES + i % 64 / 4 * 64 + column % ROWS * 4 + i % 4] = from[column * depth + i];
            }
        }
    }
}

void distilqa_tiles_norm(const DistilqaTilesNorm *norm, long rows, const float *source, float *result, void *converted, float *scales) {
    for (long row = 0; row < rows; row++) {
        float *target = result + row * norm->width;
        normalizedRow(source + row * norm->width, norm->width, norm->weight, norm->bias, norm->epsilon, target);
        if (norm->converted == DISTILQA_TILES_BFLOAT16) {
            uint8_t *halves = static_cast<uint8_t *>(converted) + row * norm->width * 2;
            for (long column = 0; column < norm->width; column += 32) {
                storeBfloat16(halves + 2 * column, _mm512_loadu_ps(target + column), _mm512_loadu_ps(target + column + 16));
            }
        } else if (norm->converted != DISTILQA_TILES_NOTHING) {
            scales[row] = quantizedRow(target, false, norm->width, 0, false, static_cast<uint8_t *>(converted) + row * norm->width);
        }
    }
}

void distilqa_tiles_convert(const DistilqaTilesConversion *conversion, long rows, const void *source, void *result, float *scales) {
    const long width = conversion->width;
    const long sourceBytes = width * (conversion->sourceIsBfloat16 ? 2 : 4);
    for (long row = 0; row < rows; row++) {
        const uint8_t *from = static_cast<const uint8_t *>(source) + row * sourceBytes;
        uint8_t *to = static_cast<uint8_t *>(result);
        if (conversion->kind == DISTILQA_TILES_BFLOAT16) {
            for (long column = 0; column < width; column += 32) {
                storeBfloat16(to + 2 * (row * width + column), loadFloats(from, column, conversion->sourceIsBfloat16),
                        loadFloats(from, column + 16, conversion->sourceIsBfloat16));
            }
        } else {
            scales[row] = quantizedRow(from, conversion->sourceIsBfloat16, width, conversion->shift,
                    conversion->kind == DISTILQA_TILES_UNSIGNED, to + row * width);
        }
    }
}

long distilqa_tiles_attention_work(long length, long headSize) {
    const long keys = (length + BLOCK - 1) / BLOCK * BLOCK;
    // Keys, values, scores and shares.
    return 2 * keys * headSize * 2 + BLOCK * keys * 4 + BLOCK * keys * 2;
}

void distilqa_tiles_attention(const DistilqaTilesAttention *attention, long length, long firstHead, long heads,
        const uint16_t *input, uint16_t *result, void *work) {
    TileUnit unit;
    const long width = attention->width;
    const long stride = 3 * width;
    const int headSize = static_cast<int>(attention->headSize);
    const int count = static_cast<int>(length);
    const int keys = (count + BLOCK - 1) / BLOCK * BLOCK;
    uint8_t *packedKeys = static_cast<uint8_t *>(work);
    uint8_t *packedValues = packedKeys + 2L * keys * headSize;
    float *scores = reinterpret_cast<float *>(packedValues + 2L * keys * headSize);
    uint16_t *keyShares = reinterpret_cast<uint16_t *>(scores + static_cast<long>(BLOCK) * keys);
    const int steps = headSize / 32;
    const auto nothing = [](int) {};
    alignas(64) float sums[BLOCK * BLOCK];
    float inverses[BLOCK];
    for (long head = firstHead; head < firstHead + heads; head++) {
        const uint16_t *queries = input + head * headSize;
        packKeys(queries + width, stride, count, headSize, packedKeys);
        packValues(queries + 2 * width, stride, count, headSize, packedValues);
        for (int first = 0; first < count; first += BLOCK) {
            const int rows = count - first < BLOCK ? count - first : BLOCK;
            const uint8_t *from = reinterpret_cast<const uint8_t *>(queries + first * stride);
            for (int key = 0; key < keys; key += BLOCK) {
                block<DISTILQA_TILES_BFLOAT16>(from, 2 * stride, rows, packedKeys + key / BLOCK * 2L * TILE_BYTES * steps, steps,
                        scores + key, keys * static_cast<long>(sizeof(float)), nothing);
            }
            for (int row = 0; row < rows; row++) {
                inverses[row] = 1 / shares(scores + static_cast<long>(row) * keys, count, keys, keyShares + static_cast<long>(row) * keys);
            }
            for (int column = 0; column < headSize; column += BLOCK) {
                block<DISTILQA_TILES_BFLOAT16>(reinterpret_cast<const uint8_t *>(keyShares), 2L * keys, rows,
                        packedValues + column / 32 * 2L * TILE_BYTES * (keys / BLOCK), keys / BLOCK, sums,
                        BLOCK * static_cast<long>(sizeof(float)), nothing);
                for (int row = 0; row < rows; row++) {
                    const __m512 inverse = _mm512_set1_ps(inverses[row]);
                    storeBfloat16(reinterpret_cast<uint8_t *>(result + (first + row) * width + head * headSize + column),
                            _mm512_mul_ps(_mm512_load_ps(sums + row * BLOCK), inverse),
                            _mm512_mul_ps(_mm512_load_ps(sums + row * BLOCK + 16), inverse));
                }
            }
        }
    }
}
