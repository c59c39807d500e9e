// The steps of a network on the tile unit of x86-64 processors (AMX): Java calls these functions, see Tiles.java. Each works on the
// calling thread alone and touches nothing but what its arguments name. None checks its arguments.
//
// Matrices are row by row. Widths are multiples of 64; those of a map's outputs and of a head, of 32. Rows of input may be read up to
// the next multiple of 16 rows, and are written exactly. Weights lie in panels of 32 outputs, see distilqa_tiles_pack.
#ifndef DISTILQA_TILES_H
#define DISTILQA_TILES_H

#include <stdint.h>

#if defined(__GNUC__)
#define DISTILQA_TILES_API extern "C" __attribute__((visibility("default")))
#else
#define DISTILQA_TILES_API extern "C"
#endif

// What is multiplied: bfloat16; or bytes with a scale for each row of the input and each output, those of the input signed or not.
enum { DISTILQA_TILES_BFLOAT16 = 0, DISTILQA_TILES_SIGNED = 1, DISTILQA_TILES_UNSIGNED = 2, DISTILQA_TILES_NOTHING = 3 };

enum { DISTILQA_TILES_NONE = 0, DISTILQA_TILES_RELU = 1, DISTILQA_TILES_GELU = 2, DISTILQA_TILES_GELU_TANH = 3 };

// A linear map: activation(input * weights + bias), added to what is there or not. Strides are in bytes.
struct DistilqaTilesLinear {
    const uint8_t *weights;
    const float *bias;
    const float *scales;
    int64_t depth;
    int64_t kind;
    int64_t activation;
    int64_t inputStride;
    int64_t resultStride;
    int64_t resultIsBfloat16;
    int64_t isAdded;
};

// Rows of a map for the outputs of some panels. The addresses are those of the first row.
DISTILQA_TILES_API void distilqa_tiles_linear(const DistilqaTilesLinear *map, long rows, long firstPanel, long endPanel,
        const void *input, const float *rowScales, void *result);

// Makes a panel of the weights of 32 outputs, which lie one after the other: float32 that is rounded to bfloat16, or bytes.
DISTILQA_TILES_API void distilqa_tiles_pack(const void *rows, long depth, long isBfloat16, void *panel);

// A layer norm, whose result is also wanted as the input of linear maps: as bfloat16, as signed bytes with a scale for each row, or
// not at all.
struct DistilqaTilesNorm {
    const float *weight;
    const float *bias;
    int64_t width;
    int64_t converted;
    float epsilon;
};

DISTILQA_TILES_API void distilqa_tiles_norm(const DistilqaTilesNorm *norm, long rows, const float *source, float *result,
        void *converted, float *scales);

// Makes the input of a linear map: (value + shift) as bytes with a scale for each row, or the value as bfloat16.
struct DistilqaTilesConversion {
    int64_t width;
    int64_t sourceIsBfloat16;
    int64_t kind;
    float shift;
};

DISTILQA_TILES_API void distilqa_tiles_convert(const DistilqaTilesConversion *conversion, long rows, const void *source,
        void *result, float *scales);

// Self-attention of a sequence over its own keys. The input has queries, keys and values side by side, each of this width, the
// queries multiplied with the scale and with the logarithm of e to base 2.
struct DistilqaTilesAttention {
    int64_t width;
    int64_t headSize;
};

// The bytes that distilqa_tiles_attention works in.
DISTILQA_TILES_API long distilqa_tiles_attention_work(long length, long headSize);

// Some heads of a sequence. The addresses are those of its first row; that of the work is a multiple of 64.
DISTILQA_TILES_API void distilqa_tiles_attention(const DistilqaTilesAttention *attention, long length, long firstHead, long heads,
        const uint16_t *input, uint16_t *result, void *work);

#endif
