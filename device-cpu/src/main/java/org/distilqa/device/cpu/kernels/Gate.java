package org.distilqa.device.cpu.kernels;

/**
 * Activations that let a value through by a logistic function of it, {@code x / (1 + exp(-(linear * x + cubic * x^3)))}. The tanh
 * form of gelu is one, since {@code (1 + tanh(u)) / 2 = 1 / (1 + exp(-2 * u))}; silu is another, with 1 and 0.
 */
public final class Gate {
    /** Twice the square root of 2 / pi. */
    public static final float GELU_TANH_LINEAR = 1.5957691f;

    /** The same, times 0.044715. */
    public static final float GELU_TANH_CUBIC = 0.07135481f;

    /**
     * The largest argument of the exponential function, whose result is then a float that no 1 changes. Values are cut there too
     * before they are cubed, where both functions have long become the value itself, or 0: an infinity times 0 is no number.
     */
    static final float LIMIT = -Exp.MINIMUM;

    private Gate() {}
}
