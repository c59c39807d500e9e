#include "tests.h"

using namespace checks;

namespace {

float bfloat16(float value) { return distilqa::to_bfloat16(value); }

Floats blocks(Floats values, uint32_t dtype) {
    const std::size_t width = values.size();
    return rounded(std::move(values), width, dtype);
}

}  // namespace

void bfloat16_is_rounded_to_nearest_even() {
    CHECK(bfloat16(1.0f) == 1.0f);
    CHECK(bfloat16(1.00390625f) == 1.0f);        // 1 + 2^-8: a tie, the even neighbour is below
    CHECK(bfloat16(1.01171875f) == 1.015625f);   // 1 + 3 * 2^-8: a tie, the even neighbour is above
    CHECK(bfloat16(1.003907f) == 1.0078125f);    // just above the tie
    CHECK(bfloat16(-1.01171875f) == -1.015625f);
    CHECK(bfloat16(3.4028235e38f) == std::numeric_limits<float>::infinity());
    CHECK(bfloat16(-std::numeric_limits<float>::infinity()) == -std::numeric_limits<float>::infinity());
    CHECK(std::isnan(bfloat16(std::numeric_limits<float>::quiet_NaN())));
    CHECK(std::isnan(bfloat16(distilqa::float_of(0x7F800001u))));  // rounding its bits would give infinity
    CHECK(std::isnan(bfloat16(distilqa::float_of(0xFFFFFFFFu))));
    CHECK(std::signbit(bfloat16(-0.0f)));
}

void bfloat8_b_values_share_an_exponent() {
    const uint32_t dtype = DISTILQA_TT_BFLOAT8_B;
    // The largest exponent is that of 64: units of 1.
    const Floats a = blocks({64.75f, 65.25f, 64.5f, 65.5f, -64.75f, -65.5f, 0.5f, 1.5f, 0.51f, 0.25f, 33.5f, 34.5f, -0.25f,
                             127.0f, 127.5f, 100.0f},
                            dtype);
    CHECK((a == Floats{65, 65, 64, 66, -65, -66, 0, 2, 1, 0, 34, 34, 0, 127, 127, 100}));  // 127.5 saturates
    CHECK(!std::signbit(a[12]));                                                           // a zero has no sign
    // The next block has an exponent of its own.
    Floats two(32, 0.0f);
    two[0] = 1024, two[1] = 7.9f, two[15] = 8.1f, two[16] = 1.0f, two[17] = 0.015625f, two[18] = 0.0078125f, two[19] = 0.0079f;
    const Floats b = blocks(two, dtype);
    CHECK(b[0] == 1024 && b[1] == 0 && b[15] == 16 && b[16] == 1.0f && b[17] == 0.015625f && b[18] == 0 && b[19] == 0.015625f);
    // Bits shifted out on the way to the shared exponent do not break a tie: 8 + 2^-15 is a tie all the same, to even 0.
    Floats lost(16, 0.0f);
    lost[0] = 1024, lost[1] = 8.0f + 0x1p-15f;
    CHECK(blocks(lost, dtype)[1] == 0);
    lost[1] = 8.0f + 0x1p-13f;  // still within the 24 bits
    CHECK(blocks(lost, dtype)[1] == 16);
    CHECK(blocks(Floats(16, 0.0f), dtype) == Floats(16, 0.0f));
    CHECK(blocks(Floats(16, 1e-40f), dtype) == Floats(16, 0.0f));  // subnormal
    // A row that is not a multiple of 16 long is padded.
    CHECK((blocks({64.75f, 0.5f, 1.5f}, dtype) == Floats{65, 0, 2}));
    Floats special(16, 1.0f);
    special[3] = std::numeric_limits<float>::infinity();
    const Floats c = blocks(special, dtype);
    CHECK(c[3] == std::numeric_limits<float>::infinity() && c[0] == 0);
    special[3] = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::isnan(blocks(special, dtype)[3]));
}

void bfloat4_b_has_three_bits() {
    const uint32_t dtype = DISTILQA_TT_BFLOAT4_B;
    const Floats a = blocks({4, 4.5f, 5.5f, 6.4f, 7.5f, -7.9f, 0.5f, 1.5f, 0.6f, 2.5f, 3.5f, -1.0f, 0.25f, 0, 5, 6}, dtype);
    CHECK((a == Floats{4, 4, 6, 6, 7, -7, 0, 2, 1, 2, 4, -1, 0, 0, 5, 6}));
}

void rare_blocks_are_rounded_like_common_ones() {
    for (const uint32_t dtype : {DISTILQA_TT_BFLOAT8_B, DISTILQA_TT_BFLOAT4_B}) {
        Floats values = random_values(16 * 500, 1.0f, 3);
        for (std::size_t i = 0; i < values.size(); i += 3) values[i] *= std::ldexp(1.0f, -static_cast<int>(i % 12));
        for (std::size_t i = 0; i < values.size(); i += 16) {
            const Floats block(values.begin() + static_cast<long>(i), values.begin() + static_cast<long>(i) + 16);
            // A row of 17 has a second block of one value, which goes the other way, as has a block cut short.
            Floats whole = blocks(block, dtype), cut = block;
            cut.pop_back();
            float largest = 0, largest_cut = 0;
            for (float value : block) largest = std::max(largest, std::fabs(value));
            for (float value : cut) largest_cut = std::max(largest_cut, std::fabs(value));
            if (std::ilogb(largest) != std::ilogb(largest_cut)) continue;
            cut = blocks(cut, dtype);
            whole.pop_back();
            if (whole != cut) return CHECK(whole == cut);
        }
        // Rounding what is rounded changes nothing.
        const Floats once = blocks(values, dtype);
        CHECK(blocks(once, dtype) == once);
        // Scaling by a power of two commutes with rounding.
        Floats scaled = values;
        for (float &value : scaled) value *= 4;
        scaled = blocks(scaled, dtype);
        for (float &value : scaled) value /= 4;
        CHECK(scaled == once);
    }
    Floats tiny(16, 0.0f);  // near the smallest normal float
    tiny[0] = 0x1p-124f, tiny[1] = 0x1p-126f, tiny[2] = 0x1p-125f;
    CHECK((blocks(tiny, DISTILQA_TT_BFLOAT8_B) == tiny));
    tiny[0] = 0x1p-121f, tiny[1] = 0x1p-126f * 1.25f;
    CHECK(blocks(tiny, DISTILQA_TT_BFLOAT8_B)[1] == 0x1p-126f);  // 2.5 units: a tie, to even
}

void tensors_are_rounded_on_the_way_in() {
    Device device;
    const Floats values = random_values(3 * 40, 2.0f, 1);
    for (const uint32_t dtype : {DISTILQA_TT_FLOAT32, DISTILQA_TT_BFLOAT16, DISTILQA_TT_BFLOAT8_B, DISTILQA_TT_BFLOAT4_B}) {
        distilqa_tt_tensor *made = tensor(device, spec({3, 40}, dtype), values);
        CHECK(read(made) == rounded(values, 40, dtype));
        CHECK((read(made) == values) == (dtype == DISTILQA_TT_FLOAT32));
        OK(distilqa_tt_tensor_free(made));
    }
    distilqa_tt_tensor *ids = integers(device, {2, 2}, {1, 0xFFFFFFFFu, 16777217u, 4}, DISTILQA_TT_REPLICATE);
    std::vector<uint32_t> back(4);
    OK(distilqa_tt_tensor_read(ids, back.data(), 16));
    CHECK((back == std::vector<uint32_t>{1, 0xFFFFFFFFu, 16777217u, 4}));
    const std::vector<uint32_t> others{9, 8, 7, 6};
    OK(distilqa_tt_tensor_write(ids, others.data(), 16));
    OK(distilqa_tt_tensor_read(ids, back.data(), 16));
    CHECK(back == others);
}
