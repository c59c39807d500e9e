package org.distilqa.benchmarks.peak;

/**
 * Chains of multiply-adds that do not wait for each other, in registers alone. A processor that begins two of them a
 * clock and takes four or five clocks for each needs eight to ten chains to be busy, one that begins four needs up to twenty;
 * but what has only 16 registers must keep the chains of the longer loop in memory. So there are two loops.
 */
interface MultiplyAdds {
    /** The chains of {@link #few}. */
    int FEW = 12;

    /** The chains of {@link #many}. */
    int MANY = 24;

    /** What is multiplied, for a person: such as {@code float32}, and how wide. */
    String description();

    /** How many products a step of a chain makes. */
    int lanes();

    /** A factor with which the sums stay finite. */
    float factor();

    /** Does {@code iterations * FEW * lanes()} multiply-adds; their sum, which keeps them from being left out. */
    double few(int iterations, float factor);

    /** Does {@code iterations * MANY * lanes()} multiply-adds. */
    double many(int iterations, float factor);
}
