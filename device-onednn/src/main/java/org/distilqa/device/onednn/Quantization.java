package org.distilqa.device.onednn;

/**
 * How an input of a linear map becomes bytes: {@code value = scale of its token * (byte - zero point) - shift}.
 *
 * <p>oneDNN multiplies unsigned bytes with signed ones at full speed, and applies a scale for each token, but not a zero point. So
 * a zero point is made part of the product: the input has some columns more, whose byte is the zero point, and their weights in each output add up to minus the sum of all the others, so that all that the zero point adds is
 * taken away again, exactly. A shift, in contrast, is the same for all tokens, and so a part of the bias.
 *
 * @param zeroPoint the byte of the value {@code -shift}: 0, or the middle of the range
 * @param largest the largest byte
 * @param shift what is added to the values before, so that none is negative; 0 where there is a zero point
 */
record Quantization(int zeroPoint, int largest, float shift) {
    /** The minimum of gelu is -0.16997. */
    static final float GELU_SHIFT = 0.17f;

    /** For values of either sign. */
    static Quantization symmetric(boolean hasVnni) {
        // Without VNNI, two products are added in 16 bits: 2 * 127 * 127 fits there, 2 * 255 * 127 does not.
        return hasVnni ? new Quantization(128, 255, 0) : new Quantization(64, 127, 0);
    }

    /** For values that are not below {@code -shift}, and have it added. */
    static Quantization unsigned(boolean hasVnni, float shift) {
        return new Quantization(0, hasVnni ? 255 : 127, shift);
    }

    /** The byte that the largest absolute value becomes, less the zero point. */
    int steps() {
        return largest - zeroPoint;
    }
}
