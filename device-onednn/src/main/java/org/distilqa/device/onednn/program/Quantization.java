package org.distilqa.device.onednn.program;

import org.distilqa.graph.Activation;

/**
 * How an input of a linear map becomes bytes: {@code value = scale of its token * (byte - zero point) - shift}.
 *
 * <p>oneDNN multiplies unsigned bytes with signed ones at full speed, and applies a scale for each token, but not a zero point. So
 * a zero point is made part of the product: the input has some columns more, whose byte is twice the zero point, and their weights
 * in each output add up to minus half the sum of all the others, so that all that the zero point adds is taken away again, exactly.
 * A shift, in contrast, is the same for all tokens, and so a part of the bias.
 *
 * @param zeroPoint the byte of the value {@code -shift}: 0, or half of the largest
 * @param largest the largest byte
 * @param shift what is added to the values before, so that none is negative; 0 where there is a zero point
 */
public record Quantization(int zeroPoint, int largest, float shift) {
    /** The minimum of gelu is -0.16997, of its tanh form -0.17004, which differs by a hundredth of a byte's step or less. */
    public static final float GELU_SHIFT = 0.17f;

    /** The minimum of silu is -0.27846. */
    static final float SILU_SHIFT = 0.2785f;

    /** For values of either sign, where signed bytes are multiplied as fast as others. */
    public static Quantization signed() {
        return new Quantization(0, 127, 0);
    }

    /** What has to be added to the values of an activation so that none is negative. */
    public static float shift(Activation activation) {
        return switch (activation) {
            case NONE, RELU -> 0;
            case GELU, GELU_TANH -> GELU_SHIFT;
            case SILU -> SILU_SHIFT;
        };
    }

    /** For values of either sign. */
    public static Quantization symmetric(boolean hasVnni) {
        // Without VNNI, two products are added in 16 bits: 2 * 126 * 127 fits there, 2 * 255 * 127 does not.
        return hasVnni ? new Quantization(127, 254, 0) : new Quantization(63, 126, 0);
    }

    /** For values that are not below {@code -shift}, and have it added. */
    public static Quantization unsigned(boolean hasVnni, float shift) {
        return new Quantization(0, hasVnni ? 255 : 127, shift);
    }

    public boolean hasZeroPoint() {
        return zeroPoint != 0;
    }

    /** What is in the further columns of the input, if there are any. */
    public byte filler() {
        return (byte) (2 * zeroPoint);
    }

    /** The byte that the largest absolute value becomes, less the zero point. */
    public int steps() {
        return largest - zeroPoint;
    }
}
