#include "formats.h"

#include <algorithm>

namespace distilqa {

namespace {

// 2 to the given power, which must be that of a normal float.
DISTILQA_INLINE float power_of_two(int exponent) { return float_of(static_cast<std::uint32_t>(exponent + 127) << 23); }

// A block in which 16 values are there and no exponent is at an end of the range.
template <unsigned MANTISSA_BITS> DISTILQA_INLINE void round_common_block(float *values, std::uint32_t shared) {
    constexpr std::uint32_t SHIFT = 24 - MANTISSA_BITS;
    constexpr std::uint32_t LARGEST = (1u << MANTISSA_BITS) - 1;
    const float unit = power_of_two(static_cast<int>(shared) - 127 - static_cast<int>(MANTISSA_BITS) + 1);
    for (std::size_t i = 0; i < BLOCK; i++) {
        const std::uint32_t bits = bits_of(values[i]);
        const std::uint32_t exponent = (bits >> 23) & 0xFFu;
        const std::uint32_t distance = std::min(shared - exponent, 31u);
        std::uint32_t mantissa = exponent == 0 ? 0 : (0x800000u | (bits & 0x7FFFFFu)) >> distance;
        mantissa = (mantissa + ((1u << (SHIFT - 1)) - 1) + ((mantissa >> SHIFT) & 1u)) >> SHIFT;
        mantissa = std::min(mantissa, LARGEST);
        const std::uint32_t sign = mantissa == 0 ? 0 : bits & 0x80000000u;
        const float magnitude = static_cast<float>(static_cast<std::int32_t>(mantissa)) * unit;
        values[i] = float_of(bits_of(magnitude) | sign);
    }
}

// Any block, value by value and in integers: infinities, NaNs, and results below the smallest normal float.
void round_rare_block(float *values, std::size_t count, std::uint32_t shared, unsigned mantissa_bits) {
    const unsigned shift = 24 - mantissa_bits;
    for (std::size_t i = 0; i < count; i++) {
        const std::uint32_t bits = bits_of(values[i]);
        const std::uint32_t exponent = (bits >> 23) & 0xFFu;
        if (exponent == 0) {
            values[i] = 0;
            continue;
        }
        std::uint32_t mantissa = (0x800000u | (bits & 0x7FFFFFu)) >> std::min(shared - exponent, 31u);
        mantissa = (mantissa + ((1u << (shift - 1)) - 1) + ((mantissa >> shift) & 1u)) >> shift;
        mantissa = std::min(mantissa, (1u << mantissa_bits) - 1);
        std::uint32_t result_exponent = shared;
        while (mantissa != 0 && result_exponent > 0 && (mantissa >> (mantissa_bits - 1)) == 0) {
            mantissa <<= 1;
            result_exponent--;
        }
        if (mantissa == 0 || result_exponent == 0) {
            values[i] = 0;
            continue;
        }
        const std::uint32_t fraction = (mantissa & ((1u << (mantissa_bits - 1)) - 1)) << (shift);
        values[i] = float_of((bits & 0x80000000u) | (result_exponent << 23) | fraction);
    }
}

template <unsigned MANTISSA_BITS> DISTILQA_INLINE void round_block_rows(float *values, std::size_t rows, std::size_t width) {
    for (std::size_t row = 0; row < rows; row++) {
        for (std::size_t column = 0; column < width; column += BLOCK) {
            const std::size_t count = std::min(BLOCK, width - column);
            float *block = values + row * width + column;
            std::uint32_t shared = 0;
            if (count == BLOCK) {
                for (std::size_t i = 0; i < BLOCK; i++) shared = std::max(shared, bits_of(block[i]) & 0x7F800000u);
            } else {
                for (std::size_t i = 0; i < count; i++) shared = std::max(shared, bits_of(block[i]) & 0x7F800000u);
            }
            shared >>= 23;
            if (count == BLOCK && shared > MANTISSA_BITS && shared < 255)
                round_common_block<MANTISSA_BITS>(block, shared);
            else
                round_rare_block(block, count, shared, MANTISSA_BITS);
        }
    }
}

DISTILQA_CLONES void round_to_bfloat16(float *values, std::size_t count) {
    for (std::size_t i = 0; i < count; i++) values[i] = to_bfloat16(values[i]);
}

DISTILQA_CLONES void round_to_bfloat8(float *values, std::size_t rows, std::size_t width) {
    round_block_rows<7>(values, rows, width);
}

DISTILQA_CLONES void round_to_bfloat4(float *values, std::size_t rows, std::size_t width) {
    round_block_rows<3>(values, rows, width);
}

}  // namespace

void round_rows(float *values, std::size_t rows, std::size_t width, std::uint32_t dtype) {
    if (dtype == DISTILQA_TT_BFLOAT16) round_to_bfloat16(values, rows * width);
    if (dtype == DISTILQA_TT_BFLOAT8_B) round_to_bfloat8(values, rows, width);
    if (dtype == DISTILQA_TT_BFLOAT4_B) round_to_bfloat4(values, rows, width);
}

}  // namespace distilqa
