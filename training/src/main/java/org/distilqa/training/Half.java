package org.distilqa.training;

/** Numbers in IEEE 754 binary16. */
final class Half {
    private Half() {}

    /** The nearest binary16 number's bits, ties to even; what is too large becomes the largest. */
    static short of(float value) {
        int bits = Float.floatToIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        float magnitude = Math.min(Math.abs(value), 65504f);
        if (magnitude < 0x1p-14f) {
            // Subnormal: a whole number of 2^-24.
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
        }
        int rounded = Float.floatToIntBits(magnitude);
        rounded += 0xfff + (rounded >>> 13 & 1);
        return (short) (sign | Math.min((rounded >>> 13) - (112 << 10), 0x7bff));
    }
}
