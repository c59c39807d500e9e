package org.distilqa.device.cpu.kernels;

/**
 * The exponential function of numbers up to 87: {@code x = n * ln 2 + r} with a whole {@code n} and
 * {@code |r| <= ln 2 / 2}, then a Taylor polynomial of {@code r}, then {@code n} added to the exponent. The relative error is
 * below 3e-7.
 */
final class Exp {
    /** Below this the result would be subnormal; there it is exp(MINIMUM), 2e-38, which no sum with a 1 in it notices. */
    static final float MINIMUM = -87;

    static final float LOG2_E = 1.44269504f;
    /**
     * Adding it rounds a float of small size to a whole number, which is then in the low bits, with the bias of an exponent
     * added.
     */
    static final float ROUNDER = 0x1.8p23f + 127;
    /** The upper bits of ln 2, so few that their product with a whole number is exact, and the rest. */
    static final float LN2_HIGH = 0.693359375f;

    static final float LN2_LOW = -2.12194440e-4f;

    static final float C2 = 1 / 2f;
    static final float C3 = 1 / 6f;
    static final float C4 = 1 / 24f;
    static final float C5 = 1 / 120f;
    static final float C6 = 1 / 720f;

    static final int MANTISSA_BITS = 23;

    private Exp() {}

    static float exp(float argument) {
        float x = Math.max(argument, MINIMUM);
        float shifted = x * LOG2_E + ROUNDER;
        float n = shifted - ROUNDER;
        float r = x - n * LN2_HIGH - n * LN2_LOW;
        float p = ((((C6 * r + C5) * r + C4) * r + C3) * r + C2) * (r * r) + r + 1;
        return p * Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << MANTISSA_BITS);
    }
}
