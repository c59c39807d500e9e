package org.distilqa.graph;

/** The function that a {@link Op.Linear} applies to each of its outputs. */
public enum Activation {
    /** The identity. */
    NONE,

    /**
     * The Gaussian error linear unit in its exact form, {@code x * 0.5 * (1 + erf(x / sqrt(2)))}
     * (Hendrycks and Gimpel, 2016, "Gaussian Error Linear Units", section 2); not the tanh approximation.
     */
    GELU,

    /**
     * The tanh approximation of {@link #GELU}, {@code x * 0.5 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))} (in the same
     * section); nowhere further from it than 5e-4.
     */
    GELU_TANH,

    /** {@code max(x, 0)}. */
    RELU,

    /** The sigmoid linear unit, or swish, {@code x / (1 + exp(-x))} (in the same section). */
    SILU
}
