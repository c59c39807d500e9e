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

    /** {@code max(x, 0)}. */
    RELU
}
