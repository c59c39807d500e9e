// The number formats of a Wormhole card. Values live in memory as floats that the format can represent exactly; to store a
// tensor is to round it.
//
// bfloat16     a float's upper half; round to nearest even; every NaN becomes the quiet one.
// bfloat8_b    block floats: 16 values side by side share the largest of their 8-bit exponents; each has a sign and a 7-bit
// bfloat4_b    (3-bit) mantissa whose leading one is explicit. As TT-NN packs them: the 24-bit mantissa is shifted right by
//              the distance to the shared exponent, what falls out is lost, the rest is rounded to nearest even, and a carry
//              out of the top saturates to all ones (the exponent is not raised). Subnormal inputs are zero, zero has no
//              sign, and what would be subnormal is zero.
//
// Blocks start at multiples of 16 in a row, as 32 divides a tile's row into two faces of 16 columns. Padding is zeros and so
// never the largest value of a block: rows need no padding in memory.
#ifndef DISTILQA_TT_EMULATOR_FORMATS_H
#define DISTILQA_TT_EMULATOR_FORMATS_H

#include "simd.h"
#include "spec.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace distilqa {

DISTILQA_INLINE std::uint32_t bits_of(float value) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

DISTILQA_INLINE float float_of(std::uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

DISTILQA_INLINE float to_bfloat16(float value) {
    const std::uint32_t bits = bits_of(value);
    const std::uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) & 0xFFFF0000u;
    return float_of((bits & 0x7FFFFFFFu) > 0x7F800000u ? 0x7FC00000u : rounded);
}

// The upper bits of a mantissa: all that one pass of the multiplier takes of an operand.
constexpr std::uint32_t SRC_A_PASS = 0xFFF80000u;  // the hidden bit and 4 more
constexpr std::uint32_t SRC_B_PASS = 0xFFFE0000u;  // the hidden bit and 6 more
constexpr std::uint32_t TF32 = 0xFFFFE000u;        // what a source register holds of a float32

DISTILQA_INLINE float keep(float value, std::uint32_t mask) { return float_of(bits_of(value) & mask); }

// Rounds rows of the given width in place to what the dtype can represent. FLOAT32 and UINT32 stay as they are.
void round_rows(float *values, std::size_t rows, std::size_t width, std::uint32_t dtype);

}  // namespace distilqa

#endif
